"""Months of subscriptions: one that runs, with the plan of now, until it is closed (billing/metering)."""

from dataclasses import dataclass, replace
from typing import Any, Literal

from optiq.billing import keys
from optiq.billing.mirror.contracts import ENDED, Subscription
from optiq.billing.plans.periods import Period, billing_period
from optiq.kernel.clock import Clock
from optiq.kernel.errors import UpstreamError
from optiq.kernel.records import entity_in, record_of, values_of
from optiq.kernel.table import Put, put_one, table_outages

MonthStatus = Literal["OPEN", "CLOSING", "CLOSED"]


@dataclass(frozen=True, slots=True)
class BillingMonth:
    """A month of a subscription.

    Attributes:
        plan, plan_version: of the month; a plan that begins with the next one is not its.
        status: CLOSING from its end until all its events are counted, and Stripe has them too.
        shards: on which a mark was put behind its last event. marked_ms: when; 0 before.
        compared_ms: when Stripe's hours were last compared, and differed; 0 before.
        limit, cap_micros: as they were when it ended, of the plan or otherwise; None for none. What is changed later
            is of later months.
        stored: events, as closed. billed: of them, what was paid for beyond the limit.
        invoice_id: the draft that waits for that, then the invoice which has it; "" for none. closed_ms: 0 before.
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
    limit: int | None = None
    cap_micros: int | None = None
    stored: int = 0
    billed: int = 0
    amount_micros: int = 0
    invoice_id: str = ""
    closed_ms: int = 0
    version: int = 0

    @property
    def period(self) -> Period:
        return Period(self.start_ms, self.end_ms)


_MONTH: Any = record_of(BillingMonth)


def follow(subscription: Subscription, clock: Clock) -> None:
    """Has the month that runs be the subscription's, with its plan and its end. Raises UpstreamError."""
    now_ms = clock()
    for month in months_of(subscription.organization_id):
        if month.subscription_id == subscription.subscription_id and month.status == "OPEN":
            _bring(month, subscription, now_ms)
            return
    if subscription.status not in ENDED and subscription.status != "INCOMPLETE":
        open_month(subscription, billing_period(subscription.anchor_ms, "month", now_ms).start_ms)


def open_month(subscription: Subscription, from_ms: int) -> BillingMonth:
    """The month of a subscription that an instant is in. Raises UpstreamError."""
    period = billing_period(subscription.anchor_ms, "month", from_ms)
    return save_month(
        BillingMonth(
            organization_id=subscription.organization_id,
            start_ms=period.start_ms,
            end_ms=period.end_ms,
            subscription_id=subscription.subscription_id,
            customer_id=subscription.customer_id,
            plan=subscription.plan,
            plan_version=subscription.plan_version,
            currency=subscription.currency,
        )
    )


def _bring(month: BillingMonth, subscription: Subscription, now_ms: int) -> None:
    after = month
    if now_ms < month.end_ms and subscription.status not in ENDED:
        after = replace(after, plan=subscription.plan, plan_version=subscription.plan_version)
    if month.start_ms < subscription.anchor_ms < month.end_ms:
        # Another interval began a month of its own.
        after = replace(after, end_ms=subscription.anchor_ms)
    if subscription.ended_ms is not None and month.start_ms < subscription.ended_ms < after.end_ms:
        after = replace(after, end_ms=subscription.ended_ms)
    if after != month:
        save_month(after)


def months_of(organization_id: str) -> list[BillingMonth]:
    """The oldest first."""
    start = keys.billing_months(organization_id)
    with table_outages():
        found = list(_MONTH.query(start.pk, _MONTH.sk.startswith(start.sk), consistent_read=True))
    return [entity_in(BillingMonth, one) for one in found]


def months_due() -> list[BillingMonth]:
    """Those that are not closed, the oldest first."""
    with table_outages():
        return [entity_in(BillingMonth, one) for one in _MONTH.by_second_key.query(keys.MONTHS_DUE)]


def save_month(month: BillingMonth) -> BillingMonth:
    """Writes it if it is as it was read. Raises UpstreamError when somebody else changed it."""
    after = replace(month, version=month.version + 1)
    values: dict[str, Any] = values_of(after)
    if after.status != "CLOSED":
        values |= {"gsi1pk": keys.MONTHS_DUE, "gsi1sk": f"{after.start_ms:015d}#{after.organization_id}"}
    unchanged = _MONTH.version == month.version if month.version else _MONTH.pk.does_not_exist()
    record = _MONTH(*keys.billing_month(month.organization_id, month.start_ms), **values)
    with table_outages():
        if not put_one(Put(record, unchanged)):
            raise UpstreamError("the month was changed at the same time", retryable=True)
    return after
