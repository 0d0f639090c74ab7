"""Invitations to an organization: one open for an address, good once, for a week, for who holds that address.

The mail's secret says which organization and invitation it is of, so one read by key finds it; its hash is kept.
"""

import base64
import secrets
from collections.abc import Sequence

from optiq.audit import api as audit
from optiq.audit.contracts import Change
from optiq.identity.people import api as people
from optiq.identity.people.contracts import Client, Person
from optiq.kernel import keys
from optiq.kernel.clock import DAY_MS, MINUTE_MS
from optiq.kernel.errors import ConflictError, ForbiddenError, LimitExceededError, NotFoundError, UnauthenticatedError
from optiq.kernel.ids import decode_ulid, encode_ulid, may_be_id, new_id
from optiq.kernel.permissions import ROLES, Role
from optiq.kernel.secrets import digest_of
from optiq.kernel.settings import settings
from optiq.kernel.table import Put, Update
from optiq.notifications import api as notifications
from optiq.tenancy.members import membership, organizations
from optiq.tenancy.members.contracts import Actor, Invitation
from optiq.tenancy.members.records import InvitationRecord, InvitedRecord

LIFETIME_MS = 7 * DAY_MS
MOST_OPEN = 200
_BETWEEN_MAILS_MS = MINUTE_MS
_PREFIX = "oi_"
_RANDOM_BYTES = 24
_OVER = UnauthenticatedError("the invitation is not good any more: ask for another")


def invite(actor: Actor, email: str, role: Role, now_ms: int) -> Invitation:
    """Mails an invitation.

    Raises:
        InvalidError: no address. ForbiddenError: the role may do more than the actor.
        ConflictError: the address is a member's, or is invited; or there are too many open.
        UpstreamError: the mail could not be sent; the invitation stands, and can be sent again.
    """
    email = notifications.check_address(email)
    membership.require_at_least(actor, ROLES[role])
    _require_stranger(actor.organization_id, email)
    if sum(each.status == "OPEN" for each in invitations_of(actor.organization_id, now_ms)) >= MOST_OPEN:
        raise ConflictError(f"there are {MOST_OPEN} open invitations: revoke one first")
    invitation_id = new_id("invitation", now_ms)
    secret = _new_secret(actor.organization_id, invitation_id)
    record = InvitationRecord(
        *keys.invitation(actor.organization_id, invitation_id),
        invitation_id=invitation_id,
        email=email,
        role=role,
        status="OPEN",
        digest=digest_of(secret),
        invited_by=actor.actor,
        created_ms=now_ms,
        sent_ms=now_ms,
        expires_ms=now_ms + LIFETIME_MS,
    )
    writes = [Put(record, InvitationRecord.pk.does_not_exist()), _claim(actor.organization_id, record, now_ms)]
    if not audit.commit(writes, [_change(actor, "invitation.sent", record, {"role": role})]):
        raise ConflictError("email: the address is invited already: send that invitation again")
    _mail(actor, record, secret)
    return record.contract(now_ms)


