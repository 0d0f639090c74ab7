"""The SQL of claims: what platforms say, and how many conversions had their clicks."""

from collections.abc import Sequence
from datetime import timedelta

from optiq.ads.lake import AD_DAILY, AD_RESOLUTIONS
from optiq.attribution.lake import CREDITS
from optiq.kernel.lake_tables import latest_row_of_each, latest_rows
from optiq.ports.query import timestamp_text
from optiq.reports.domain import MAX_DAYS, DayRange
from optiq.reports.statements import Sql

_INSTANTS = " AND conversion_at >= CAST(? AS TIMESTAMP) AND conversion_at < CAST(? AS TIMESTAMP)"
_CLAIMS = ("claimed_count_micros", "claimed_by_conversion_day_micros", "view_through_micros")
LEVELS = ("campaign", "platform", "any", "all")
"""The rows of `earned`: by campaign, by platform, with any platform's click, and of every conversion."""


def claimed(days: DayRange) -> Sql:
    """By platform, account and campaign: what is claimed, by day of the conversion, and after a view."""
    first, last = days.first.isoformat(), days.last.isoformat()
    sums = ", ".join(f"CAST(sum(coalesce({name}, 0)) AS BIGINT)" for name in _CLAIMS)
    where = "level = 'CAMPAIGN' AND dt BETWEEN ? AND ?"
    sql = f"""
SELECT platform, account, campaign_id, {sums} FROM ({latest_rows(AD_DAILY, where)})
WHERE day BETWEEN ? AND ? GROUP BY platform, account, campaign_id"""  # noqa: S608 - names are ours
    return Sql(sql, (first, last, first, last))


def earned(site_id: str, days: DayRange, model: str, conversion: str, platforms: Sequence[str]) -> Sql:
    """Level, platform, account and campaign; how many conversions had a click of it, and what the model gives it.

    A visit of a platform's ad counts for it, also when its campaign is not known; one of a foreign account does not.
    """
    first, last = days.utc_days
    earliest = (days.first - timedelta(days=MAX_DAYS)).isoformat()
    weight = f"{model.lower()}_weight"
    columns = ("conversion_id", "touch_id", "name", "conversion_at", "deleted", weight)
    resolved = latest_row_of_each(
        AD_RESOLUTIONS,
        "site_id = ? AND dt BETWEEN ? AND ?",
        ("touch_id", "platform", "account", "campaign_id", "evidence"),
    )
    only = " AND name = ?" if conversion else ""
    sql = f"""
WITH credited AS (
    SELECT conversion_id, touch_id, {weight} AS weight
    FROM ({latest_rows(CREDITS, f"site_id = ? AND dt BETWEEN ? AND ?{_INSTANTS}", columns)})
    WHERE NOT coalesce(deleted, false) AND {weight} IS NOT NULL{only}
),
clicked AS (
    SELECT credited.conversion_id, credited.weight, resolved.platform, resolved.account, resolved.campaign_id
    FROM credited JOIN ({resolved}) AS resolved ON resolved.touch_id = credited.touch_id
    WHERE resolved.evidence <> 'FOREIGN' AND resolved.platform IN ({", ".join("?" * len(platforms))})
)
SELECT 'campaign', platform, account, campaign_id, count(DISTINCT conversion_id), sum(weight)
FROM clicked GROUP BY 2, 3, 4
UNION ALL SELECT 'platform', platform, '', '', count(DISTINCT conversion_id), sum(weight) FROM clicked GROUP BY 2
UNION ALL SELECT 'any', '', '', '', count(DISTINCT conversion_id), sum(weight) FROM clicked
UNION ALL SELECT 'all', '', '', '', count(DISTINCT conversion_id), sum(weight) FROM credited"""  # noqa: S608 - names are ours
    bounds = tuple(map(timestamp_text, days.bounds_ms))
    named = (conversion,) if conversion else ()
    return Sql(sql, (site_id, first, last, *bounds, *named, site_id, earliest, last, *platforms))
