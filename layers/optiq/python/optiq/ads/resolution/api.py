"""Which campaign, group and ad visits came from: links that people set, and what is known of each touch."""

from optiq.ads.platforms.registry import kinds
from optiq.ads.resolution import links, naming, resolving, sweeping
from optiq.ads.resolution.contracts import CampaignLink, TrackingTemplate
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.paging import Page

list_links = links.list_links
slug = naming.slug
resolve_site = resolving.resolve_site
resolve_due = sweeping.resolve_due
resolve_after_reading = sweeping.resolve_after_reading


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
    """Links a name to a campaign, and resolves its touches at once; other spellings within the hour.

    Raises:
        NotFoundError, InvalidError: as `links.set_link`.
    """
    link = links.set_link(
        caller,
        site_id,
        utm_campaign=utm_campaign,
        platform=platform,
        account=account,
        campaign_id=campaign_id,
        clock=clock,
    )
    resolving.resolve_site(caller.organization_id, site_id, named=utm_campaign, clock=clock)
    return link


def remove_link(caller: Caller, site_id: str, link_id: str, clock: Clock = system_clock) -> CampaignLink:
    """Takes a link back, and resolves its touches by what else is known. Raises NotFoundError."""
    link = links.remove_link(caller, site_id, link_id)
    resolving.resolve_site(caller.organization_id, site_id, named=link.utm_campaign, clock=clock)
    return link


def tracking_templates() -> Page[TrackingTemplate]:
    """What to add to each platform's ads, by platform."""
    found = [
        TrackingTemplate(name, kind.title, kind.landing.template, kind.landing.where)
        for name, kind in sorted(kinds().items())
        if kind.landing.template
    ]
    return Page(tuple(found))
