"""What an organization stored of its month, what it may store, and what becomes of the next event."""

from dataclasses import dataclass, replace

from optiq.billing.subscribing.contracts import MonthTerms
from optiq.billing.usage.allowing import Allowance, allowance
from optiq.billing.usage.contracts import State
from optiq.billing.usage.held_sums import held_in
from optiq.billing.usage.noticing import whole_since
from optiq.billing.usage.reading import counted, days_of, hours_in
from optiq.billing.usage.thresholds import Threshold, thresholds
from optiq.kernel.clock import MINUTE_MS, SECOND_MS

_NEAR_PERCENT = 60
LOOK_WHEN_NEAR_MS, LOOK_MS = 15 * SECOND_MS, 5 * MINUTE_MS


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read of an organization's month, and what this process counted since.

    Attributes:
        stored, held: events of the month.
        marks: thresholds, the lowest first. noticed: of so many of them its owners were notified.
        look_ms: when to read again.
    """

    allowed: Allowance
    stored: int
    held: int
    marks: tuple[Threshold, ...]
    noticed: int
    look_ms: int

    @property
    def reached(self) -> int:
        """How many thresholds are reached."""
        return sum(self.stored >= one.at for one in self.marks)

    @property
    def room(self) -> int | None:
        """How many more may be stored; None for any number."""
        return None if self.allowed.holds_at is None else max(0, self.allowed.holds_at - self.stored)


def seen_of(organization_id: str, terms: MonthTerms, now_ms: int) -> Seen:
    """What is stored and held of an organization's month. Up to three reads, whatever is held."""
    start_ms, end_ms = terms.period.hours
    days = days_of(organization_id, start_ms, end_ms)
    stored = counted(hours_in(days, start_ms, end_ms), start_ms, end_ms).events
    limit = terms.entitlements.monthly_events or 0
    since_ms = whole_since(organization_id, terms.period, limit) if stored >= limit else None
    allowed = allowance(terms.entitlements, terms.per_event, terms.cap, since_ms, now_ms)
    held = 0
    if allowed.holds_at is not None and stored >= min(limit, allowed.holds_at):
        held = sum(events for hour_ms, events in held_in(days, now_ms).items() if hour_ms >= start_ms)
    marks = thresholds(allowed, terms.cap)
    near = stored * 100 >= limit * _NEAR_PERCENT
    look_ms = min(now_ms + (LOOK_WHEN_NEAR_MS if near else LOOK_MS), end_ms)
    seen = Seen(allowed, stored, held, marks, 0, look_ms)
    return replace(seen, noticed=seen.reached)


def state_of(seen: Seen) -> State:
    return seen.allowed.state(seen.stored, seen.held)
