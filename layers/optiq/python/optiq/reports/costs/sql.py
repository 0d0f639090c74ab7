"""The SQL of what advertising cost, one row for each day and entity: connected accounts, and what was sent by hand.

Both have the same columns, so every report reads one relation, `costs`:

- `platform`, `account`, `platform_campaign`, `platform_group`, `platform_ad`: as the platform has them. What a level
  lacks of the one above has a row named so. Sent by hand: MANUAL.
- `source`, `medium`, `campaign`, `ad`, `channel`: as links name visits.
- `impressions`, `clicks`, `spend_micros`, `currency`, `claimed_conversions`, `claimed_revenue_micros`; `claimant` is
  who claims.
- `superseded`: sent by hand of a campaign's day that a connected account has too, which counts instead.
- `shifted`: 1 of an account's own day, which begins at another hour than the site's. Where its hours are known, they
  count on the site's days, but for what is by ads.
- `counted`: 1; 0 of a day of an account that was never read, which is a row so that it shows. `unread`: 1 where the
  account has such days in the row's bucket.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from optiq.ads.lake import AD_DAILY, AD_METRICS
from optiq.kernel.clock import days_before, each_day
from optiq.kernel.lake_tables import latest_rows
from optiq.ports.query import Value
from optiq.reports.costs.accounts import NONE, Costs, Gap
from optiq.reports.costs.hours_sql import OF_HOURS, hours, of_accounts, text
from optiq.reports.domain import DayRange
from optiq.reports.site_clock import Bucket, bucket_of_day
from optiq.reports.statements import Sql

CostLevel = Literal["ACCOUNT", "CAMPAIGN", "AD"]
DAY_NUMBER = "date_diff('day', DATE '1970-01-01', CAST({day} AS DATE))"
NOT_LISTED, WITHOUT_AD = "(not listed)", "(without ad)"
_NANOSECONDS = 1_000_000
_OF_CAMPAIGNS = ("campaign", "platform_campaign")
_OF_ADS = ("ad", "platform_group", "platform_ad")
_MOST_NAMED = 500
"""Accounts that a statement names, so that others' files need not be read."""
_IDS = ("platform", "account", "day", "entity_id", "campaign_id", "group_id", "kind", "remainder", "currency")
_MEASURES = ("impressions", "clicks", "spend_micros", "claimed_count_micros", "claimed_value_micros")
_COLUMNS = (
    *("site_id", "day", "platform", "account", "platform_campaign", "platform_group", "platform_ad"),
    *("source", "medium", "campaign", "ad", "channel", "impressions", "clicks", "spend_micros", "currency"),
    *("claimed_conversions", "claimed_revenue_micros", "claimant", "superseded", "counted", "unread", "shifted"),
)


@dataclass(frozen=True, slots=True)
class CostRows:
    """Which rows are wanted.

    Attributes:
        of_site: the condition on rows of a table. bucket: "" for none.
        named: the columns that rows are by, or filtered by.
        as_of_ms: only what was known at an instant; None for now.
    """

    of_site: Sql
    days: DayRange
    costs: Costs = NONE
    bucket: Bucket | Literal[""] = ""
    named: Sequence[str] = ()
    as_of_ms: int | None = None

    @property
    def wide_days(self) -> tuple[str, str]:
        """The first and the last day of any account that may have hours of these days."""
        return days_before(self.days.first.isoformat(), 1), days_before(self.days.last.isoformat(), -1)

    @property
    def level(self) -> CostLevel:
        """The coarsest one that knows what rows are by: the rows of every level come to their account's."""
        if set(self.named) & set(_OF_ADS):
            return "AD"
        return "CAMPAIGN" if self.costs.apart or set(self.named) & set(_OF_CAMPAIGNS) else "ACCOUNT"


