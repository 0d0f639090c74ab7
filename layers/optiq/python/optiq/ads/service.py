"""Writes daily metrics to the lake, one file a day and call.

The entry of who sent them stands in the organization's book before the first file.
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
from optiq.ports.lake_rows import arrow_table, name_of
from optiq.tenancy import api as tenancy


def record_daily_metrics(caller: Caller, site_id: str, metrics: Sequence[DailyMetric]) -> int:
    organization_id = caller.organization_id
    tenancy.get_site(organization_id, site_id)
    days: dict[str, dict[tuple[str, str, str], dict[str, object]]] = {}
    for place, metric in enumerate(metrics):
        campaign = (metric.source, metric.medium, metric.campaign)
        rows = days.setdefault(_checked(place, metric).day, {})
        if campaign in rows:
            raise InvalidError(f"rows.{place}: this campaign's day stands there twice")
        channel = journeys.classify_channel(organization_id, site_id, *campaign)
        rows[campaign] = asdict(metric) | {"site_id": site_id, "channel": channel}
    said: Fields = {"rows": len(metrics), "from": min(days), "to": max(days)}
    audit.commit([], [Change(organization_id, caller.actor, "ad_metrics.sent", site_id, {}, said, caller.origin)])
    revision = time.time_ns()
    for day, rows in days.items():
        lines = list(rows.values())
        versioned = arrow_table(AD_METRICS, [row | {"revision": revision} for row in lines])
        wiring.lake().append(AD_METRICS.name, organization_id, day, name_of("ads", lines), versioned)
    return len(metrics)


def _checked(place: int, metric: DailyMetric) -> DailyMetric:
    try:
        parse_day(metric.day)
        if parse_currency(metric.currency) != metric.currency:
            raise InvalidError(f"'{metric.currency[:20]}' is not a currency code such as EUR")
        claimed = (metric.claimed_conversions or 0, metric.claimed_revenue_micros or 0)
        if min(metric.impressions, metric.clicks, metric.spend_micros, *claimed) < 0:
            raise InvalidError("impressions, clicks, spend and what is claimed must not be negative")
    except InvalidError as error:
        raise InvalidError(f"rows.{place}: {error}") from error
    return metric
