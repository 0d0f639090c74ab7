"""Organizations and the people in them: members, roles, grants, invitations.

A room of its own within tenancy. Every change stands in the organization's book, in the same transaction.
"""

from collections.abc import Sequence
from dataclasses import replace

from optiq.audit import api as audit
from optiq.audit.contracts import Change
from optiq.identity.people import api as people
from optiq.identity.people.contracts import Client, Person
from optiq.kernel.caller import OPERATOR, Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import ConflictError, NotFoundError
from optiq.kernel.manifest import Role
from optiq.kernel.permissions import Membership
from optiq.tenancy.contracts import Organization, OrganizationChange
from optiq.tenancy.groups import api as groups
from optiq.tenancy.members import answering, invitations, membership, organizations, roles
from optiq.tenancy.members.contracts import CustomRole, Invitation, Member, MemberChange, Target

__all__ = [
    "accept_invitation",
    "add_owner",
    "change_member",
    "change_organization",
    "change_role",
    "create_organization",
    "create_role",
    "decline_invitation",
    "get_member",
    "get_organization",
    "invite",
    "is_member",
    "leave",
    "list_invitations",
    "list_members",
    "list_roles",
    "organizations_of",
    "remove_member",
    "revoke_invitation",
    "send_invitation_again",
]

MOST_ORGANIZATIONS = 50
list_members = membership.page
get_member = membership.get
list_roles = roles.roles_of


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
    """Makes an organization that the person owns; without a slug it gets one from its name.

    Raises:
        InvalidError: a setting that cannot be. ForbiddenError: an API key asks.
        ConflictError: another organization has the slug, or the person has too many.
        LimitExceededError: the person made too many today.
    """
    people.require_session(person)
    if len(people.memberships_of(person, clock)) >= MOST_ORGANIZATIONS:
        raise ConflictError(f"nobody is in more than {MOST_ORGANIZATIONS} organizations")
    people.reserve_organization(person.user_id, clock())
    wanted = Organization("", name, currency, slug=slug, timezone=timezone)
    return organizations.create(_self("", person, client), wanted, clock())


def add_owner(organization_id: str, user_id: str, clock: Clock = system_clock) -> None:
    """Gives an organization an owner by the operator's word. Raises NotFoundError; ConflictError for a member."""
    organizations.read(organization_id)
    joined = Change(organization_id, OPERATOR, "member.joined", user_id, {}, {"role": "OWNER"})
    if not audit.commit(membership.joining(organization_id, user_id, "OWNER", OPERATOR, clock()), [joined]):
        raise ConflictError("they became a member at the same time")


def organizations_of(person: Person, clock: Clock = system_clock) -> list[tuple[Organization, Membership]]:
    """The organizations a person is in, with as what."""
    memberships = people.memberships_of(person, clock)
    found = organizations.of_ids([each.organization_id for each in memberships])
    return [(found[each.organization_id], each) for each in memberships if each.organization_id in found]


def get_organization(organization_id: str) -> Organization:
    """Raises NotFoundError."""
    return organizations.read(organization_id).contract()


def change_organization(
    actor: Caller,
    changes: OrganizationChange,
    *,
    expected_version: int | None = None,
) -> Organization:
    """Raises InvalidError; ConflictError for a slug that is taken, or when another version stands."""
    return organizations.change(actor, changes, expected_version)


def is_member(organization_id: str, user_id: str, clock: Clock = system_clock) -> bool:
    """Whether somebody is a member now."""
    return bool(membership.permissions_of(organization_id, user_id, clock()))


def change_member(actor: Caller, user_id: str, changes: MemberChange, clock: Clock = system_clock) -> Member:
    """Changes what somebody is in the organization.

    Raises:
        NotFoundError: no such member or custom role. InvalidError: what cannot be.
        ForbiddenError: more than the actor may do would be given or taken.
        ConflictError: the last owner would be lost, or the member was changed at the same time.
    """
    before = membership.get(actor.organization_id, user_id)
    return membership.change(actor, before, replace(before, **changes), clock())


def remove_member(actor: Caller, user_id: str, clock: Clock = system_clock) -> None:
    """Raises NotFoundError, ForbiddenError, ConflictError as change_member."""
    membership.remove(actor, membership.get(actor.organization_id, user_id), clock(), leaves=False)
    _leave_groups(actor, user_id, clock())


def leave(person: Person, organization_id: str, client: Client, clock: Clock = system_clock) -> None:
    """A person goes by themselves. Raises NotFoundError; ForbiddenError for a key; ConflictError for the last owner."""
    people.require_session(person)
    try:
        member = membership.get(organization_id, person.user_id)
    except NotFoundError as error:
        raise NotFoundError("there is no such organization") from error
    actor = _self(organization_id, person, client)
    membership.remove(actor, member, clock(), leaves=True)
    _leave_groups(actor, person.user_id, clock())


def create_role(
    actor: Caller, name: str, description: str, permissions: Sequence[str], clock: Clock = system_clock
) -> CustomRole:
    """Raises InvalidError; ForbiddenError for permissions the actor lacks; ConflictError for one role too many."""
    return roles.create(actor, name, description, permissions, clock())


def change_role(
    actor: Caller,
    role_id: str,
    *,
    name: str | None = None,
    description: str | None = None,
    permissions: Sequence[str] | None = None,
    archived: bool = False,
    clock: Clock = system_clock,
) -> CustomRole:
    """Changes or archives a custom role and what those who have it may do. Raises as roles.change."""
    return roles.change(
        actor,
        role_id,
        now_ms=clock(),
        name=name,
        description=description,
        permissions=permissions,
        archived=archived,
    )


def invite(
    actor: Caller, email: str, role: Role, clock: Clock = system_clock, *, target: Target | None = None
) -> Invitation:
    """Mails an invitation to the organization, or further to a team or workspace. Raises as invitations.invite."""
    return invitations.invite(actor, email, role, target, clock())


def list_invitations(actor: Caller, clock: Clock = system_clock) -> list[Invitation]:
    """Those that the actor may know of, newest first."""
    return invitations.invitations_of(actor, clock())


def send_invitation_again(actor: Caller, invitation_id: str, clock: Clock = system_clock) -> Invitation:
    """Mails another link. Raises as invitations.send_again."""
    return invitations.send_again(actor, invitation_id, clock())


def revoke_invitation(actor: Caller, invitation_id: str) -> None:
    """Raises as invitations.revoke."""
    invitations.revoke(actor, invitation_id)


def accept_invitation(person: Person, secret: str, client: Client, clock: Clock = system_clock) -> Organization:
    """Makes the person a member of what they were invited to. Raises as answering.accept."""
    return get_organization(answering.accept(person, secret, client, clock()))


def decline_invitation(person: Person, secret: str, client: Client, clock: Clock = system_clock) -> None:
    """Raises as answering.decline."""
    answering.decline(person, secret, client, clock())


def _leave_groups(actor: Caller, user_id: str, now_ms: int) -> None:
    """Who is no member is in no team or workspace either."""
    groups.leave_all(actor, user_id, now_ms)


def _self(organization_id: str, person: Person, client: Client) -> Caller:
    return Caller(organization_id, person.user_id, person.user_id, origin=people.origin_of(client))
