"""Links that people set from a name in utm_campaign to a campaign."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b

from optiq.ads.connections.stores import ACCOUNTS
from optiq.ads.entities import api as entities
from optiq.ads.platforms.reported import EntityId
from optiq.ads.resolution.contracts import CampaignLink
from optiq.ads.resolution.naming import slug
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import InvalidError
from optiq.kernel.keys import Key
from optiq.kernel.paging import Page
from optiq.store.api import Store
from optiq.tenancy import api as tenancy


def _key(organization_id: str, site_id: str, link_id: str) -> Key:
    return Key(f"ORG#{organization_id}#SITE#{site_id}", f"AD_LINK#{link_id}")


LINKS = Store(CampaignLink, "ad link", _key)


def set_link(
    caller: Caller,
    site_id: str,
    *,
    utm_campaign: str,
    platform: str,
    account: str,
    campaign_id: str,
    clock: Clock = system_clock,
) -> CampaignLink:
    """Links a name to a campaign, in place of what the name was linked to at that platform.

    Raises:
        NotFoundError: there is no such site or account.
        InvalidError: the name has no letter or digit, or the account has no such campaign.
    """
    tenancy.get_site(caller.organization_id, site_id)
    ACCOUNTS.get(caller, platform, account)
    name = slug(utm_campaign)
    if not name:
        raise InvalidError("utm_campaign: must have a letter or a digit")
    of = (caller.organization_id, platform, account)
    if not entities.is_known(of, EntityId("CAMPAIGN", campaign_id, campaign_id)):
        raise InvalidError("campaign_id: the account has no such campaign; see GET …/entities")
    wanted = CampaignLink(
        caller.organization_id,
        site_id,
        _link_id(platform, name),
        utm_campaign,
        platform,
        account,
        campaign_id,
        clock(),
    )
    before = LINKS.find(caller.organization_id, site_id, wanted.link_id)
    if before is None:
        return LINKS.add(caller, wanted)
    return LINKS.change(caller, before, replace(wanted, created_ms=before.created_ms, version=before.version))


def remove_link(caller: Caller, site_id: str, link_id: str) -> CampaignLink:
    """The name is no campaign's by a link any more. Raises NotFoundError."""
    before = LINKS.get(caller, site_id, link_id)
    return LINKS.change(caller, before, replace(before, removed=True))


def list_links(caller: Caller, site_id: str, *, limit: int = 50, cursor: str | None = None) -> Page[CampaignLink]:
    """A page of a site's links. Raises NotFoundError; InvalidError for another list's cursor."""
    tenancy.get_site(caller.organization_id, site_id)
    return LINKS.page_by_id(
        caller.organization_id, site_id, limit=limit, cursor=cursor, where=lambda link: not link.removed
    )


def of_site(organization_id: str, site_id: str) -> Sequence[CampaignLink]:
    """Those that count."""
    return [link for link in LINKS.all_of(organization_id, site_id) if not link.removed]


def _link_id(platform: str, name: str) -> str:
    return f"{platform}-{blake2b(name.encode(), digest_size=12).hexdigest()}"
