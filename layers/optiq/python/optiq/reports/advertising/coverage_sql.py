"""The SQL of coverage: campaigns beside the visits that are known of them, and visits that none is known of."""

from datetime import timedelta

from optiq.ads.lake import AD_DAILY, AD_RESOLUTIONS
from optiq.ads.resolution.contracts import KNOWN
from optiq.attribution.lake import CREDITS
from optiq.journeys.lake import TOUCHES
from optiq.kernel.lake_tables import latest_row_of_each, latest_rows
from optiq.reports.domain import MAX_DAYS, DayRange
from optiq.reports.sql_money import CONVERTED, PRICED, RATES_OF_DAYS
from optiq.reports.statements import Sql

_OF_DAYS = "site_id = ? AND dt BETWEEN ? AND ?"
_RESOLVED = ("touch_id", "platform", "account", "campaign_id", "evidence", "foreign_id", "conflict")
_NAMES = ("source", "medium", "campaign")


def spent(site_id: str, currency: str, days: DayRange) -> Sql:
    """Platform, account and campaign; its spend, how many amounts have no rate, and how many visits are known of it."""
    first, last = days.first.isoformat(), days.last.isoformat()
    columns = ("entity_id", "campaign_id", "spend_micros", "currency")
    daily = latest_rows(AD_DAILY, "level = 'CAMPAIGN' AND dt BETWEEN ? AND ?", columns)
    known = latest_row_of_each(AD_RESOLUTIONS, _OF_DAYS, _RESOLVED)
    sql = f"""
WITH {RATES_OF_DAYS},
amounts AS (SELECT found.*, spend_micros AS priced_micros FROM ({daily}) AS found WHERE campaign_id <> ''),
{PRICED},
spends AS (
    SELECT platform, account, campaign_id, CAST(sum(sign(spend_micros) * {CONVERTED}) AS BIGINT) AS spend,
        count_if({CONVERTED} IS NULL) AS no_rate
    FROM priced GROUP BY 1, 2, 3
),
visits AS (
    SELECT platform, account, campaign_id, count(*) AS visits FROM ({known}) WHERE campaign_id <> '' GROUP BY 1, 2, 3
)
SELECT spends.platform, spends.account, spends.campaign_id, spend, no_rate, coalesce(visits.visits, 0)
FROM spends LEFT JOIN visits ON visits.platform = spends.platform AND visits.account = spends.account
    AND visits.campaign_id = spends.campaign_id"""  # noqa: S608 - names are ours
    parameters = (*days.rate_days, first, last, *[currency] * 4, site_id, *days.utc_days)
    return Sql(sql, parameters)


def visited(site_id: str, currency: str, days: DayRange, model: str) -> Sql:
    """Visits of the days by what is known of them; with the conversions that followed until now, by the model."""
    first, last = days.utc_days
    until = (days.last + timedelta(days=MAX_DAYS)).isoformat()
    weight, micros = f"{model.lower()}_weight", f"{model.lower()}_micros"
    of_credits = ("conversion_id", "touch_id", "conversion_at", "currency", "deleted", weight, micros)
    evidence = ", ".join(f"'{one}'" for one in KNOWN)
    # Of what is known without a conflict, nobody asks by which name it came.
    named = f"CASE WHEN evidence IN ({evidence}) AND conflict = '' THEN '' ELSE {{}} END"
    names = ", ".join(map(named.format, _NAMES))
    sql = f"""
WITH {RATES_OF_DAYS},
amounts AS (
    SELECT touch_id, currency, CAST(CAST(conversion_at AS DATE) AS VARCHAR) AS day, {weight} AS weight,
        {micros} AS priced_micros
    FROM ({latest_rows(CREDITS, _OF_DAYS, of_credits)}) WHERE NOT coalesce(deleted, false) AND {weight} IS NOT NULL
),
{PRICED},
earned AS (
    SELECT touch_id, sum(weight) AS weight, CAST(sum(sign(priced_micros) * {CONVERTED}) AS BIGINT) AS revenue
    FROM priced GROUP BY 1
),
visits AS (
    SELECT resolved.*, {", ".join(f"touched.{name}" for name in _NAMES)}, earned.weight, earned.revenue
    FROM ({latest_row_of_each(AD_RESOLUTIONS, _OF_DAYS, _RESOLVED)}) AS resolved
    JOIN (
        {latest_row_of_each(TOUCHES, _OF_DAYS, ("touch_id", "deleted", *_NAMES))}
    ) AS touched ON touched.touch_id = resolved.touch_id AND NOT touched.deleted
    LEFT JOIN earned ON earned.touch_id = resolved.touch_id
    WHERE resolved.evidence <> ''
)
SELECT platform, CASE WHEN evidence IN ({evidence}) THEN account ELSE '' END,
    CASE WHEN conflict <> '' THEN campaign_id ELSE '' END,
    {names}, evidence, foreign_id, conflict, count(*), coalesce(sum(weight), 0), coalesce(sum(revenue), 0)
FROM visits GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9"""  # noqa: S608 - names are ours
    of_site = (site_id, first, last)
    rates = (days.rate_days[0], until)
    return Sql(sql, (*rates, site_id, first, until, *[currency] * 4, *of_site, *of_site))
