"""What an organization used: events that were stored, each counted once."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from optiq.billing.plans.contracts import Interval

State = Literal["OPEN", "HELD", "STOPPED"]
"""What becomes of events that come now: they are stored, held, or refused where they are received."""


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event that was stored.

    Attributes:
        sequence: its number on its shard of the stream.
        at_ms: the instant that it counts at: when it was received, or when its replay came.
        token_id: the ingestion token it came by, or "" for a public key.
    """

    sequence: int
    site_id: str
    at_ms: int
    token_id: str = ""


@dataclass(frozen=True, slots=True)
class HeldEvent:
    """An event that is held, or is taken in.

    Attributes:
        sequence: its number on its shard of the stream. at_ms: when it was received.
        body: the message as it is on the stream.
    """

    sequence: int
    at_ms: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Decision:
    """Which of a shard's events are held.

    Attributes:
        before: sequence numbers of those that are held already. now: those to be held, in order.
        allowed: what the organization may store in its month.
    """

    before: frozenset[int] = frozenset()
    now: tuple[HeldEvent, ...] = ()
    allowed: int = 0

    @property
    def held(self) -> set[int]:
        return {*self.before, *(one.sequence for one in self.now)}


@dataclass(frozen=True, slots=True)
class TakenBatch:
    """Events of one shard that were held, to be taken in now.

    Attributes:
        sequence: the place of the first of them. at_ms: the instant that they count at.
    """

    organization_id: str
    shard: str
    sequence: str
    at_ms: int
    events: tuple[HeldEvent, ...]


@dataclass(frozen=True, slots=True)
class ShardMark:
    """That all events of an organization's month are counted that came by a shard."""

    organization_id: str
    month_ms: int
    shard: str


@dataclass(frozen=True, slots=True)
class HeldUsage:
    """Events that are held.

    Attributes:
        first_ms, last_ms: when the first and the last of them came, to the hour: when that hour begins, and when it
            ends, or now. ends_ms: when the first are removed.
    """

    events: int
    first_ms: int
    last_ms: int
    ends_ms: int


@dataclass(frozen=True, slots=True)
class AdSpendUsage:
    """Ad spend that is tracked in a month, in millionths of a US dollar.

    Attributes:
        percent: of the limit, rounded down; None where there is no limit.
    """

    tracked_micros: int
    limit_micros: int | None
    percent: int | None


@dataclass(frozen=True, slots=True)
class OverageUsage:
    """Events of a month beyond its limit.

    Attributes:
        events: how many. billed: of them, what is paid for; the rest is beyond the cap, and free.
        amount_micros: what they cost so far. cap_micros: what they may cost at most, or None.
    """

    events: int
    billed: int
    currency: str
    amount_micros: int
    cap_micros: int | None


@dataclass(frozen=True, slots=True)
class DayUsage:
    """Events of a day in the reader's timezone.

    Attributes:
        hours: events of each hour that begins on the day, in order: 23 or 25 of them where clocks change.
    """

    day: date
    events: int
    hours: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SiteUsage:
    site_id: str
    events: int


@dataclass(frozen=True, slots=True)
class WorkspaceUsage:
    """Events of the sites that are in a workspace now; "" is all of sites that are in none that the caller may see."""

    workspace_id: str
    events: int


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """Events that came by an ingestion token; "" is all that came by public keys."""

    token_id: str
    events: int


@dataclass(frozen=True, slots=True)
class UsageForecast:
    """What a period is expected to end with. Four of five periods end between `low` and `high`."""

    events: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Usage:
    """What an organization used of a period so far.

    Attributes:
        start_ms, end_ms: the whole UTC hours that count in the period, from the first to before the last.
        as_of_ms: when this was read.
        events: in all. limit: of the plan, or None. percent: events in percent of the limit, rounded down, or None.
        intake: what becomes of events that come now.
        allowed: what may be stored in the month: the limit, and what is paid for beyond it; None without bound.
        holds_at: from so many stored events on, others are held, or None.
        held: events that are held, or None. overage: None where nothing is sold beyond the limit.
        ad_spend: as it was told last, each night.
        forecast: None before there are two days to judge by.
        days: in order, each day of the period up to now. sites, workspaces, tokens: the most events first.
    """

    start_ms: int
    end_ms: int
    as_of_ms: int
    timezone: str
    events: int
    limit: int | None
    percent: int | None
    intake: State
    allowed: int | None
    holds_at: int | None
    held: HeldUsage | None
    overage: OverageUsage | None
    ad_spend: AdSpendUsage
    forecast: UsageForecast | None
    days: tuple[DayUsage, ...]
    sites: tuple[SiteUsage, ...]
    workspaces: tuple[WorkspaceUsage, ...]
    tokens: tuple[TokenUsage, ...]


@dataclass(frozen=True, slots=True)
class LineUsage:
    """What was used in the time that a line of an invoice is for, so far.

    Days, sites, workspaces and tokens have the same sum.

    Attributes:
        line: its number on the invoice, from 1. monthly_events: the limit of its plan for a month, or None.
        start_ms, end_ms: the whole UTC hours of the line's time, from the first to before the last.
    """

    line: int
    description: str
    plan: str
    monthly_events: int | None
    start_ms: int
    end_ms: int
    events: int
    days: tuple[DayUsage, ...]
    sites: tuple[SiteUsage, ...]
    workspaces: tuple[WorkspaceUsage, ...]
    tokens: tuple[TokenUsage, ...]


@dataclass(frozen=True, slots=True)
class InvoiceUsage:
    """What was used in the times that an invoice is for.

    Attributes:
        lines: those of a plan; what gives a part of an earlier payment back has none.
    """

    invoice_id: str
    as_of_ms: int
    timezone: str
    lines: tuple[LineUsage, ...]


@dataclass(frozen=True, slots=True)
class SimulatedMonth:
    """A month that is over.

    Attributes:
        start_ms, end_ms: its whole UTC hours, from the first to before the last.
        beyond: events beyond the plan's limit. base_micros, beyond_micros, total_micros: what the plan would have cost.
        paid_micros: what was really paid in it for plans, refunds taken off.
    """

    start_ms: int
    end_ms: int
    events: int
    beyond: int
    base_micros: int
    beyond_micros: int
    total_micros: int
    paid_micros: int


@dataclass(frozen=True, slots=True)
class Simulation:
    """What a plan would have cost, beside what was paid.

    Attributes:
        months: in order, from the first that had events or a payment.
        holds: months whose events beyond the limit the plan would have held, since it sells none.
    """

    plan: str
    interval: Interval
    currency: str
    total_micros: int
    paid_micros: int
    holds: int
    months: tuple[SimulatedMonth, ...]
