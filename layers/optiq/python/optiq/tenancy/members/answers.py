"""Accepting and declining an invitation: by the link in the mail, by the person signed in with its address."""

from optiq.identity.people import api as people
from optiq.identity.people.contracts import Client, Person
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import ConflictError, ForbiddenError, NotFoundError
from optiq.kernel.permissions import ORGANIZATION_KEY, ROLES
from optiq.kernel.secrets import digest_of
from optiq.mail import api as mails
from optiq.store.api import holder_of
from optiq.tenancy import keys
from optiq.tenancy.contracts import Group, Invitation, Organization
from optiq.tenancy.groups import api as groups
from optiq.tenancy.members.grants import permissions_of
from optiq.tenancy.members.invitation_links import INVALID, named_by
from optiq.tenancy.members.invitations import as_of, ending
from optiq.tenancy.members.members import caller_in, joining
from optiq.tenancy.members.targets import require_may_invite
from optiq.tenancy.membership import find_member
from optiq.tenancy.stores import INVITATIONS, MEMBERS, ORGANIZATIONS


def accept_invitation(person: Person, secret: str, client: Client, *, clock: Clock = system_clock) -> Organization:
    """Makes a person a member of the organization, unless they are one, and of the target.

    With an invitation to a team or workspace nobody needs one to the organization: one that is open is revoked.

    Raises:
        UnauthenticatedError: the link is expired or used, or the person who invited may not invite any more.
        ForbiddenError: the person has another address, or asks with a key.
        ConflictError: they are in there, or the target is archived.
    """
    now_ms = clock()
    caller, invitation = _opened(person, secret, client, now_ms)
    group, target = _require_inviter_may(invitation, now_ms), invitation.target
    transaction = ending(caller, invitation, "ACCEPTED", now_ms, accepted_by=caller.user_id)
    member = find_member(caller.organization_id, caller.user_id) if target is not None else None
    if member is not None:
        transaction += MEMBERS.unchanged(member)
    else:
        transaction += joining(caller, caller.user_id, invitation.role, invitation.invited_by, now_ms)
    if target is not None and group is not None:
        transaction += groups.joining(caller, group, caller.user_id, target.role, invitation.invited_by, now_ms)
        to_organization = _open_to_organization(invitation, now_ms)
        if to_organization is not None:
            transaction += ending(caller, to_organization, "REVOKED", now_ms)
    try:
        transaction.commit()
    except ConflictError as error:
        raise INVALID from error
    return ORGANIZATIONS.get(caller)


def decline_invitation(person: Person, secret: str, client: Client, *, clock: Clock = system_clock) -> None:
    """Raises UnauthenticatedError and ForbiddenError as accept_invitation."""
    now_ms = clock()
    caller, invitation = _opened(person, secret, client, now_ms)
    try:
        ending(caller, invitation, "DECLINED", now_ms).commit()
    except ConflictError as error:
        raise INVALID from error


def _opened(person: Person, secret: str, client: Client, now_ms: int) -> tuple[Caller, Invitation]:
    """The person who opened a link, in its organization, and its invitation, which must be theirs."""
    people.require_session(person)
    organization_id, invitation_id = named_by(secret)
    invitation = INVITATIONS.find(organization_id, invitation_id)
    if invitation is None or invitation.digest != digest_of(secret) or as_of(invitation, now_ms).status != "OPEN":
        raise INVALID
    address_hash = mails.address_hash(people.profile(person).email)
    if address_hash != mails.address_hash(invitation.email):
        raise ForbiddenError("the invitation is for another address than the one you are signed in with")
    return caller_in(organization_id, person, client), invitation


def _require_inviter_may(invitation: Invitation, now_ms: int) -> Group | None:
    """The team or workspace of an invitation. An inviter who has lost the right to invite brings nobody in.

    Raises:
        UnauthenticatedError: they have lost it. ConflictError: the target is archived.
    """
    inviter = Caller(invitation.organization_id, invitation.invited_by, permissions=ROLES[ORGANIZATION_KEY])
    if inviter.actor.startswith("user_"):
        allowed = permissions_of(inviter.organization_id, inviter.actor, now_ms)
        inviter = Caller(inviter.organization_id, inviter.actor, inviter.actor, allowed)
    if not inviter.may("members:invite"):
        raise INVALID
    try:
        return require_may_invite(inviter, invitation.role, invitation.target, now_ms)
    except (ForbiddenError, NotFoundError) as error:
        raise INVALID from error


def _open_to_organization(invitation: Invitation, now_ms: int) -> Invitation | None:
    """The open invitation of the same address to the organization alone."""
    address_hash = mails.address_hash(invitation.email)
    holder = holder_of(keys.invited(invitation.organization_id, address_hash))
    found = INVITATIONS.find(invitation.organization_id, holder)
    return found if found is not None and as_of(found, now_ms).status == "OPEN" else None
