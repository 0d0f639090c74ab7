"""Notifies an organization's owners that a part of a limit is used: once for each threshold, month and limit."""

from collections.abc import Sequence

from optiq.billing import keys
from optiq.billing.plans.catalogue import CATALOGUE
from optiq.billing.plans.periods import Period
from optiq.billing.subscribing.contracts import MonthTerms
from optiq.billing.usage.records import CrossedRecord
from optiq.billing.usage.thresholds import Threshold
from optiq.billing.usage.wording import message
from optiq.events import api as events
from optiq.kernel.clock import DAY_MS
from optiq.kernel.table import Put, table_outages
from optiq.notifications.contracts import NotificationRequested
from optiq.tenancy.members import api as members

KIND = "usage"
_NEEDS = "billing:read"
_KEPT_DAYS = 400


def notify(organization_id: str, terms: MonthTerms, stored: int, reached: Sequence[Threshold], now_ms: int) -> None:
    """Requests a notification of the highest threshold that is reached, unless it was requested before.

    Args:
        stored: events of the month. reached: the lowest first.

    Raises:
        UpstreamError: the table does not answer.
    """
    claims = [_claim(organization_id, terms.period, one.claim, now_ms) for one in reached]
    with table_outages():
        if _found(claims[-1]):
            return
        # A lower one that was passed at once is not sent afterwards.
        lower = [one for one in claims[:-1] if _found(one) is None]
        absent = CrossedRecord.pk.does_not_exist()
        highest, plan = reached[-1], CATALOGUE[terms.entitlements.plan, terms.entitlements.plan_version].title
        fact = NotificationRequested(
            KIND,
            "WARNING",
            "events",
            f"{terms.period.start_ms} {highest.claim.replace('#', ' ')}",
            message(highest.kind, plan, stored, terms),
            user_ids=tuple(members.owners(organization_id)),
            needs=_NEEDS,
        )
        puts = [Put(one, absent) for one in (*lower, claims[-1])]
        events.publish(puts, [events.event_of("billing", organization_id, fact, now_ms)])


def whole_since(organization_id: str, period: Period, limit: int) -> int | None:
    """When it was first seen that a limit is reached; None when it was not seen yet."""
    with table_outages():
        found = _found(_claim(organization_id, period, f"{limit}#100", 0))
    return int(found.at_ms) if found is not None and found.at_ms else None


def _claim(organization_id: str, period: Period, claim: str, now_ms: int) -> CrossedRecord:
    key = keys.crossed(organization_id, period.start_ms, claim)
    return CrossedRecord(key.pk, key.sk, at_ms=now_ms, forget_at=(now_ms + _KEPT_DAYS * DAY_MS) // 1000)


def _found(claim: CrossedRecord) -> CrossedRecord | None:
    try:
        return CrossedRecord.get(claim.pk, claim.sk, consistent_read=True)
    except CrossedRecord.DoesNotExist:
        return None
