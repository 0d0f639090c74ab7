"""The tenancy context: organizations and their sites."""

from collections.abc import Sequence
from dataclasses import replace

from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import ConflictError, NotFoundError, require_version
from optiq.kernel.ids import new_id
from optiq.kernel.paging import Page
from optiq.tenancy import channel_rules, known_sites, site_domains, site_settings, site_workspaces
from optiq.tenancy.channel_rules import check_channel_rules
from optiq.tenancy.contracts import (
    DEFAULT_CONVERSION_EVENTS,
    ChannelRule,
    ChannelRules,
    Site,
    SiteChange,
    SiteStatus,
)
from optiq.tenancy.ending import deletable, mark_site, marking, sites_of
from optiq.tenancy.groups import api as groups
from optiq.tenancy.known_sites import SITE_CACHE_SECONDS
from optiq.tenancy.operating import (
    all_sites,
    create_organization,
    create_site,
    find_site,
    get_organization,
    list_organizations,
    open_organization,
    operator,
    organization_ids,
    public_key,
)
from optiq.tenancy.site_domains import is_named_earlier_by_another
from optiq.tenancy.stores import SITES

__all__ = [
    "SITE_CACHE_SECONDS",
    "add_site",
    "all_sites",
    "change_site",
    "channel_rule_versions",
    "check_channel_rules",
    "create_organization",
    "create_site",
    "current_site",
    "deletable",
    "find_site",
    "get_organization",
    "get_site",
    "is_named_earlier_by_another",
    "list_organizations",
    "list_sites",
    "mark_site",
    "marking",
    "open_organization",
    "operator",
    "organization_ids",
    "public_key",
    "see_site",
    "set_channel_rules",
    "site_if_any",
    "sites_of",
]


def add_site(
    caller: Caller,
    *,
    name: str,
    domains: Sequence[str],
    timezone: str | None = None,
    currency: str | None = None,
    conversion_events: Sequence[str] = DEFAULT_CONVERSION_EVENTS,
    lookback_days: int | None = None,
    excluded_referrers: Sequence[str] = (),
    split_sessions_at_midnight: bool = False,
    workspace_id: str | None = None,
    clock: Clock = system_clock,
) -> Site:
    """Creates a site in the caller's organization, which has its timezone and currency by default; it has no secrets.

    Raises:
        InvalidError: a setting that cannot be; the message begins with its name.
        NotFoundError: there is no such workspace.
        ConflictError: it is archived; the workspace or the organization is being deleted.
    """
    organization, now_ms = get_organization(caller.organization_id), clock()
    if organization.deletion_due_ms is not None:
        raise ConflictError("the organization is being deleted: cancel that first")
    site = site_settings.checked(
        Site(
            organization_id=caller.organization_id,
            site_id=new_id("site", now_ms),
            name=name,
            domains=tuple(domains),
            timezone=timezone or organization.timezone,
            currency=currency or organization.currency,
            conversion_events=tuple(conversion_events),
            lookback_days=lookback_days,
            excluded_referrers=tuple(excluded_referrers),
            split_sessions_at_midnight=split_sessions_at_midnight,
            workspace_id=workspace_id,
            created_ms=now_ms,
        )
    )
    if workspace_id is not None:
        groups.require_open_workspace(caller, workspace_id)
    site_domains.note(site, clock=clock)
    return SITES.add(caller, site)


def list_sites(
    caller: Caller,
    *,
    status: SiteStatus = "ACTIVE",
    workspace_id: str | None = None,
    limit: int = 100,
    cursor: str | None = None,
) -> Page[Site]:
    """The organization's sites of a status, as see_site, or those of one workspace; oldest first.

    Raises InvalidError for another list's cursor.
    """
    hidden = groups.hidden_workspaces(caller)

    def is_listed(site: Site) -> bool:
        return site.status == status and workspace_id in (None, site_workspaces.shown(site, hidden).workspace_id)

    page = SITES.page_by_id(caller.organization_id, limit=limit, cursor=cursor, where=is_listed)
    return replace(page, items=tuple(site_workspaces.shown(site, hidden) for site in page.items))


def see_site(caller: Caller, site_id: str) -> Site:
    """A site as it is now, in no workspace where that is hidden from the caller. Raises NotFoundError."""
    return site_workspaces.as_seen(caller, SITES.get(caller, site_id))


def get_site(organization_id: str, site_id: str) -> Site:
    """A site of an organization, at most SITE_CACHE_SECONDS old. Raises NotFoundError."""
    site = known_sites.get(organization_id, site_id)
    if site is None:
        site = _found(SITES.find(organization_id, site_id, consistent=False))
        known_sites.keep(site)
    return site


def site_if_any(organization_id: str, site_id: str) -> Site | None:
    """As `get_site`; None where there is none."""
    try:
        return get_site(organization_id, site_id)
    except NotFoundError:
        return None


def current_site(organization_id: str, site_id: str) -> Site:
    """A site of an organization as it is now, not as it was some seconds ago. Raises NotFoundError."""
    return _found(SITES.find(organization_id, site_id))


def change_site(caller: Caller, site_id: str, changes: SiteChange, *, expected_version: int | None = None) -> Site:
    """Changes a site's settings together; every consumer has them within SITE_CACHE_SECONDS.

    What follows from the settings is derived when it is needed, so it follows from the new ones from then on.
    The answer is as see_site.

    Raises:
        InvalidError: a setting that cannot be; the message begins with its name.
        NotFoundError: there is no such site or workspace.
        ConflictError: another version is stored, somebody changed the site at the same time, another currency, or the
            workspace is archived.
        ForbiddenError: the site would leave a workspace that is hidden from the caller.
    """
    site = SITES.get(caller, site_id)
    changes = site_workspaces.checked_move(caller, site, changes)
    SITES.require_version(site, expected_version)
    wanted = site_settings.checked(replace(site, **changes))
    if wanted.currency != site.currency:
        raise ConflictError(
            f"currency: stays {site.currency}: what was sent without a currency was taken in it, and reports are in it"
        )
    site_domains.note(wanted, site)
    changed = SITES.change(caller, site, wanted)
    known_sites.forget(site)
    return site_workspaces.as_seen(caller, changed)


def set_channel_rules(
    caller: Caller,
    site_id: str,
    rules: Sequence[ChannelRule],
    *,
    expected_version: int | None = None,
    clock: Clock = system_clock,
) -> ChannelRules:
    """Makes these the site's own channel rules, as a new version; they take effect for what happens from then on.

    Raises:
        InvalidError: a rule that cannot be. NotFoundError: there is no such site.
        ConflictError: somebody else changed the site at the same time.
    """
    site = SITES.get(caller, site_id)
    require_version(expected_version, site.channel_rules_version)
    version = channel_rules.next_version(caller, site, rules, clock())
    known_sites.forget(site)
    return version


def channel_rule_versions(caller: Caller, site_id: str) -> list[ChannelRules]:
    """Every version of a site's channel rules, the current one first. Raises NotFoundError."""
    return channel_rules.versions_of(SITES.get(caller, site_id))


def _found(site: Site | None) -> Site:
    if site is None:
        raise SITES.unknown()
    return site
