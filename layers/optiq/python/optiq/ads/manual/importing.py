"""Takes in a table of costs: whole or not at all, and only what differs from what is known."""

from collections import Counter
from collections.abc import Sequence

from optiq.ads.contracts import DailyMetric, ImportedCosts
from optiq.ads.lake import AD_DAILY, AD_METRICS
from optiq.ads.manual.csv_file import read_csv
from optiq.ads.manual.recording import write
from optiq.ads.spending.api import spending_accounts
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.lake_tables import latest_row_of_each, latest_rows
from optiq.ports import wiring
from optiq.tenancy import api as tenancy

_KEY = ("day", "source", "medium", "campaign")
_VALUES = ("impressions", "clicks", "spend_micros", "currency")


def import_costs(caller: Caller, site_id: str, text: str, clock: Clock = system_clock) -> ImportedCosts:
    tenancy.get_site(caller.organization_id, site_id)
    metrics = read_csv(text)
    known = _known(caller.organization_id, site_id, metrics)
    added = [one for one in metrics if one.key not in known]
    restated = [one for one in metrics if one.key in known and known[one.key] != _values(one)]
    if added or restated:
        write(caller, site_id, [*added, *restated])
    taken = _connected(caller.organization_id, site_id, metrics, clock())
    superseded = [one for one in metrics if _lower(one.key) in taken]
    by_currency = Counter[str]()
    for one in superseded:
        by_currency[one.currency] += one.spend_micros
    return ImportedCosts(
        added=len(added),
        restated=len(restated),
        unchanged=len(metrics) - len(added) - len(restated),
        superseded=len(superseded),
        superseded_micros=dict(by_currency),
    )


def _values(metric: DailyMetric) -> tuple[object, ...]:
    """The numbers; a table tells nothing of claims."""
    return (*(getattr(metric, name) for name in _VALUES), None, None)


def _known(
    organization_id: str, site_id: str, metrics: Sequence[DailyMetric]
) -> dict[tuple[str, ...], tuple[object, ...]]:
    """The numbers that are known of these days, by key."""
    columns = (*_KEY, *_VALUES, "claimed_conversions", "claimed_revenue_micros")
    found = latest_row_of_each(AD_METRICS, "site_id = ? AND dt BETWEEN ? AND ?", columns)
    days = [one.day for one in metrics]
    rows = wiring.query().run(found, organization_id, (site_id, min(days), max(days))).rows
    return {tuple(map(str, row[: len(_KEY)])): row[len(_KEY) :] for row in rows}


def _connected(organization_id: str, site_id: str, metrics: Sequence[DailyMetric], now_ms: int) -> set[tuple[str, ...]]:
    """The days of campaigns that connected accounts of the site have, as rows that are sent would name them."""
    accounts = [
        one
        for one in spending_accounts(organization_id, now_ms)
        if site_id in (one.site_id, *(each.site_id for each in one.campaign_sites))
    ]
    if not accounts:
        return set()
    names = {(one.platform, one.external_id): (one.source, one.medium) for one in accounts}
    days = [one.day for one in metrics]
    found = latest_rows(AD_DAILY, "level = 'CAMPAIGN' AND dt BETWEEN ? AND ?", ("campaign_id",))
    sql = f"SELECT DISTINCT platform, account, day, campaign_id FROM ({found}) WHERE campaign_id <> ''"  # noqa: S608 - names are ours
    rows = wiring.query().run(sql, organization_id, (min(days), max(days))).rows
    return {
        _lower((str(day), *names[str(platform), str(account)], str(campaign)))
        for platform, account, day, campaign in rows
        if (str(platform), str(account)) in names
    }


def _lower(key: Sequence[str]) -> tuple[str, ...]:
    *names, campaign = key
    return (*names, campaign.lower())
