"""The SQL of what advertising cost, one row for each day and entity: connected accounts, and what was sent by hand.

Both have the same columns, so every report reads one relation, `costs`:

- `platform`, `account`, `platform_campaign`, `platform_group`, `platform_ad`: as the platform has them. What a level
  lacks of the one above has a row named so. Sent by hand: MANUAL.
- `source`, `medium`, `campaign`, `ad`, `channel`: as links name visits; of a connected account those of most visits of
  the campaign, else the account's, and its id.
- `impressions`, `clicks`, `spend_micros`, `currency`, `claimed_conversions`, `claimed_revenue_micros`; `claimant` is
  who claims.
- `superseded`: sent by hand of a campaign's day that a connected account has too, which counts instead.
- `shifted`: 1 of an account's own day, which begins at another hour than the site's. Where its hours are known, they
  count on the site's days, but for what is by ads.
- `counted`: 1; 0 of a day of an account that was never read, which is a row so that it shows. `unread`: 1 where the
  account has such days in the row's bucket.
"""

from collections.abc import Sequence

from optiq.kernel.clock import each_day
from optiq.reports.costs.accounts import Gap
from optiq.reports.costs.hours_sql import OF_HOURS, hours, of_accounts
from optiq.reports.costs.owners_sql import IDS, MEASURES, VISITED, newest, owned, owners, rows_of
from optiq.reports.costs.rows import CostRows, columns, values
from optiq.reports.costs.sent_sql import sent
from optiq.reports.site_clock import bucket_of_day
from optiq.reports.statements import Sql

DAY_NUMBER = "date_diff('day', DATE '1970-01-01', CAST({day} AS DATE))"
NOT_LISTED, WITHOUT_AD = "(not listed)", "(without ad)"


def cost_rows(asked: CostRows) -> Sql:
    """The relations of a WITH, of which `costs` is the last."""
    if not asked.costs.owners:
        return _together([sent(asked), Sql("costs AS (SELECT * FROM sent)")])
    gaps = asked.costs.gaps(asked.days)
    parts = [*owners(asked.costs), newest(asked)]
    if _by_hours(asked):
        parts += hours(asked.days, asked.wide_days, asked.costs.shifted(asked.days))
    parts.append(sent(asked))
    union = ["SELECT * FROM sent", "SELECT * FROM connected"]
    if gaps:
        parts.append(_gap_days(gaps, asked))
        union.append(f"SELECT {columns(_OF_GAP)} FROM gap_days")  # noqa: S608 - names are ours
    return _together([*parts, _connected(asked, gaps), Sql(f"costs AS ({' UNION ALL '.join(union)})")])


def _together(parts: Sequence[Sql]) -> Sql:
    return Sql(",\n".join(one.sql for one in parts), tuple(value for one in parts for value in one.parameters))


_OF_GAP = {
    **dict.fromkeys(("platform_campaign", "platform_group", "platform_ad", "campaign", "ad", "currency"), "''"),
    **dict.fromkeys(("impressions", "clicks", "spend_micros", "counted", "shifted"), "0"),
    "claimed_conversions": "CAST(NULL AS DOUBLE)",
    "claimed_revenue_micros": "CAST(NULL AS BIGINT)",
    "claimant": "CAST(NULL AS VARCHAR)",
    "superseded": "false",
    "unread": "1",
}


# By which name links would call a campaign or ad of a platform: its id.
_CAMPAIGN = f"CASE WHEN daily.remainder = 'NOT_LISTED' THEN '{NOT_LISTED}' ELSE daily.campaign_id END"
_BELOW = f"""CASE WHEN daily.remainder = 'NOT_LISTED' THEN '{NOT_LISTED}'
    WHEN daily.remainder = 'WITHOUT_AD' AND daily.kind <> '' THEN '{WITHOUT_AD[:-1]}: ' || daily.kind || ')'
    WHEN daily.remainder = 'WITHOUT_AD' THEN '{WITHOUT_AD}' ELSE daily.{{column}} END"""
_AD = _BELOW.format(column="entity_id")
_OF_DAILY = ("day", "platform", "account", "impressions", "clicks", "spend_micros", "currency")
_LABELS = {
    "platform_campaign": _CAMPAIGN,
    "platform_group": _BELOW.format(column="group_id"),
    "platform_ad": _AD,
    "ad": _AD,
}
_USUAL = {**{name: f"owners.{name}" for name in VISITED if name != "campaign"}, "campaign": _CAMPAIGN}


def _visited(asked: CostRows, name: str, usual: str) -> str:
    """As links name a campaign, where any visit does."""
    if not asked.costs.named:
        return usual
    return f"CASE WHEN coalesce(named.campaign, '') = '' THEN {usual} ELSE named.{name} END"


