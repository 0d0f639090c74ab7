"""The operators context: what whoever runs the system does across organizations.

Each verb counts against one limit. What belongs to an organization is reached only by `enter`, which first writes
into that organization's audit log who looks, and why.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from optiq.collect.ingest import api as ingest
from optiq.identity.people import api as people
from optiq.identity.people.contracts import User
from optiq.kernel import operator_key
from optiq.kernel.caller import OPERATOR, Caller
from optiq.kernel.clock import MINUTE_MS, SECOND_MS, Clock, day_of, parse_timezone, system_clock
from optiq.kernel.errors import InvalidError, NotFoundError
from optiq.kernel.operator_key import OperatorKey
from optiq.kernel.paging import Page
from optiq.operators.contracts import Access, Unclaimed
from optiq.ports import wiring
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite, Organization
from optiq.tenancy.members import api as members

ACCESS_MINUTES = 15
"""How long a key for one organization lasts. Nothing ends it before."""


def list_organizations(limit: int, cursor: str | None, clock: Clock = system_clock) -> Page[Organization]:
    """A page of all organizations, newest first. Raises InvalidError for another list's cursor."""
    people.reserve_operator(clock())
    return tenancy.list_organizations(limit, cursor)


def create_organization(
    caller: Caller,
    *,
    name: str,
    slug: str = "",
    currency: str = "EUR",
    timezone: str = "UTC",
    owner_email: str = "",
    clock: Clock = system_clock,
) -> Organization:
    """Creates an organization. The user with `owner_email` owns it; without, nobody does yet.

    Raises:
        InvalidError: a setting that cannot be. NotFoundError: no user has this e-mail.
        ConflictError: another organization has the slug.
    """
    people.reserve_operator(clock())
    owner = people.find_by_address(owner_email) if owner_email else None
    if owner_email and owner is None:
        raise NotFoundError("owner_email: no user has this e-mail; create the user first")
    organization = tenancy.create_organization(caller, name=name, slug=slug, currency=currency, timezone=timezone)
    if owner is not None:
        members.add_owner(replace(caller, organization_id=organization.organization_id), owner.user_id)
    return organization


def create_user(
    caller: Caller, *, email: str, name: str, password: str, organization_id: str = "", clock: Clock = system_clock
) -> User:
    """Creates a user, who owns the organization if one is named.

    Raises:
        InvalidError: an e-mail, name or password that cannot be. ConflictError: a user has this e-mail.
        NotFoundError: there is no such organization.
    """
    people.reserve_operator(clock())
    if organization_id:
        tenancy.get_organization(organization_id)
    user = people.create_person(email, name, password)
    if organization_id:
        members.add_owner(replace(caller, organization_id=organization_id), user.user_id)
    return user


def create_site(organization_id: str = "", *, clock: Clock = system_clock, **settings: Any) -> NewSite:
    """Creates a site with a write key and an API key; in a new organization of its name when none is given.

    Arguments and errors as tenancy.api.create_site.
    """
    people.reserve_operator(clock())
    return tenancy.create_site(organization_id=organization_id or None, **settings)


def enter(
    caller: Caller, *, organization_id: str = "", site_id: str = "", purpose: str, clock: Clock = system_clock
) -> Access:
    """A key for the organization that is named, or has the site. Its audit log has an entry before this returns.

    Raises:
        InvalidError: not exactly one of the two ids is named. NotFoundError: there is no such organization or site.
    """
    now_ms = clock()
    people.reserve_operator(now_ms)
    if bool(organization_id) == bool(site_id):
        raise InvalidError("site_id: give either organization_id or site_id")
    if site_id:
        organization_id = tenancy.find_site(caller, site_id, purpose).organization_id
    else:
        tenancy.open_organization(caller, organization_id, purpose)
    expires_s = (now_ms + ACCESS_MINUTES * MINUTE_MS) // SECOND_MS
    staff_id = "" if caller.actor == OPERATOR else caller.actor
    key = operator_key.sign(wiring.platform_secret(), OperatorKey(expires_s, organization_id, staff_id))
    return Access(organization_id, site_id, key, expires_s * SECOND_MS)


def unclaimed(days: int, clock: Clock = system_clock) -> Sequence[Unclaimed]:
    """What came and names no known site (unknown keys, unreadable bodies), by day in UTC, the latest first."""
    now_ms = clock()
    people.reserve_operator(now_ms)
    today = day_of(now_ms, parse_timezone("UTC"))
    wanted = [today - timedelta(days=ago) for ago in range(days)]
    counted = [(day, ingest.unclaimed_counts(day)) for day in wanted]
    return [Unclaimed(day.isoformat(), counts.failed, counts.not_kept) for day, counts in counted]
