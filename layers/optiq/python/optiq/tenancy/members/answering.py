"""Answering an invitation: by the link in the mail, by who is signed in with the address it is for."""

from optiq.audit import api as audit
from optiq.audit.contracts import Change
from optiq.identity.people import api as people
from optiq.identity.people.contracts import Client, Person
from optiq.kernel.caller import Caller
from optiq.kernel.errors import ForbiddenError, NotFoundError
from optiq.kernel.permissions import ORGANIZATION_KEY, ROLES
from optiq.kernel.secrets import digest_of
from optiq.notifications import api as notifications
from optiq.tenancy.groups.contracts import Group
from optiq.tenancy.members import invitation_items as items
from optiq.tenancy.members import membership, targets
from optiq.tenancy.members.links import OVER, named_by
from optiq.tenancy.members.records import InvitationRecord


def accept(person: Person, secret: str, client: Client, now_ms: int) -> str:
    """Makes a person a member of the organization, if they are none, and of the target; returns the organization's id.

    Who comes in by way of a team or workspace needs no invitation to the organization: one that is open is revoked.

    Raises:
        UnauthenticatedError: the link is not good any more, or who invited may not any more.
        ForbiddenError: the person has another address, or asks with a key.
        ConflictError: they are in there, or the target is archived.
    """
    organization_id, record, actor = _opened(person, secret, client, now_ms)
    role, target = record.contract(now_ms).role, record.target()
    group = _require_good_inviter(organization_id, record, now_ms)
    writes = [*items.ending(organization_id, record, "ACCEPTED", accepted_by=person.user_id)]
    changes = [items.change(actor, "invitation.accepted", record)]
    if target is not None and membership.is_current(organization_id, person.user_id):
        writes.append(membership.staying(organization_id, person.user_id))
    else:
        writes += membership.joining(organization_id, person.user_id, role, record.invited_by, now_ms)
        after = {"role": role}
        joined = Change(organization_id, person.user_id, "member.joined", person.user_id, {}, after, actor.origin)
        changes.append(joined)
    if target is not None and group is not None:
        put, added = targets.joining(actor, group, target, record.invited_by, now_ms)
        writes.append(put)
        changes.append(added)
        needless = items.open_to_organization(organization_id, record.email, now_ms)
        if needless is not None:
            writes += items.ending(organization_id, needless, "REVOKED")
            changes.append(items.change(actor, "invitation.revoked", needless))
    if not audit.commit(writes, changes):
        raise OVER
    return organization_id


def decline(person: Person, secret: str, client: Client, now_ms: int) -> None:
    """Raises UnauthenticatedError and ForbiddenError as accept."""
    organization_id, record, actor = _opened(person, secret, client, now_ms)
    ending = items.ending(organization_id, record, "DECLINED")
    if not audit.commit(ending, [items.change(actor, "invitation.declined", record)]):
        raise OVER


def _opened(person: Person, secret: str, client: Client, now_ms: int) -> tuple[str, InvitationRecord, Caller]:
    """The organization, the invitation of a link, and who opened it, whose it must be."""
    people.require_session(person)
    organization_id, invitation_id = named_by(secret)
    try:
        record = items.read(organization_id, invitation_id)
    except NotFoundError as error:
        raise OVER from error
    if record.digest != digest_of(secret) or record.contract(now_ms).status != "OPEN":
        raise OVER
    address_hash = notifications.address_hash(people.profile(person).email)
    if address_hash != notifications.address_hash(record.email):
        raise ForbiddenError("the invitation is for another address than the one you are signed in with")
    origin = people.origin_of(client)
    return organization_id, record, Caller(organization_id, person.user_id, person.user_id, origin=origin)


def _require_good_inviter(organization_id: str, record: InvitationRecord, now_ms: int) -> Group | None:
    """What is entered; who lost the right to ask people in meanwhile brings nobody in.

    Raises:
        UnauthenticatedError: they did. ConflictError: the target is archived.
    """
    by, allowed = str(record.invited_by), ROLES[ORGANIZATION_KEY]
    if by.startswith("user_"):
        allowed = membership.permissions_of(organization_id, by, now_ms)
    if "members:invite" not in allowed:
        raise OVER
    try:
        inviter = Caller(organization_id, by, by, allowed)
        return targets.require_right(inviter, record.contract(now_ms).role, record.target(), now_ms)
    except (ForbiddenError, NotFoundError) as error:
        raise OVER from error
