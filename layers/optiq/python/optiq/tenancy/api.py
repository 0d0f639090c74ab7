"""The tenancy context: organizations and their sites."""

import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter

from optiq.audit import api as audit
from optiq.audit.contracts import Change
from optiq.identity import api as identity
from optiq.kernel.caller import Caller
from optiq.kernel.clock import system_clock
from optiq.kernel.errors import NotFoundError
from optiq.kernel.ids import new_id
from optiq.kernel.paging import Page, page_of, place_after
from optiq.kernel.permissions import ROLES
from optiq.kernel.secrets import public_site_key
from optiq.kernel.table import Put
from optiq.ports import wiring
from optiq.tenancy import channel_rules, keys, site_settings, site_workspaces
from optiq.tenancy.contracts import (
    DEFAULT_CONVERSION_EVENTS,
    ChannelRule,
    ChannelRules,
    NewSite,
    Organization,
    Site,
    SiteChange,
    SiteStatus,
)
from optiq.tenancy.groups import api as groups
from optiq.tenancy.members import organizations
from optiq.tenancy.records import OrganizationRecord, SiteRecord

SITE_CACHE_SECONDS = 30
"""How long a change of a site's settings may take to reach every consumer."""

_ORGANIZATIONS = "organizations"
_site_cache: dict[tuple[str, str], tuple[float, Site]] = {}
_cache_lock = threading.Lock()


def create_site(
    *,
    name: str,
    domains: Sequence[str],
    timezone: str = "UTC",
    currency: str = "EUR",
    conversion_events: Sequence[str] = DEFAULT_CONVERSION_EVENTS,
    lookback_days: int | None = None,
    channel_rules: Sequence[ChannelRule] = (),
    excluded_referrers: Sequence[str] = (),
    split_sessions_at_midnight: bool = False,
    workspace_id: str | None = None,
    organization_id: str | None = None,
    by: Caller | None = None,
) -> NewSite:
    """Makes a site with its keys; without `organization_id`, an organization of the same name and currency first.

    Args:
        by: who makes it; without, it is the operator.

    Raises:
        InvalidError: a setting that cannot be; the message begins with its name.
        NotFoundError: there is no such organization or workspace. ConflictError: the workspace is archived.
    """
    now_ms = system_clock()
    site = site_settings.checked(
        Site(
            organization_id="",
            site_id=new_id("site", now_ms),
            name=name,
            domains=tuple(domains),
            timezone=timezone,
            currency=currency,
            conversion_events=tuple(conversion_events),
            lookback_days=lookback_days,
            channel_rules=tuple(channel_rules),
            excluded_referrers=tuple(excluded_referrers),
            split_sessions_at_midnight=split_sessions_at_midnight,
            workspace_id=workspace_id,
        )
    )
    organization = (
        get_organization(organization_id)
        if organization_id
        else create_organization(Caller.system(""), name=name, currency=currency)
    )
    site = replace(site, organization_id=organization.organization_id)
    _store(site, by or operator(site.organization_id), now_ms)
    return NewSite(
        site=site,
        public_key=public_key(site),
        write_key=identity.create_token(Caller.system(site.organization_id), site.site_id, name="first").secret,
        api_key=identity.issue_api_key(Caller.system(site.organization_id), name="first"),
    )


def add_site(
    by: Caller,
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
) -> Site:
    """Makes a site in the caller's organization, whose timezone and currency it has unless told; it has no secrets yet.

    Raises:
        InvalidError, NotFoundError, ConflictError: as create_site.
    """
    organization, now_ms = get_organization(by.organization_id), system_clock()
    site = site_settings.checked(
        Site(
            organization_id=by.organization_id,
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
        )
    )
    _store(site, by, now_ms)
    return site


def _store(site: Site, by: Caller, now_ms: int) -> None:
    if site.workspace_id is not None:
        groups.require_open_workspace(by, site.workspace_id)
    created = Change(
        site.organization_id, by.actor, "site.created", site.site_id, {}, site_settings.said(site), by.origin
    )
    audit.commit([Put(SiteRecord.of(site, now_ms), SiteRecord.pk.does_not_exist())], [created])


def create_organization(
    caller: Caller, *, name: str, currency: str, slug: str = "", timezone: str = "UTC"
) -> Organization:
    """Creates an organization that nobody owns yet, for the operator.

    Raises:
        InvalidError: a setting that cannot be. ConflictError: another organization has the slug.
    """
    wanted = Organization("", name, currency, slug=slug, timezone=timezone)
    return organizations.create(caller, wanted, system_clock(), owned=False)


def list_organizations(limit: int, cursor: str | None) -> Page[Organization]:
    """A page of all organizations, oldest first, for the operator; never for a tenant's request.

    Raises InvalidError for another list's cursor.
    """
    after = place_after(cursor, _ORGANIZATIONS)
    later = OrganizationRecord.gsi1sk > after if after else None
    found = OrganizationRecord.by_second_key.query(keys.ORGANIZATIONS, later, limit=limit + 1)
    return page_of(_ORGANIZATIONS, [record.contract() for record in found], limit, attrgetter("organization_id"))


def get_organization(organization_id: str) -> Organization:
    """Raises NotFoundError."""
    try:
        key = keys.organization(organization_id)
        return OrganizationRecord.get(key.pk, key.sk).contract()
    except OrganizationRecord.DoesNotExist as error:
        raise NotFoundError("there is no such organization") from error


