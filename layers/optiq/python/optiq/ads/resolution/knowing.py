"""Gathers what connected accounts have, for the ladder."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from optiq.ads.connections.contracts import AdAccount
from optiq.ads.connections.stores import ACCOUNTS
from optiq.ads.entities import api as entities
from optiq.ads.entities.contracts import Entity
from optiq.ads.lake import AD_CLICKS, AD_DAILY
from optiq.ads.platforms.registry import kinds
from optiq.ads.platforms.reported import EntityLevel, ReportedClick
from optiq.ads.resolution import links
from optiq.ads.resolution.contracts import Campaign
from optiq.ads.resolution.ladder import Found, Known, Named
from optiq.ads.resolution.naming import slug
from optiq.kernel.clock import DAY_MS, day_number, days_before
from optiq.kernel.lake_tables import latest_rows
from optiq.ports import wiring

_CLICKS_AT_ONCE = 5_000


def known_of(organization_id: str, site_id: str) -> Known:
    """What the accounts that were chosen have. `clicks` is empty: see `with_clicks`."""
    accounts = chosen_accounts(organization_id)
    days = _days_with_numbers(organization_id) if accounts else {}
    ids: dict[tuple[str, EntityLevel, str], Found] = {}
    named: defaultdict[str, dict[Campaign, Named]] = defaultdict(dict)
    for account in accounts:
        for one in entities.entities_of(account.key):
            ids[account.platform, one.level, one.external_id] = Found(account.external_id, one.id)
            # A name says nothing of other sites' campaigns: several clients of an agency have a "Brand".
            if one.level == "CAMPAIGN" and site_of(account, one.external_id) in ("", site_id):
                campaign = Campaign(account.platform, account.external_id, one.external_id)
                for name in {slug(each.name) for each in one.names} - {""}:
                    named[name][campaign] = Named(campaign, *_was_there(one, days.get(campaign)))
    return Known(
        ids=ids,
        named={name: tuple(found.values()) for name, found in named.items()},
        links={(one.platform, slug(one.utm_campaign)): one.campaign for one in links.of_site(organization_id, site_id)},
        platforms=tuple(sorted({account.platform for account in accounts})),
    )


def chosen_accounts(organization_id: str) -> list[AdAccount]:
    """An organization's accounts that are read."""
    return [
        account
        for name, kind in kinds().items()
        if kind.capabilities.signs_in
        for account in ACCOUNTS.all_of(organization_id, name)
        if account.chosen
    ]


def sources_of(accounts: Iterable[AdAccount]) -> dict[str, str]:
    """The platform of each source that links name its ads by: the usual ones, and those of accounts."""
    usual = {source: name for name, kind in kinds().items() for source in kind.landing.sources}
    return usual | {one.source.strip().lower(): one.platform for one in accounts if one.source}


def site_of(account: AdAccount, campaign_id: str) -> str:
    """The site that a campaign's costs are of, or ""."""
    own = {one.campaign_id: one.site_id for one in account.campaign_sites}
    return own.get(campaign_id, account.site_id)


def campaigns_of(account: AdAccount) -> list[Campaign]:
    """The campaigns that an account has, or had."""
    campaigns = entities.entities_of(account.key, ("CAMPAIGN",))
    return [Campaign(account.platform, account.external_id, one.external_id) for one in campaigns]


def clicks_of(
    organization_id: str, click_ids: Sequence[str], first: str, last: str
) -> Mapping[str, tuple[str, str, ReportedClick]]:
    """The clicks with these ids, on the accounts' days from `first` to `last` and one more at both ends."""
    found: dict[str, tuple[str, str, ReportedClick]] = {}
    bounds = (days_before(first, 1), days_before(last, -1))
    for start in range(0, len(click_ids), _CLICKS_AT_ONCE):
        some = click_ids[start : start + _CLICKS_AT_ONCE]
        sql = f"""
SELECT platform, account, click_id, campaign_id, group_id, ad_id
FROM ({latest_rows(AD_CLICKS, "dt BETWEEN ? AND ?")}) WHERE click_id IN ({", ".join("?" * len(some))})"""  # noqa: S608 - names are ours
        for platform, account, *click in wiring.query().run(sql, organization_id, (*bounds, *some)).rows:
            one = ReportedClick(*map(str, click))
            found[one.click_id] = (str(platform), str(account), one)
    return found


def _days_with_numbers(organization_id: str) -> dict[Campaign, tuple[str, str]]:
    """The first and the last day on which each campaign has numbers."""
    sql = f"""
SELECT platform, account, campaign_id, min(day), max(day) FROM ({latest_rows(AD_DAILY, "level = 'CAMPAIGN'")})
WHERE campaign_id <> '' GROUP BY platform, account, campaign_id"""  # noqa: S608 - names are ours
    rows: Iterable[Sequence[object]] = wiring.query().run(sql, organization_id).rows
    return {
        Campaign(str(platform), str(account), str(campaign)): (str(first), str(last))
        for platform, account, campaign, first, last in rows
    }


def _was_there(one: Entity, days: tuple[str, str] | None) -> tuple[int, int]:
    """The days from when it was first seen or had numbers to when it was last; numbers of UTC days."""
    first, last = one.first_seen_ms // DAY_MS, one.last_seen_ms // DAY_MS
    if days is None:
        return first, last
    return min(first, day_number(days[0])), max(last, day_number(days[1]))
