"""The SQL of whose connected accounts' rows are, how links name their campaigns, and the rows themselves.

- `owners`: the site, source, medium and channel of an account, or of a campaign apart.
- `named`: how links name a campaign of a site, where visits tell; `spelled`: every way in which people may write it.
- `newest`: the latest snapshot of each account's day.
"""

from collections.abc import Iterable, Iterator

from optiq.ads.lake import AD_DAILY
from optiq.reports.costs.accounts import Costs, NamedCampaign
from optiq.reports.costs.hours_sql import text
from optiq.reports.costs.rows import CostLevel, CostRows, values
from optiq.reports.statements import Sql

IDS = ("platform", "account", "day", "entity_id", "campaign_id", "group_id", "kind", "remainder", "currency")
MEASURES = ("impressions", "clicks", "spend_micros", "claimed_count_micros", "claimed_value_micros")
VISITED = ("source", "medium", "campaign", "channel")
_MOST_ACCOUNTS = 500
"""Accounts that a statement names, so that others' files need not be read."""
_CAMPAIGN = ("site_id", "platform", "account", "campaign_id")


def owners(costs: Costs) -> list[Sql]:
    """The relations that tell whose rows are and how links name them."""
    names = ("platform", "account", "campaign", "site_id", "source", "medium", "channel")
    found = [_relation("owners", names, (tuple(getattr(one, name) for name in names) for one in costs.owners))]
    if costs.named:
        found.append(_relation("named", (*_CAMPAIGN, *VISITED), map(_named, costs.named)))
        found.append(_relation("spelled", (*_CAMPAIGN, "spelling"), _spelled(costs)))
    return found


def owned(costs: Costs) -> str:
    """The joins of `daily` with its owner, and with how links name its campaign."""
    campaign = "'*'"
    if costs.apart:
        listed = ", ".join(text("#".join(one)) for one in costs.apart)
        key = "daily.platform || '#' || daily.account || '#' || daily.campaign_id"
        campaign = f"CASE WHEN {key} IN ({listed}) THEN daily.campaign_id ELSE '*' END"
    of_account = "owners.platform = daily.platform AND owners.account = daily.account"
    named = f" LEFT JOIN named ON {_of_campaign('named')}" if costs.named else ""
    return f"JOIN owners ON {of_account} AND owners.campaign = {campaign}{named}"


def spelled() -> str:
    """The join of `daily` with every way to write its campaign."""
    return f"LEFT JOIN spelled ON {_of_campaign('spelled')}"


def newest(asked: CostRows) -> Sql:
    """The latest snapshot of each account's day: all of its levels have the revision of the account's own row."""
    sql = f"""newest AS (
    SELECT platform, account, day, max(revision) AS revision FROM {AD_DAILY.name}
    WHERE level = 'ACCOUNT' AND dt BETWEEN ? AND ?{_of_accounts(asked.costs)}{asked.until} GROUP BY 1, 2, 3
)"""  # noqa: S608 - names are ours
    return Sql(sql, asked.wide_days)


def rows_of(asked: CostRows, level: CostLevel) -> Sql:
    """The rows of a level; those that files have twice, while they are merged, once."""
    sql = f"""SELECT DISTINCT {", ".join(f"ad.{name}" for name in (*IDS, *MEASURES))}
        FROM {AD_DAILY.name} AS ad
        JOIN newest ON newest.platform = ad.platform AND newest.account = ad.account AND newest.day = ad.day
            AND newest.revision = ad.revision
        WHERE ad.level = '{level}' AND ad.dt BETWEEN ? AND ?"""  # noqa: S608 - names are ours
    return Sql(sql, (asked.days.first.isoformat(), asked.days.last.isoformat()))


def _of_campaign(table: str) -> str:
    same = ("platform", "account", "campaign_id")
    return " AND ".join([f"{table}.site_id = owners.site_id", *(f"{table}.{name} = daily.{name}" for name in same)])


def _key(one: NamedCampaign) -> tuple[str, ...]:
    return one.site_id, one.name.campaign.platform, one.name.campaign.account, one.name.campaign.campaign_id


def _named(one: NamedCampaign) -> tuple[str, ...]:
    """Without visits all names are empty: the account's own count."""
    visits = one.name.visits
    return *_key(one), *(getattr(visits, name) if visits else "" for name in VISITED)


def _spelled(costs: Costs) -> Iterator[tuple[str, ...]]:
    for one in costs.named:
        for spelling in sorted(one.name.spellings):
            yield *_key(one), spelling


def _of_accounts(costs: Costs) -> str:
    accounts = sorted({one.account for one in costs.owners})
    return f" AND account IN ({', '.join(map(text, accounts))})" if len(accounts) <= _MOST_ACCOUNTS else ""


def _relation(name: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Sql:
    sql = f"{name} AS (SELECT * FROM (VALUES {values(rows)}) AS of_{name} ({', '.join(columns)}))"  # noqa: S608 - names are ours
    return Sql(sql)