def operator(organization_id: str) -> Caller:
    """Who uses the command line."""
    return Caller.system(organization_id, ROLES["OWNER"])


def list_sites(by: Caller, *, status: SiteStatus = "ACTIVE", workspace_id: str | None = None) -> list[Site]:
    """The organization's sites of a status, as see_site, those of one workspace if it is named; oldest first."""
    first = keys.site(by.organization_id, "")
    found = [record.contract() for record in SiteRecord.query(first.pk, SiteRecord.sk.startswith(first.sk))]
    seen = site_workspaces.as_seen(by, [site for site in found if site.status == status])
    return [site for site in seen if workspace_id in (None, site.workspace_id)]


def see_site(by: Caller, site_id: str) -> Site:
    """A site as it stands, in no workspace where that is hidden from the caller. Raises NotFoundError."""
    (site,) = site_workspaces.as_seen(by, [current_site(by.organization_id, site_id)])
    return site


def get_site(organization_id: str, site_id: str) -> Site:
    """A site of an organization, at most SITE_CACHE_SECONDS old. Raises NotFoundError."""
    cached = _site_cache.get((organization_id, site_id))
    if cached is not None and cached[0] > time.monotonic():
        return cached[1]
    site = SiteRecord.read(organization_id, site_id, consistent=False).contract()
    with _cache_lock:
        _site_cache[organization_id, site_id] = (time.monotonic() + SITE_CACHE_SECONDS, site)
    return site


def find_site(caller: Caller, site_id: str, purpose: str) -> Site:
    """A site by its id alone, for the operator; never for a tenant's request.

    The organization's audit log has an entry that the operator looks, and why. Raises NotFoundError.
    """
    records: list[SiteRecord] = list(SiteRecord.by_second_key.query(keys.SITES, SiteRecord.gsi1sk == site_id))
    if not records:
        raise NotFoundError(f"there is no site '{site_id}'")
    site = records[0].contract()
    _note_access(caller, site.organization_id, site.site_id, purpose)
    return site


def open_organization(caller: Caller, organization_id: str, purpose: str) -> Organization:
    """An organization, for the operator; noted as by find_site. Raises NotFoundError."""
    organization = get_organization(organization_id)
    _note_access(caller, organization_id, organization_id, purpose)
    return organization


def all_sites() -> list[Site]:
    """Every site of every organization, for scheduled sweeps."""
    return [record.contract() for record in SiteRecord.by_second_key.query(keys.SITES)]


def current_site(organization_id: str, site_id: str) -> Site:
    """A site of an organization as it stands, not as it was some seconds ago. Raises NotFoundError."""
    return SiteRecord.read(organization_id, site_id).contract()


def change_site(
    organization_id: str,
    site_id: str,
    changes: SiteChange,
    *,
    expected_version: int | None = None,
    by: Caller | None = None,
) -> Site:
    """Changes a site's settings together; every consumer reads them so within SITE_CACHE_SECONDS.

    The answer is as see_site.

    Args:
        expected_version: has the change made only while the settings are still of that version.
        by: who changes them; without, it is the operator.

    Raises:
        InvalidError: a setting that cannot be; the message begins with its name.
        NotFoundError: there is no such site or workspace.
        ConflictError: another version stands, somebody else changed the site at the same time, another currency, or
            the workspace is archived.
        ForbiddenError: the site would leave a workspace that is hidden from them.
    """
    by = by or operator(organization_id)
    changes = site_workspaces.checked_move(by, site_id, changes)
    changed = site_settings.change(by, site_id, changes, expected_version)
    _forget(organization_id, site_id)
    (site,) = site_workspaces.as_seen(by, [changed])
    return site


def set_channel_rules(
    organization_id: str, site_id: str, rules: Sequence[ChannelRule], *, by: Caller | None = None
) -> ChannelRules:
    """Makes these the site's own channel rules, as a new version; they hold for what happens from then on.

    Args:
        by: who changes them; without, it is the operator.

    Raises:
        InvalidError: a rule that cannot be. NotFoundError: there is no such site.
        ConflictError: somebody else changed the site at the same time.
    """
    version = channel_rules.store(by or operator(organization_id), site_id, rules, system_clock())
    _forget(organization_id, site_id)
    return version


def channel_rule_versions(organization_id: str, site_id: str) -> list[ChannelRules]:
    """Every version of a site's channel rules, the one in force first. Raises NotFoundError."""
    return channel_rules.versions(organization_id, site_id)


def check_channel_rules(rules: Sequence[ChannelRule]) -> tuple[ChannelRule, ...]:
    """The rules as they would be kept. Raises InvalidError for one that cannot be."""
    return channel_rules.checked(rules)


def public_key(site: Site) -> str:
    """The key the site's pages carry."""
    return public_site_key(wiring.platform_secret(), site.organization_id, site.site_id)


def _note_access(caller: Caller, organization_id: str, entity: str, purpose: str) -> None:
    looked = Change(
        organization_id, caller.actor, "data.accessed", entity, after={"command": purpose}, origin=caller.origin
    )
    audit.commit([], [looked])


def _forget(organization_id: str, site_id: str) -> None:
    with _cache_lock:
        _site_cache.pop((organization_id, site_id), None)
