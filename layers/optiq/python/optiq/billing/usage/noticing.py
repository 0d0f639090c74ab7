"""Notifies an organization's owners that a part of a limit is used: once for each threshold, month and limit."""

from collections.abc import Sequence

from optiq.billing import keys
from optiq.billing.plans.catalogue import CATALOGUE
from optiq.billing.plans.contracts import Entitlements
from optiq.billing.plans.periods import Period
from optiq.billing.usage.records import CrossedRecord
from optiq.events import api as events
from optiq.kernel.clock import DAY_MS, utc_day
from optiq.kernel.settings import settings
from optiq.kernel.table import Put, table_outages
from optiq.notifications.contracts import Message, NotificationRequested
from optiq.tenancy.members import api as members

KIND = "usage"
_NEEDS = "billing:read"
_KEPT_DAYS = 400


def notify(
    organization_id: str,
    entitlements: Entitlements,
    period: Period,
    stored: int,
    reached: Sequence[int],
    now_ms: int,
) -> None:
    """Requests a notification of the highest threshold that is reached, unless it was requested before.

    Args:
        stored: events of the period. reached: thresholds in percent of the limit, the lowest first.

    Raises:
        UpstreamError: the table does not answer.
    """
    limit, percent = entitlements.monthly_events, reached[-1]
    if limit is None:
        raise ValueError("an organization without a limit reaches no part of it")
    claims = [_claim(organization_id, period, limit, one, now_ms) for one in reached]
    with table_outages():
        if _is_there(claims[-1]):
            return
        # A lower one that was passed at once is not sent afterwards.
        puts = [*(Put(one, None) for one in claims[:-1]), Put(claims[-1], CrossedRecord.pk.does_not_exist())]
        fact = NotificationRequested(
            KIND,
            "WARNING",
            "events",
            f"{period.start_ms} {limit} {percent}",
            _message(entitlements, period, stored, limit, percent),
            user_ids=tuple(members.owners(organization_id)),
            needs=_NEEDS,
        )
        events.publish(puts, [events.event_of("billing", organization_id, fact, now_ms)])


def _claim(organization_id: str, period: Period, limit: int, percent: int, now_ms: int) -> CrossedRecord:
    """The limit is a part of it: a larger plan within the month has thresholds of its own."""
    key = keys.crossed(organization_id, period.start_ms, limit, percent)
    return CrossedRecord(key.pk, key.sk, forget_at=(now_ms + _KEPT_DAYS * DAY_MS) // 1000)


def _is_there(claim: CrossedRecord) -> bool:
    try:
        CrossedRecord.get(claim.pk, claim.sk, consistent_read=True)
    except CrossedRecord.DoesNotExist:
        return False
    return True


def _message(entitlements: Entitlements, period: Period, stored: int, limit: int, percent: int) -> Message:
    plan = CATALOGUE[entitlements.plan, entitlements.plan_version].title
    whole = percent >= 100
    title = "All events of this month are used" if whole else f"{percent} % of the events of this month are used"
    return Message(
        title,
        (
            f"{stored:,} of the {limit:,} events of your plan {plan} are stored. The month ends on "
            f"{utc_day(period.end_ms)}.",
            "Your events are still stored. A larger plan has room for them."
            if whole
            else "Nothing changes for now. A larger plan has room for more.",
        ),
        action="See your usage",
        url=f"{settings().public_url.rstrip('/')}/console/plan",
    )