def cost_rows(asked: CostRows) -> Sql:
    """The relations of a WITH, of which `costs` is the last."""
    gaps = asked.costs.gaps(asked.days)
    sent, connected = _sent(asked), _connected(asked, gaps)
    parts = [sent, connected] if asked.costs.owners else [sent]
    union = ["SELECT * FROM sent", *(["SELECT * FROM connected"] if asked.costs.owners else [])]
    if gaps:
        parts.insert(1, _gap_days(asked, gaps))
        union.append(f"SELECT {_columns(_OF_GAP)} FROM gap_days")  # noqa: S608 - names are ours
    with_owners = [_owners(asked.costs), _newest(asked)] if asked.costs.owners else []
    if _by_hours(asked):
        with_owners += hours(asked.days, asked.wide_days, asked.costs.shifted(asked.days))
    every = [*with_owners, *parts, Sql(f"costs AS ({' UNION ALL '.join(union)})")]
    return Sql(",\n".join(one.sql for one in every), tuple(value for one in every for value in one.parameters))


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
_OF_GAP = {
    **dict.fromkeys(("platform_campaign", "platform_group", "platform_ad", "campaign", "ad", "currency"), "''"),
    **dict.fromkeys(("impressions", "clicks", "spend_micros", "counted", "shifted"), "0"),
    "claimed_conversions": "CAST(NULL AS DOUBLE)",
    "claimed_revenue_micros": "CAST(NULL AS BIGINT)",
    "claimant": "CAST(NULL AS VARCHAR)",
    "superseded": "false",
    "unread": "1",
}


def _sent(asked: CostRows) -> Sql:
    """What was sent by hand, the latest version of each campaign's day."""
    claimed = ("claimed_conversions", "claimed_revenue_micros")
    columns = ("channel", "impressions", "clicks", "spend_micros", "currency", *claimed)
    where = f"{asked.of_site.sql} AND dt BETWEEN ? AND ?{_until(asked)}"
    found = f"({latest_rows(AD_METRICS, where, columns)}) AS found"
    days = (asked.days.first.isoformat(), asked.days.last.isoformat())
    parameters = (*asked.of_site.parameters, *days)
    if not asked.costs.owners:
        return Sql(f"sent AS (SELECT {_columns(_OF_SENT, 'found')} FROM {found})", parameters)  # noqa: S608
    taken, same = _taken(asked), ("site_id", "day", "source", "medium")
    joined = " AND ".join(
        [f"taken.{name} = found.{name}" for name in same] + ["taken.campaign = lower(found.campaign)"]
    )
    sql = f"""sent AS (
    SELECT {_columns({**_OF_SENT, "superseded": "taken.day IS NOT NULL"}, "found")}
    FROM {found} LEFT JOIN ({taken.sql}) AS taken
        ON {joined}
)"""  # noqa: S608 - names are ours
    return Sql(sql, (*parameters, *taken.parameters))


def _taken(asked: CostRows) -> Sql:
    """The campaigns' days that connected accounts have."""
    rows = _rows_of(asked, "CAMPAIGN")
    sql = f"""SELECT DISTINCT owners.site_id, daily.day, owners.source, owners.medium, lower({_CAMPAIGN}) AS campaign
    FROM ({rows.sql}) AS daily JOIN owners ON {_owned(asked.costs)}"""  # noqa: S608 - names are ours
    return Sql(sql, rows.parameters)


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
    "campaign": _CAMPAIGN,
    "ad": _AD,
}


