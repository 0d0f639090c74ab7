"""Which site an account's costs are of: one for the account, and others for campaigns of it."""

from collections.abc import Sequence
from dataclasses import replace

from optiq.ads.connections.contracts import AdAccount, CampaignSite
from optiq.ads.connections.stores import ACCOUNTS
from optiq.kernel.caller import Caller
from optiq.kernel.errors import InvalidError
from optiq.tenancy import api as tenancy

_MOST_CAMPAIGNS = 1_000


def assign(
    caller: Caller,
    platform: str,
    external_id: str,
    *,
    site_id: str = "",
    campaign_sites: Sequence[CampaignSite] = (),
    source: str = "",
    medium: str = "",
) -> AdAccount:
    """Assigns an account's costs, those of all days, to a site; those of the campaigns named to theirs.

    Args:
        site_id: "" for none: then only those campaigns' costs are in reports.
        source, medium: by which links name visits of its ads; "" for those that are usual for the platform.

    Raises:
        NotFoundError: there is no such account or site. InvalidError: a campaign is there twice.
    """
    account = ACCOUNTS.get(caller, platform, external_id)
    campaigns = [one.campaign_id for one in campaign_sites]
    if len(campaigns) > _MOST_CAMPAIGNS or len(set(campaigns)) < len(campaigns):
        raise InvalidError(f"campaign_sites: name at most {_MOST_CAMPAIGNS} campaigns, each once")
    for one in filter(None, (site_id, *(each.site_id for each in campaign_sites))):
        tenancy.get_site(caller.organization_id, one)
    ordered = tuple(sorted(campaign_sites, key=lambda one: one.campaign_id))
    after = replace(account, site_id=site_id, campaign_sites=ordered, source=source, medium=medium)
    return ACCOUNTS.change(caller, account, after)


def only_site(organization_id: str) -> str:
    """The id of the organization's only active site; "" where it has none or several."""
    sites = tenancy.list_sites(Caller.system(organization_id), limit=2).items
    return sites[0].site_id if len(sites) == 1 else ""


def leave_site(caller: Caller, site_id: str) -> None:
    """Takes a site that is deleted from all accounts. Raises VersionError: an account was changed just then."""
    for account in ACCOUNTS.all_of(caller.organization_id):
        campaign_sites = tuple(one for one in account.campaign_sites if one.site_id != site_id)
        after = replace(
            account, site_id="" if account.site_id == site_id else account.site_id, campaign_sites=campaign_sites
        )
        ACCOUNTS.change(caller, account, after)
