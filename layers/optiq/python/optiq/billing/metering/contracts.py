"""Months of subscriptions: what was used in them is reported, and what is beyond their limit is paid."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from optiq.billing.plans.periods import Period

MonthStatus = Literal["OPEN", "CLOSING", "CLOSED"]


@dataclass(frozen=True, slots=True)
class BillingMonth:
    """A month of a subscription.

    Attributes:
        plan, plan_version: of the month; a plan that begins with the next one is not its.
        status: CLOSING from its end until all its events are counted, and Stripe has them too.
        shards: on which a mark was put behind its last event. marked_ms: when; 0 before.
        compared_ms: when Stripe's hours were last compared, and differed; 0 before.
        stored: events, as closed. billed: of them, what was paid for beyond the limit.
        invoice_id: which has that, or "". closed_ms: 0 before.
    """

    organization_id: str
    start_ms: int
    end_ms: int
    subscription_id: str
    customer_id: str
    plan: str
    plan_version: int
    currency: str
    status: MonthStatus = "OPEN"
    shards: tuple[str, ...] = ()
    marked_ms: int = 0
    compared_ms: int = 0
    stored: int = 0
    billed: int = 0
    amount_micros: int = 0
    invoice_id: str = ""
    closed_ms: int = 0
    version: int = 0

    @property
    def period(self) -> Period:
        return Period(self.start_ms, self.end_ms)


@dataclass(frozen=True, slots=True)
class ReportedHour:
    """What Stripe was told of an hour.

    Attributes:
        revision: grows with each value. taken: the last revision that Stripe has.
    """

    events: int = 0
    revision: int = 0
    taken: int = 0


@dataclass(frozen=True, slots=True)
class ReportedDay:
    """The hours of a UTC day, by their number."""

    hours: Mapping[str, ReportedHour] = field(default_factory=dict)
    version: int = 0
    forget_at: int = 0
