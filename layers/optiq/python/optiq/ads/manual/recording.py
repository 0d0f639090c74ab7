"""Writes costs that were sent by hand to the lake, one file a day and call.

The audit log names who sent them before the first file is written.
"""

import time
from collections.abc import Sequence
from dataclasses import asdict

from optiq.ads.contracts import DailyMetric
from optiq.ads.lake import AD_METRICS
from optiq.audit import api as audit
from optiq.audit.contracts import Change, Fields
from optiq.journeys import api as journeys
from optiq.kernel.caller import Caller
from optiq.kernel.clock import parse_day
from optiq.kernel.errors import InvalidError
from optiq.kernel.money import parse_currency
from optiq.ports import wiring
from optiq.tenancy import api as tenancy


def record_daily_metrics(caller: Caller, site_id: str, metrics: Sequence[DailyMetric]) -> int:
    tenancy.get_site(caller.organization_id, site_id)
    seen: set[tuple[str, ...]] = set()
    for place, metric in enumerate(metrics):
        try:
            check(metric)
        except InvalidError as error:
            raise InvalidError(f"rows.{place}: {error}") from error
        if metric.key in seen:
            raise InvalidError(f"rows.{place}: this campaign's day stands there twice")
        seen.add(metric.key)
    write(caller, site_id, metrics)
    return len(metrics)


def check(metric: DailyMetric) -> None:
    """Raises InvalidError for a day, currency or number that cannot be."""
    parse_day(metric.day)
    if parse_currency(metric.currency) != metric.currency:
        raise InvalidError(f"'{metric.currency[:20]}' is not a currency code such as EUR")
    claimed = (metric.claimed_conversions or 0, metric.claimed_revenue_micros or 0)
    if min(metric.impressions, metric.clicks, metric.spend_micros, *claimed) < 0:
        raise InvalidError("impressions, clicks, spend and what is claimed must not be negative")


def write(caller: Caller, site_id: str, metrics: Sequence[DailyMetric]) -> None:
    """Writes checked metrics of a site. Raises UpstreamError: not all could be stored; write the same again."""
    organization_id = caller.organization_id
    days: dict[str, list[dict[str, object]]] = {}
    for metric in metrics:
        channel = journeys.classify_channel(organization_id, site_id, metric.source, metric.medium, metric.campaign)
        days.setdefault(metric.day, []).append(asdict(metric) | {"site_id": site_id, "channel": channel})
    sent: Fields = {"rows": len(metrics), "from": min(days), "to": max(days)}
    audit.commit([], [Change(organization_id, caller.actor, "ad_metrics.sent", site_id, {}, sent, caller.origin)])
    # Imported when rows are written: who only reads names of campaigns has no packages for columns.
    from optiq.ports.lake_rows import arrow_table, name_of

    revision = time.time_ns()
    for day, lines in days.items():
        versioned = arrow_table(AD_METRICS, [row | {"revision": revision} for row in lines])
        wiring.lake().append(AD_METRICS.name, organization_id, day, name_of("ads", lines), versioned)
