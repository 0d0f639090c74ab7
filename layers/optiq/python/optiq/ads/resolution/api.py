"""Which campaign, group and ad visits came from: links that people set, and what is known of each touch."""

from optiq.ads.platforms.registry import kinds
from optiq.ads.resolution import link_names, links, naming, resolving, sweeping
from optiq.ads.resolution.contracts import CampaignLink, TrackingTemplate
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.paging import Page

list_links = links.list_links
slug = naming.slug
resolve_site = resolving.resolve_site
note_link_names = link_names.note_link_names
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
    _resolve(caller, site_id, utm_campaign, clock)
    return link


def remove_link(caller: Caller, site_id: str, link_id: str, clock: Clock = system_clock) -> CampaignLink:
    """Takes a link back, and resolves its touches by what else is known. Raises NotFoundError."""
    link = links.remove_link(caller, site_id, link_id)
    _resolve(caller, site_id, link.utm_campaign, clock)
    return link


def _resolve(caller: Caller, site_id: str, named: str, clock: Clock) -> None:
    resolving.resolve_site(caller.organization_id, site_id, named=named, clock=clock)
    note_link_names(caller.organization_id, site_id, clock)


def tracking_templates() -> Page[TrackingTemplate]:
    """What to add to each platform's ads, by platform."""
    found = [
        TrackingTemplate(name, kind.title, kind.landing.template, kind.landing.where)
        for name, kind in sorted(kinds().items())
        if kind.landing.template
    ]
    return Page(tuple(found))
