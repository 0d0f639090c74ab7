"""How links name the campaigns of a site's accounts: as most of their visits of the last days were named.

A platform knows its campaign 4711 as "Brand DE", links call it `brand`, and a site's own rule makes a channel of that
name. Costs then count where the visits do. Kept beside the site, so that reports need one read.
"""

from collections.abc import Iterable, Mapping, Sequence

from optiq.ads import keys
from optiq.ads.connections.contracts import AdAccount
from optiq.ads.entities import api as entities
from optiq.ads.lake import AD_RESOLUTIONS
from optiq.ads.resolution.contracts import Campaign, LinkName, VisitNames
from optiq.ads.resolution.knowing import chosen_accounts, site_of
from optiq.ads.resolution.records import LinkNamesRecord
from optiq.journeys.contracts import NOT_SET
from optiq.journeys.lake import TOUCHES
from optiq.kernel.clock import Clock, days_before, system_clock, utc_day
from optiq.kernel.lake_tables import latest_row_of_each
from optiq.ports import wiring

NAMED_DAYS = 90
MOST_NAMED = 500
"""Campaigns of a site, those with the most visits: a statement names each of them."""
_OF_DAYS = "site_id = ? AND dt BETWEEN ? AND ?"
_CAMPAIGN = ("platform", "account", "campaign_id")
_NAMES = ("source", "medium", "campaign", "channel")


def note_link_names(organization_id: str, site_id: str, clock: Clock = system_clock) -> None:
    """Counts the resolved visits of the last days anew. Raises UpstreamError: the lake does not answer."""
    visited = _visited(organization_id, site_id, clock)
    found = [
        (visits, LinkName(campaign, names, spelled))
        for campaign, spelled in _spelled(chosen_accounts(organization_id), site_id)
        for visits, names in [visited.get(campaign, (0, None))]
    ]
    found.sort(key=lambda each: (-each[0], each[1].campaign))
    listed = tuple(sorted((one for _, one in found[:MOST_NAMED]), key=lambda one: one.campaign))
    LinkNamesRecord.of(keys.link_names(organization_id, site_id), listed).save()


def link_names_of(organization_id: str, site_ids: Iterable[str]) -> dict[str, Sequence[LinkName]]:
    """By site, for those of which visits were resolved."""
    wanted = {tuple(keys.link_names(organization_id, site_id)): site_id for site_id in site_ids}
    return {wanted[record.pk, record.sk]: record.link_names for record in LinkNamesRecord.batch_get([*wanted])}


def _visited(organization_id: str, site_id: str, clock: Clock) -> Mapping[Campaign, tuple[int, VisitNames]]:
    """By campaign how its visits are named most, and how many are; of equally many the first by name."""
    first, last = days_before(utc_day(clock()), NAMED_DAYS), days_before(utc_day(clock()), -1)
    resolved = latest_row_of_each(AD_RESOLUTIONS, _OF_DAYS, ("touch_id", *_CAMPAIGN))
    touches = latest_row_of_each(TOUCHES, _OF_DAYS, ("touch_id", "deleted", *_NAMES))
    sql = f"""
SELECT {", ".join(f"resolved.{name}" for name in _CAMPAIGN)}, {", ".join(f"touched.{name}" for name in _NAMES)},
    count(*) AS visits
FROM ({resolved}) AS resolved JOIN ({touches}) AS touched ON touched.touch_id = resolved.touch_id
WHERE resolved.campaign_id <> '' AND NOT touched.deleted AND touched.campaign <> '{NOT_SET}'
GROUP BY 1, 2, 3, 4, 5, 6, 7"""  # noqa: S608 - names are ours
    found: dict[Campaign, tuple[int, VisitNames]] = {}
    of_days = (site_id, first, last)
    for platform, account, campaign_id, *names, visits in (
        wiring.query().run(sql, organization_id, (*of_days, *of_days)).rows
    ):
        campaign = Campaign(str(platform), str(account), str(campaign_id))
        one = (int(str(visits)), VisitNames(*map(str, names)))
        before = found.get(campaign)
        if before is None or (-one[0], one[1]) < (-before[0], before[1]):
            found[campaign] = one
    return found


def _spelled(accounts: Iterable[AdAccount], site_id: str) -> Iterable[tuple[Campaign, tuple[str, ...]]]:
    """The campaigns that are of a site, with every name that they had."""
    for account in accounts:
        for one in entities.entities_of(account.key, ("CAMPAIGN",)):
            if site_of(account, one.external_id) == site_id:
                names = sorted({each.name for each in one.names} - {""})
                yield Campaign(account.platform, account.external_id, one.external_id), tuple(names)
