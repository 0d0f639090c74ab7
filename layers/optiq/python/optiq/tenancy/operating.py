"""What the operator does: creates organizations and sites, and opens those of any tenant."""

from collections.abc import Sequence
from dataclasses import replace

from optiq.audit import api as audit
from optiq.audit.contracts import Change
from optiq.identity import api as identity
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import NotFoundError
from optiq.kernel.ids import new_id
from optiq.kernel.paging import Page
from optiq.kernel.permissions import ROLES
from optiq.kernel.secrets import public_site_key
from optiq.ports import wiring
from optiq.store.api import Transaction
from optiq.tenancy import keys, site_domains, site_settings
from optiq.tenancy.contracts import DEFAULT_CONVERSION_EVENTS, ChannelRule, NewSite, Organization, Site
from optiq.tenancy.members import organizations
from optiq.tenancy.stores import ORGANIZATIONS, SITES


def operator(organization_id: str) -> Caller:
    """The caller of the command line."""
    return Caller.system(organization_id, ROLES["OWNER"])


def create_organization(
    caller: Caller,
    *,
    name: str,
    currency: str,
    slug: str = "",
    timezone: str = "UTC",
    clock: Clock = system_clock,
) -> Organization:
    """Creates an organization without an owner, for the operator.

    Raises:
        InvalidError: a setting that cannot be. ConflictError: another organization has the slug.
    """
    created = _checked_organization(name, currency, slug, timezone, clock())
    organizations.creating(caller, created, owners=0).commit()
    return created


def _checked_organization(name: str, currency: str, slug: str, timezone: str, now_ms: int) -> Organization:
    """Raises InvalidError."""
    return organizations.checked(Organization(new_id("org", now_ms), name, currency, slug, timezone, "", now_ms))


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
    organization_id: str | None = None,
    clock: Clock = system_clock,
) -> NewSite:
    """Creates a site with its keys, for the operator; without an organization, one of the same name and currency first.

    Raises:
        InvalidError: a setting that cannot be; the message begins with its name.
        NotFoundError: there is no such organization.
    """
    now_ms = clock()
    site = site_settings.checked(
        Site(
            organization_id=organization_id or "",
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
            created_ms=now_ms,
        )
    )
    transaction = Transaction()
    if organization_id:
        get_organization(organization_id)
    else:
        organization = _checked_organization(name, currency, "", "UTC", now_ms)
        transaction = organizations.creating(Caller.system(""), organization, owners=0)
        site = replace(site, organization_id=organization.organization_id)
    caller = operator(site.organization_id)
    site_domains.note(site, clock=clock)
    (transaction + SITES.adding(caller, site, clock=clock)).commit()
    return NewSite(
        site=site,
        public_key=public_key(site),
        write_key=identity.create_token(caller, site.site_id, name="first").secret,
        api_key=identity.issue_api_key(caller, name="first"),
    )


def get_organization(organization_id: str) -> Organization:
    """Raises NotFoundError."""
    organization = ORGANIZATIONS.find(organization_id)
    if organization is None:
        raise ORGANIZATIONS.unknown()
    return organization


def list_organizations(limit: int, cursor: str | None) -> Page[Organization]:
    """A page of all organizations, newest first, for the operator; never for a tenant's request.

    Raises InvalidError for another list's cursor.
    """
    return ORGANIZATIONS.page(keys.ORGANIZATIONS, limit, cursor)


def find_site(caller: Caller, site_id: str, purpose: str) -> Site:
    """A site by its id alone, for the operator; never for a tenant's request.

    The organization's audit log has an entry that the operator looks, and why. Raises NotFoundError.
    """
    found = SITES.in_index(keys.SITES, site_id)
    if not found:
        raise NotFoundError(f"there is no site '{site_id}'")
    _note_access(caller, found[0].organization_id, site_id, purpose)
    return found[0]


def open_organization(caller: Caller, organization_id: str, purpose: str) -> Organization:
    """An organization, for the operator; noted as by find_site. Raises NotFoundError."""
    organization = get_organization(organization_id)
    _note_access(caller, organization_id, organization_id, purpose)
    return organization


def organization_ids() -> list[str]:
    """Every organization's id, for scheduled sweeps."""
    return [one.organization_id for one in ORGANIZATIONS.in_index(keys.ORGANIZATIONS)]


def all_sites() -> list[Site]:
    """Every site of every organization, for scheduled sweeps."""
    return SITES.in_index(keys.SITES)


def public_key(site: Site) -> str:
    """The key that the site's pages carry."""
    return public_site_key(wiring.platform_secret(), site.organization_id, site.site_id)


def _note_access(caller: Caller, organization_id: str, entity: str, purpose: str) -> None:
    after = {"command": purpose}
    audit.commit([], [Change(organization_id, caller.actor, "data.accessed", entity, {}, after, caller.origin)])
