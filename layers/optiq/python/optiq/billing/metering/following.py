"""Keeps the months of a subscription: one that runs, with the plan of now; and has drafts wait for what is beyond."""

from dataclasses import replace

from optiq.billing.accounts.stored import account_of
from optiq.billing.metering.contracts import BillingMonth
from optiq.billing.metering.stored import months_of, save_month
from optiq.billing.mirror.contracts import ENDED, Subscription
from optiq.billing.plans.catalogue import CATALOGUE
from optiq.billing.plans.entitlements import limit_of
from optiq.billing.plans.periods import billing_period
from optiq.billing.usage.reading import counted, hours_of
from optiq.kernel.clock import Clock

_NEAR_PERCENT = 90


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


def limit_now(month: BillingMonth, now_ms: int) -> int | None:
    """The events that a month's plan has, or what the organization has otherwise; None for no limit."""
    plan = CATALOGUE[month.plan, month.plan_version]
    return limit_of(account_of(month.organization_id, now_ms).overrides, plan)


def is_near(organization_id: str, subscription_id: str, ended_ms: int, now_ms: int) -> bool:
    """Whether a month that ended then may have events beyond its limit, for all that is counted so far."""
    month = next(
        (one for one in months_of(organization_id) if (one.subscription_id, one.end_ms) == (subscription_id, ended_ms)),
        None,
    )
    limit = limit_now(month, now_ms) if month else None
    if month is None or limit is None:
        return False
    start_ms, end_ms = month.period.hours
    stored = counted(hours_of(organization_id, start_ms, end_ms), start_ms, end_ms).events
    return stored * 100 >= limit * _NEAR_PERCENT
