"""Organizations: created with their first owner, known by a slug that no other has."""

import re
from dataclasses import replace

from optiq.identity.people import api as people
from optiq.identity.people.contracts import Client, Person
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, parse_timezone, system_clock
from optiq.kernel.errors import ConflictError, InvalidError
from optiq.kernel.ids import new_id
from optiq.kernel.money import parse_currency
from optiq.kernel.permissions import Membership
from optiq.store.api import Transaction
from optiq.tenancy.contracts import Organization, OrganizationChange
from optiq.tenancy.members.members import caller_in, count_owners, first_owner
from optiq.tenancy.site_settings import checked_name
from optiq.tenancy.stores import ORGANIZATIONS

MOST_ORGANIZATIONS = 50
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,48})[a-z0-9]")
_WEB = re.compile(r"https://[^\s<>\"]{1,1000}")


def create_organization(
    person: Person,
    client: Client,
    *,
    name: str,
    slug: str = "",
    currency: str = "EUR",
    timezone: str = "UTC",
    clock: Clock = system_clock,
) -> Organization:
    """Creates an organization that the person owns; without a slug it gets one from its name.

    Raises:
        InvalidError: a setting that cannot be. ForbiddenError: an API key asks.
        ConflictError: another organization has the slug, or the person has too many.
        LimitExceededError: the person created too many today.
    """
    people.require_session(person)
    if len(people.memberships_of(person, clock)) >= MOST_ORGANIZATIONS:
        raise ConflictError(f"you can be in at most {MOST_ORGANIZATIONS} organizations")
    now_ms = clock()
    people.reserve_organization(person.user_id, now_ms)
    created = checked(Organization(new_id("org", now_ms), name, currency, slug, timezone, "", now_ms))
    caller = caller_in(created.organization_id, person, client)
    (creating(caller, created, owners=1) + first_owner(caller, now_ms)).commit()
    return created


def organizations_of(person: Person, *, clock: Clock = system_clock) -> list[tuple[Organization, Membership]]:
    """The organizations that a person is in, each with their membership; of a key the one that it is for."""
    memberships = people.memberships_of(person, clock)
    if person.scopes is not None:
        memberships = [each for each in memberships if each.organization_id == person.organization_id]
    found = ORGANIZATIONS.find_each(each.organization_id for each in memberships)
    by_id = {each.organization_id: each for each in found}
    return [(by_id[each.organization_id], each) for each in memberships if each.organization_id in by_id]


def change_organization(
    caller: Caller, changes: OrganizationChange, *, expected_version: int | None = None
) -> Organization:
    """Changes settings together, or none of them.

    Raises:
        InvalidError, NotFoundError: as they say.
        ConflictError: another organization has the slug, another version is stored, or somebody changed it just then.
    """
    before = ORGANIZATIONS.get(caller)
    return ORGANIZATIONS.change(caller, before, checked(replace(before, **changes)), expected_version)


def creating(caller: Caller, organization: Organization, *, owners: int) -> Transaction:
    """What writes a new organization, which is created with so many owners."""
    return ORGANIZATIONS.adding(caller, organization) + count_owners(organization.organization_id, owners)


def checked(organization: Organization) -> Organization:
    """The organization as it is stored. Raises InvalidError, which names the setting that cannot be."""
    slug = organization.slug or _slug_of(organization)
    if not _SLUG.fullmatch(slug):
        raise InvalidError("slug: must have 3 to 50 small letters, digits and hyphens, such as shop-berlin")
    if organization.logo_url and not _WEB.fullmatch(organization.logo_url):
        raise InvalidError("logo_url: must begin with https://")
    parse_timezone(organization.timezone)
    return replace(
        organization,
        name=checked_name(organization.name),
        currency=parse_currency(organization.currency),
        slug=slug,
    )


def _slug_of(organization: Organization) -> str:
    """From the name, with the end of the id, so that no other has it."""
    words = re.sub(r"[^a-z0-9]+", "-", organization.name.lower()).strip("-")[:36].rstrip("-")
    return f"{words or 'organization'}-{organization.organization_id[-8:].lower()}"
