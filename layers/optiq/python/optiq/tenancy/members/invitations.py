"""Invitations to an organization, or further to a team or workspace of it: good once, for a week, for who holds the
address. An address has one open to each of them; the hash of its secret is kept.
"""

from optiq.audit import api as audit
from optiq.identity.people import api as people
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, MINUTE_MS, system_clock
from optiq.kernel.errors import ConflictError, LimitExceededError, NotFoundError
from optiq.kernel.ids import new_id
from optiq.kernel.manifest import Role
from optiq.kernel.secrets import digest_of
from optiq.kernel.table import Put
from optiq.notifications import api as notifications
from optiq.tenancy import keys
from optiq.tenancy.groups.contracts import Group
from optiq.tenancy.members import invitation_items as items
from optiq.tenancy.members import membership, organizations, targets
from optiq.tenancy.members.contracts import Invitation, Target
from optiq.tenancy.members.links import link_with, new_secret
from optiq.tenancy.members.records import InvitationRecord

LIFETIME_MS = 7 * DAY_MS
MOST_OPEN = 200
_BETWEEN_MAILS_MS = MINUTE_MS


def invite(actor: Caller, email: str, role: Role, target: Target | None, now_ms: int) -> Invitation:
    """Mails an invitation.

    Raises:
        InvalidError: no address. ForbiddenError: the role may do more than the actor, or they do not manage the target.
        NotFoundError: there is no such target, as far as the actor may know.
        ConflictError: the address is of somebody who is in there, or is invited; the target is archived; or there are
            too many open.
        LimitExceededError: too many invitations were sent to the address, by the actor, or by the organization.
    """
    email = notifications.check_address(email)
    group = targets.require_right(actor, role, target, now_ms)
    _require_stranger(actor.organization_id, email, target)
    if sum(each.contract(now_ms).status == "OPEN" for each in items.records(actor.organization_id)) >= MOST_OPEN:
        raise ConflictError(f"there are {MOST_OPEN} open invitations: revoke one first")
    people.reserve_invitation(actor.organization_id, actor.actor, notifications.address_hash(email), now_ms)
    invitation_id = new_id("invitation", now_ms)
    secret = new_secret(actor.organization_id, invitation_id)
    record = InvitationRecord(
        *keys.invitation(actor.organization_id, invitation_id),
        invitation_id=invitation_id,
        email=email,
        role=role,
        team_id=target.group_id if target and target.kind == "team" else None,
        workspace_id=target.group_id if target and target.kind == "workspace" else None,
        group_role=target.role if target else None,
        status="OPEN",
        digest=digest_of(secret),
        invited_by=actor.actor,
        created_ms=now_ms,
        sent_ms=now_ms,
        expires_ms=now_ms + LIFETIME_MS,
    )
    mail = _mail(actor, record, group, secret, now_ms)
    writes = [Put(record, InvitationRecord.pk.does_not_exist()), items.claim(actor.organization_id, record, now_ms)]
    sent = items.change(actor, "invitation.sent", record)
    if not audit.commit([*writes, *mail.writes], [sent], events=[mail.event]):
        raise ConflictError("email: the address is invited already: send that invitation again")
    return record.contract(now_ms)


def send_again(actor: Caller, invitation_id: str, now_ms: int) -> Invitation:
    """Mails another link in place of the one before, good for as long as the first was.

    Raises:
        NotFoundError: there is no such invitation, as far as the actor may know.
        ConflictError: it is over, the address has another one open, or the target is archived.
        LimitExceededError: the last mail is not a minute old; else as invite, as ForbiddenError.
    """
    record = _read_seen(actor, invitation_id)
    invitation = record.contract(now_ms)
    group = targets.require_right(actor, invitation.role, invitation.target, now_ms)
    if record.status != "OPEN":
        raise ConflictError("the invitation is over")
    if record.sent_ms + _BETWEEN_MAILS_MS > now_ms:
        raise LimitExceededError("it was just sent", retry_after_seconds=_BETWEEN_MAILS_MS // 1000)
    people.reserve_invitation(actor.organization_id, actor.actor, notifications.address_hash(record.email), now_ms)
    old, secret = record.digest, new_secret(actor.organization_id, invitation_id)
    record.digest, record.sent_ms, record.expires_ms = digest_of(secret), now_ms, now_ms + LIFETIME_MS
    record.invited_by = actor.actor
    unchanged = (InvitationRecord.status == "OPEN") & (InvitationRecord.digest == old)
    mail = _mail(actor, record, group, secret, now_ms)
    writes = [Put(record, unchanged), items.claim(actor.organization_id, record, now_ms)]
    sent = items.change(actor, "invitation.sent", record)
    if not audit.commit([*writes, *mail.writes], [sent], events=[mail.event]):
        raise ConflictError("the invitation is over, or was sent again just now")
    return record.contract(now_ms)


def revoke(actor: Caller, invitation_id: str) -> None:
    """Ends an open invitation; one that is over stays as it is. Raises NotFoundError as send_again."""
    record = _read_seen(actor, invitation_id)
    if record.status == "OPEN":
        no_mail = notifications.withdraw_mails(actor.organization_id, invitation_id, system_clock())
        ending = items.ending(actor.organization_id, record, "REVOKED")
        audit.commit([*ending, no_mail], [items.change(actor, "invitation.revoked", record)])


def invitations_of(actor: Caller, now_ms: int) -> list[Invitation]:
    """The organization's invitations that the actor may know of, newest first."""
    found = [record.contract(now_ms) for record in items.records(actor.organization_id)]
    known = {each.target.group_id: each.target for each in found if each.target is not None}
    seen = {group_id for group_id, target in known.items() if targets.is_seen(actor, target)}
    return [each for each in found if each.target is None or each.target.group_id in seen]


def _require_stranger(organization_id: str, email: str, target: Target | None) -> None:
    """Raises ConflictError for the address of who is in there already."""
    known = people.find_by_address(email)
    if known is None:
        return
    if target is None and membership.is_current(organization_id, known.user_id):
        raise ConflictError("email: they are a member already")
    if target is not None and targets.is_in(organization_id, target, known.user_id):
        raise ConflictError(f"email: they are in the {target.kind} already")


def _read_seen(actor: Caller, invitation_id: str) -> InvitationRecord:
    """Raises NotFoundError, also for one to what the actor may not know of."""
    record = items.read(actor.organization_id, invitation_id)
    target = record.target()
    if target is not None and not targets.is_seen(actor, target):
        raise NotFoundError(items.NONE)
    return record


def _mail(
    actor: Caller, record: InvitationRecord, group: Group | None, secret: str, now_ms: int
) -> notifications.MailRequest:
    organization, target = organizations.read(actor.organization_id).name, record.target()
    known = people.people_of([actor.user_id]) if actor.user_id else {}
    inviter, link = known[actor.user_id].name if known else organization, link_with(secret)
    if group is None or target is None:
        letter = notifications.invitation(inviter, organization, record.role, link, "7 days")
    else:
        place = f"the {target.kind} {group.name}"
        letter = notifications.group_invitation(inviter, place, target.role, organization, record.role, link, "7 days")
    return notifications.request_mail(
        "tenancy",
        record.email,
        letter,
        organization_id=actor.organization_id,
        about=record.invitation_id,
        good_until_ms=int(record.expires_ms),
        clock=lambda: now_ms,
    )
