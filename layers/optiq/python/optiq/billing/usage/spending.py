"""Ad spend that is tracked for an organization in its month: set by site and source, never added up twice."""

from collections.abc import Mapping

from optiq.billing import keys
from optiq.billing.gateways.account import stripe_account
from optiq.billing.subscribing.seeing import terms_of
from optiq.billing.usage.noticing import notify
from optiq.billing.usage.records import SITE_SPEND, SiteSpend
from optiq.billing.usage.thresholds import spend_thresholds
from optiq.kernel.clock import DAY_MS, Clock, system_clock
from optiq.kernel.records import entity_in, values_of
from optiq.kernel.table import Put, put_one, table_outages

_KEPT_DAYS = 400


def spend_month_of(organization_id: str, clock: Clock = system_clock) -> int | None:
    """When the month began whose spend is wanted; None where no plan limits it. Reads the table twice at most."""
    if stripe_account() is None:
        return None
    terms = terms_of(organization_id, clock)
    return None if terms.entitlements.monthly_ad_spend_micros is None else terms.period.start_ms


def note_spend(
    organization_id: str, site_id: str, month_ms: int, sources: Mapping[str, int], clock: Clock = system_clock
) -> None:
    """Sets what a site's advertising cost in a month, by source, in millionths of a US dollar; notifies the owners.

    Raises:
        UpstreamError: the table does not answer; say the same again.
    """
    now_ms = clock()
    spend = SiteSpend(sources=dict(sources), told_ms=now_ms, forget_at=(now_ms + _KEPT_DAYS * DAY_MS) // 1000)
    with table_outages():
        put_one(Put(SITE_SPEND(*keys.site_spend(organization_id, month_ms, site_id), **values_of(spend)), None))
    terms = terms_of(organization_id, clock)
    limit_micros = terms.entitlements.monthly_ad_spend_micros
    if limit_micros is None or terms.period.start_ms != month_ms:
        return
    micros = spend_of(organization_id, month_ms)
    if reached := [one for one in spend_thresholds(limit_micros) if micros >= one.at]:
        notify(organization_id, terms, micros, reached, now_ms)


def spend_of(organization_id: str, month_ms: int) -> int:
    """What is tracked in a month, in millionths of a US dollar. One query."""
    start = keys.site_spend(organization_id, month_ms, "")
    with table_outages():
        found = list(SITE_SPEND.query(start.pk, SITE_SPEND.sk.startswith(start.sk), consistent_read=True))
    return sum(sum(entity_in(SiteSpend, one).sources.values()) for one in found)
