"""The SQL of what was sent by hand, the latest version of each campaign's day."""

from optiq.ads.lake import AD_METRICS
from optiq.kernel.lake_tables import latest_rows
from optiq.reports.costs.owners_sql import owned, rows_of, spelled
from optiq.reports.costs.rows import CostRows, columns
from optiq.reports.statements import Sql

_OF_SENT = {
    "platform": "'MANUAL'",
    "account": "'manual'",
    **dict.fromkeys(("platform_campaign", "platform_group", "platform_ad", "ad"), "''"),
    "claimant": "'MANUAL ' || found.source",
    "superseded": "false",
    "counted": "1",
    "unread": "0",
    "shifted": "0",
}


def sent(asked: CostRows) -> Sql:
    """The relation `sent`. What a connected account has too is superseded."""
    claimed = ("claimed_conversions", "claimed_revenue_micros")
    wanted = ("channel", "impressions", "clicks", "spend_micros", "currency", *claimed)
    where = f"{asked.of_site.sql} AND dt BETWEEN ? AND ?{asked.until}"
    found = f"({latest_rows(AD_METRICS, where, wanted)}) AS found"
    days = (asked.days.first.isoformat(), asked.days.last.isoformat())
    parameters = (*asked.of_site.parameters, *days)
    if not asked.costs.owners:
        return Sql(f"sent AS (SELECT {columns(_OF_SENT, 'found')} FROM {found})", parameters)  # noqa: S608
    taken, same = _taken(asked), ("site_id", "day", "source", "medium")
    joined = " AND ".join(
        [f"taken.{name} = found.{name}" for name in same] + ["taken.campaign = lower(found.campaign)"]
    )
    sql = f"""sent AS (
    SELECT {columns({**_OF_SENT, "superseded": "taken.day IS NOT NULL"}, "found")}
    FROM {found} LEFT JOIN ({taken.sql}) AS taken
        ON {joined}
)"""  # noqa: S608 - names are ours
    return Sql(sql, (*parameters, *taken.parameters))


def _taken(asked: CostRows) -> Sql:
    """The campaigns' days that connected accounts have, by every source, medium and name that they are known by."""
    rows, joins = rows_of(asked, "CAMPAIGN"), owned(asked.costs)
    campaign, names = "lower(daily.campaign_id)", {name: f"owners.{name}" for name in ("source", "medium")}
    if asked.costs.named:
        joins += f" {spelled()} CROSS JOIN (VALUES 0, 1) AS known (number)"
        campaign = f"coalesce(spelled.spelling, {campaign})"
        names = {
            name: f"CASE WHEN known.number = 0 OR coalesce(named.campaign, '') = '' THEN {usual} ELSE named.{name} END"
            for name, usual in names.items()
        }
    shown = ", ".join(f"{column} AS {name}" for name, column in names.items())
    sql = f"""SELECT DISTINCT owners.site_id, daily.day, {shown}, {campaign} AS campaign
    FROM ({rows.sql}) AS daily {joins}
    WHERE daily.remainder <> 'NOT_LISTED'"""  # noqa: S608 - names are ours
    return Sql(sql, rows.parameters)