def send_again(actor: Actor, invitation_id: str, now_ms: int) -> Invitation:
    """Mails another link in place of the one before, good for as long as the first was.

    Raises:
        NotFoundError: there is no such invitation. ConflictError: it is over, or the address has another one open.
        LimitExceededError: the last mail is not a minute old. ForbiddenError, UpstreamError: as invite.
    """
    record = _read(actor.organization_id, invitation_id)
    membership.require_at_least(actor, ROLES[record.contract(now_ms).role])
    if record.status != "OPEN":
        raise ConflictError("the invitation is over")
    if record.sent_ms + _BETWEEN_MAILS_MS > now_ms:
        raise LimitExceededError("it was just sent", retry_after_seconds=_BETWEEN_MAILS_MS // 1000)
    old, secret = record.digest, _new_secret(actor.organization_id, invitation_id)
    record.digest, record.sent_ms, record.expires_ms = digest_of(secret), now_ms, now_ms + LIFETIME_MS
    record.invited_by = actor.actor
    unchanged = (InvitationRecord.status == "OPEN") & (InvitationRecord.digest == old)
    writes = [Put(record, unchanged), _claim(actor.organization_id, record, now_ms)]
    if not audit.commit(writes, [_change(actor, "invitation.sent", record, {"role": record.role})]):
        raise ConflictError("the invitation is over, or was sent again just now")
    _mail(actor, record, secret)
    return record.contract(now_ms)


def revoke(actor: Actor, invitation_id: str) -> None:
    """Ends an open invitation; one that is over stays as it is. Raises NotFoundError."""
    record = _read(actor.organization_id, invitation_id)
    if record.status == "OPEN":
        audit.commit(
            _ending(actor.organization_id, record, "REVOKED"), [_change(actor, "invitation.revoked", record, {})]
        )


def accept(person: Person, secret: str, client: Client, now_ms: int) -> str:
    """Makes a person a member, and returns the organization's id.

    Raises:
        UnauthenticatedError: the link is not good any more, or who invited may not any more.
        ForbiddenError: the person has another address, or asks with a key. ConflictError: they are a member.
    """
    organization_id, record, actor = _opened(person, secret, client, now_ms)
    role = record.contract(now_ms).role
    _require_good_inviter(organization_id, record, role, now_ms)
    writes = [
        *_ending(organization_id, record, "ACCEPTED", accepted_by=person.user_id),
        *membership.joining(organization_id, person.user_id, role, record.invited_by, now_ms),
    ]
    joined = Change(organization_id, person.user_id, "member.joined", person.user_id, {}, {"role": role}, actor.origin)
    if not audit.commit(writes, [_change(actor, "invitation.accepted", record, {}), joined]):
        raise _OVER
    return organization_id


def decline(person: Person, secret: str, client: Client, now_ms: int) -> None:
    """Raises UnauthenticatedError and ForbiddenError as accept."""
    organization_id, record, actor = _opened(person, secret, client, now_ms)
    if not audit.commit(
        _ending(organization_id, record, "DECLINED"), [_change(actor, "invitation.declined", record, {})]
    ):
        raise _OVER


def invitations_of(organization_id: str, now_ms: int) -> list[Invitation]:
    """An organization's invitations, newest first."""
    first = keys.invitation(organization_id, "")
    found = InvitationRecord.query(
        first.pk, InvitationRecord.sk.startswith(first.sk), scan_index_forward=False, consistent_read=True
    )
    return [record.contract(now_ms) for record in found]


def _opened(person: Person, secret: str, client: Client, now_ms: int) -> tuple[str, InvitationRecord, Actor]:
    """The organization, the invitation of a link, and who opened it, whose it must be."""
    if person.scopes is not None:
        raise ForbiddenError("this needs a session, not an API key")
    organization_id, invitation_id = _named_by(secret)
    try:
        record = _read(organization_id, invitation_id)
    except NotFoundError as error:
        raise _OVER from error
    if record.digest != digest_of(secret) or record.contract(now_ms).status != "OPEN":
        raise _OVER
    address_hash = notifications.address_hash(people.profile(person).email)
    if address_hash != notifications.address_hash(record.email):
        raise ForbiddenError("the invitation is for another address than the one you are signed in with")
    return organization_id, record, Actor(organization_id, person.user_id, frozenset(), origin=people.origin_of(client))


def _require_good_inviter(organization_id: str, record: InvitationRecord, role: Role, now_ms: int) -> None:
    """Who lost the right to give a role meanwhile does not give it. Raises UnauthenticatedError."""
    if not record.invited_by.startswith("user_"):
        return
    if not ROLES[role] | {"members:invite"} <= membership.permissions_of(organization_id, record.invited_by, now_ms):
        raise _OVER


def _require_stranger(organization_id: str, email: str) -> None:
    """Raises ConflictError for a member's address."""
    known = people.find_by_address(email)
    if known is not None:
        found = membership.find(organization_id, known.user_id)
        if found is not None and found.left_ms is None:
            raise ConflictError("email: they are a member already")


def _read(organization_id: str, invitation_id: str) -> InvitationRecord:
    """Raises NotFoundError."""
    refusal = NotFoundError("there is no such invitation")
    if not may_be_id(invitation_id):
        raise refusal
    try:
        return InvitationRecord.get(*keys.invitation(organization_id, invitation_id), consistent_read=True)
    except InvitationRecord.DoesNotExist as error:
        raise refusal from error


def _claim(organization_id: str, record: InvitationRecord, now_ms: int) -> Put:
    """Has the address hold this invitation, unless it holds another that is open."""
    key = keys.invited(organization_id, notifications.address_hash(record.email))
    held = InvitedRecord.invitation_id
    free = (
        InvitedRecord.pk.does_not_exist() | held.is_in("", record.invitation_id) | (InvitedRecord.expires_ms <= now_ms)
    )
    return Put(InvitedRecord(*key, invitation_id=record.invitation_id, expires_ms=record.expires_ms), free)


def _ending(
    organization_id: str, record: InvitationRecord, status: str, accepted_by: str | None = None
) -> Sequence[Put | Update]:
    """An open invitation's end, and its address given free."""
    open_still = (InvitationRecord.status == "OPEN") & (InvitationRecord.digest == record.digest)
    actions = [InvitationRecord.status.set(status)]
    if accepted_by is not None:
        actions.append(InvitationRecord.accepted_by.set(accepted_by))
    key = keys.invited(organization_id, notifications.address_hash(record.email))
    writes = [Update(InvitationRecord(record.pk, record.sk), actions, open_still)]
    try:
        holder = InvitedRecord.get(*key, consistent_read=True).invitation_id
    except InvitedRecord.DoesNotExist:
        return writes
    if holder == record.invitation_id:
        free = InvitedRecord.invitation_id == record.invitation_id
        writes.append(Update(InvitedRecord(*key), [InvitedRecord.invitation_id.set("")], free))
    return writes


def _mail(actor: Actor, record: InvitationRecord, secret: str) -> None:
    """Raises UpstreamError."""
    organization = organizations.read(actor.organization_id)
    link = f"{settings().public_url}/console/invitation#token={secret}"
    letter = notifications.invitation(actor.name or organization.name, organization.name, record.role, link, "7 days")
    notifications.send(record.email, letter)


def _new_secret(organization_id: str, invitation_id: str) -> str:
    raw = decode_ulid(organization_id.removeprefix("org_")) + decode_ulid(invitation_id.removeprefix("invitation_"))
    return _PREFIX + base64.urlsafe_b64encode(raw + secrets.token_bytes(_RANDOM_BYTES)).decode().rstrip("=")


def _named_by(secret: str) -> tuple[str, str]:
    """The organization and the invitation that a secret is of. Raises UnauthenticatedError."""
    try:
        raw = base64.b64decode(secret.removeprefix(_PREFIX) + "=", altchars=b"-_", validate=True)
    except ValueError as error:
        raise _OVER from error
    if len(raw) != 32 + _RANDOM_BYTES:
        raise _OVER
    return f"org_{encode_ulid(raw[:16])}", f"invitation_{encode_ulid(raw[16:32])}"


def _change(actor: Actor, action: str, record: InvitationRecord, after: dict[str, str]) -> Change:
    """The address is not repeated where nothing is ever deleted."""
    return Change(actor.organization_id, actor.actor, action, record.invitation_id, {}, dict(after), actor.origin)