def _connected(asked: CostRows, gaps: Sequence[Gap]) -> Sql:
    """The rows of connected accounts, the latest snapshot of each day."""
    rows = _on_days_of_site(asked)
    columns = {
        **{name: f"owners.{name}" for name in ("site_id", "source", "medium", "channel")},
        **{name: f"daily.{name}" for name in _OF_DAILY},
        **_LABELS,
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
    SELECT {_columns(columns)}
    FROM ({rows.sql}) AS daily JOIN owners ON {_owned(asked.costs)}{flagged if gaps else ""}{entities}
)"""  # noqa: S608 - names are ours
    return Sql(sql, rows.parameters)


def _gap_days(asked: CostRows, gaps: Sequence[Gap]) -> Sql:
    """Days of accounts that nobody read, unless somebody sent costs of the same source and medium by hand."""
    spans = _values((one.platform, one.account, one.first, one.last) for one in gaps)
    days = _values((day.isoformat(),) for day in each_day(asked.days.first, asked.days.last))
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


def _owners(costs: Costs) -> Sql:
    names = ("platform", "account", "campaign", "site_id", "source", "medium", "channel")
    rows = _values(tuple(getattr(one, name) for name in names) for one in costs.owners)
    return Sql(f"owners AS (SELECT * FROM (VALUES {rows}) AS owned ({', '.join(names)}))")  # noqa: S608 - names are ours


def _newest(asked: CostRows) -> Sql:
    """The latest snapshot of each account's day: all of its levels have the revision of the account's own row."""
    sql = f"""newest AS (
    SELECT platform, account, day, max(revision) AS revision FROM {AD_DAILY.name}
    WHERE level = 'ACCOUNT' AND dt BETWEEN ? AND ?{_of_accounts(asked.costs)}{_until(asked)} GROUP BY 1, 2, 3
)"""  # noqa: S608 - names are ours
    return Sql(sql, asked.wide_days)


def _on_days_of_site(asked: CostRows) -> Sql:
    """The rows of the question's level, of accounts with another clock by their hours where those are known."""
    rows = _rows_of(asked, asked.level)
    shifted = asked.costs.shifted(asked.days)
    flagged = f"CASE WHEN {of_accounts('found', shifted)} THEN 1 ELSE 0 END AS shifted"
    if not _by_hours(asked):
        return Sql(f"SELECT found.*, {flagged} FROM ({rows.sql}) AS found", rows.parameters)  # noqa: S608
    first, last = asked.days.first.isoformat(), asked.days.last.isoformat()
    own = [f"{0 if name in OF_HOURS else f'found.{name}'} AS {name}" for name in _MEASURES]
    sums = [f"{f'CAST(sum({name}) AS BIGINT)' if name in OF_HOURS else 0} AS {name}" for name in _MEASURES]
    ids = {name: name for name in _IDS} | {"entity_id": "campaign_id AS entity_id", "group_id": "'' AS group_id"}
    sql = f"""SELECT found.*, {flagged} FROM ({rows.sql}) AS found
    LEFT JOIN hourly_days AS known ON {_SAME_DAY} WHERE known.day IS NULL
    UNION ALL
    SELECT {", ".join(f"found.{name}" for name in _IDS)}, {", ".join(own)}, 0 AS shifted
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


def _rows_of(asked: CostRows, level: CostLevel) -> Sql:
    """The rows of a level; those that files have twice, while they are merged, once."""
    sql = f"""SELECT DISTINCT {", ".join(f"ad.{name}" for name in (*_IDS, *_MEASURES))}
        FROM {AD_DAILY.name} AS ad
        JOIN newest ON newest.platform = ad.platform AND newest.account = ad.account AND newest.day = ad.day
            AND newest.revision = ad.revision
        WHERE ad.level = '{level}' AND ad.dt BETWEEN ? AND ?"""  # noqa: S608 - names are ours
    return Sql(sql, (asked.days.first.isoformat(), asked.days.last.isoformat()))


def _owned(costs: Costs) -> str:
    """The condition that an owner has a row of `daily`."""
    campaign = "'*'"
    if costs.apart:
        listed = ", ".join(text("#".join(one)) for one in costs.apart)
        key = "daily.platform || '#' || daily.account || '#' || daily.campaign_id"
        campaign = f"CASE WHEN {key} IN ({listed}) THEN daily.campaign_id ELSE '*' END"
    return f"owners.platform = daily.platform AND owners.account = daily.account AND owners.campaign = {campaign}"


def _of_accounts(costs: Costs) -> str:
    named = sorted({one.account for one in costs.owners})
    return f" AND account IN ({', '.join(map(text, named))})" if len(named) <= _MOST_NAMED else ""


def _until(asked: CostRows) -> str:
    return "" if asked.as_of_ms is None else f" AND revision <= {asked.as_of_ms * _NANOSECONDS}"


def _bucket(asked: CostRows, day: str) -> str:
    return bucket_of_day(asked.bucket, DAY_NUMBER.format(day=day)) if asked.bucket else "0"


def _columns(own: dict[str, str], table: str = "") -> str:
    """All columns of `costs`, of which some are made."""
    prefix = f"{table}." if table else ""
    return ", ".join(f"{own[name]} AS {name}" if name in own else f"{prefix}{name}" for name in _COLUMNS)


def _values(rows: Iterable[tuple[Value, ...]]) -> str:
    return ", ".join(f"({', '.join(text(str(value)) for value in row)})" for row in rows)