def _connected(asked: CostRows, gaps: Sequence[Gap]) -> Sql:
    """The rows of connected accounts, the latest snapshot of each day."""
    rows = _on_days_of_site(asked)
    shown = {
        "site_id": "owners.site_id",
        **{name: f"daily.{name}" for name in _OF_DAILY},
        **_LABELS,
        **{name: _visited(asked, name, usual) for name, usual in _USUAL.items()},
        "claimed_conversions": "daily.claimed_count_micros / 1000000.0e0",
        "claimed_revenue_micros": "daily.claimed_value_micros",
        "claimant": "daily.platform",
        "superseded": "false",
        "counted": "1",
        "shifted": "daily.shifted",
        "unread": "CASE WHEN gapped.platform IS NULL THEN 0 ELSE 1 END" if gaps else "0",
    }
    flagged = f"""
    LEFT JOIN (SELECT DISTINCT platform, account, {_bucket(asked, "day")} AS bucket FROM gap_days) AS gapped
        ON gapped.platform = daily.platform AND gapped.account = daily.account
        AND gapped.bucket = {_bucket(asked, "daily.day")}"""  # noqa: S608 - names are ours
    # A day without anything has a row without an entity: what is by entities has no such one.
    entities = "" if asked.level == "ACCOUNT" else " WHERE daily.entity_id <> '' OR daily.remainder <> ''"
    sql = f"""connected AS (
    SELECT {columns(shown)}
    FROM ({rows.sql}) AS daily {owned(asked.costs)}{flagged if gaps else ""}{entities}
)"""  # noqa: S608 - names are ours
    return Sql(sql, rows.parameters)


def _gap_days(gaps: Sequence[Gap], asked: CostRows) -> Sql:
    """Days of accounts that nobody read, unless somebody sent costs of the same source and medium by hand."""
    spans = values((one.platform, one.account, one.first, one.last) for one in gaps)
    days = values((day.isoformat(),) for day in each_day(asked.days.first, asked.days.last))
    names = ("site_id", "platform", "account", "source", "medium", "channel")
    same = ("site_id", "day", "source", "medium")
    return Sql(f"""gap_days AS (
    SELECT DISTINCT {", ".join(f"owners.{name}" for name in names)}, days.day
    FROM (VALUES {spans}) AS gaps (platform, account, first_day, last_day)
    JOIN owners ON owners.platform = gaps.platform AND owners.account = gaps.account
    JOIN (VALUES {days}) AS days (day) ON days.day BETWEEN gaps.first_day AND gaps.last_day
    LEFT JOIN (SELECT DISTINCT {", ".join(same)} FROM sent) AS filled
        ON filled.site_id = owners.site_id AND filled.day = days.day
        AND filled.source = owners.source AND filled.medium = owners.medium
    WHERE filled.day IS NULL
)""")  # noqa: S608 - names are ours


def _on_days_of_site(asked: CostRows) -> Sql:
    """The rows of the question's level, of accounts with another clock by their hours where those are known."""
    rows = rows_of(asked, asked.level)
    shifted = asked.costs.shifted(asked.days)
    flagged = f"CASE WHEN {of_accounts('found', shifted)} THEN 1 ELSE 0 END AS shifted"
    if not _by_hours(asked):
        return Sql(f"SELECT found.*, {flagged} FROM ({rows.sql}) AS found", rows.parameters)  # noqa: S608
    first, last = asked.days.first.isoformat(), asked.days.last.isoformat()
    own = [f"{0 if name in OF_HOURS else f'found.{name}'} AS {name}" for name in MEASURES]
    sums = [f"{f'CAST(sum({name}) AS BIGINT)' if name in OF_HOURS else 0} AS {name}" for name in MEASURES]
    ids = {name: name for name in IDS} | {"entity_id": "campaign_id AS entity_id", "group_id": "'' AS group_id"}
    sql = f"""SELECT found.*, {flagged} FROM ({rows.sql}) AS found
    LEFT JOIN hourly_days AS known ON {_SAME_DAY} WHERE known.day IS NULL
    UNION ALL
    SELECT {", ".join(f"found.{name}" for name in IDS)}, {", ".join(own)}, 0 AS shifted
    FROM ({rows.sql}) AS found JOIN hourly_days AS known ON {_SAME_DAY}
    UNION ALL
    SELECT {", ".join(ids.values())}, {", ".join(sums)}, 0 AS shifted
    FROM hourly WHERE day BETWEEN ? AND ?
    GROUP BY platform, account, day, campaign_id, kind, remainder, currency"""  # noqa: S608 - names are ours
    return Sql(sql, (*rows.parameters, *rows.parameters, first, last))


_SAME_DAY = "known.platform = found.platform AND known.account = found.account AND known.day = found.day"


def _by_hours(asked: CostRows) -> bool:
    """Whether hours can tell: of ads no platform is asked for them."""
    return asked.level != "AD" and bool(asked.costs.shifted(asked.days))


def _bucket(asked: CostRows, day: str) -> str:
    return bucket_of_day(asked.bucket, DAY_NUMBER.format(day=day)) if asked.bucket else "0"
