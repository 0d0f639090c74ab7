"""Invitations to an organization, or further to a team or workspace of it: each can be used once, for a week, by the
person with the address. An address has one open invitation to each of them; only the hash of its secret is kept.
"""

from collections.abc import Callable
from dataclasses import replace

from optiq.audit.contracts import Change, Json
from optiq.identity.people import api as people
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, MINUTE_MS, Clock, system_clock
from optiq.kernel.errors import ConflictError, LimitExceededError
from optiq.kernel.ids import new_id
from optiq.kernel.manifest import Role
from optiq.kernel.paging import Page
from optiq.kernel.secrets import digest_of
from optiq.mail import api as mails
from optiq.store.api import Transaction
from optiq.tenancy.contracts import Group, Invitation, InvitationStatus, Target
from optiq.tenancy.groups import api as groups
from optiq.tenancy.members.invitation_links import link_with, new_secret
from optiq.tenancy.members.targets import is_seen, require_may_invite
from optiq.tenancy.membership import find_member
from optiq.tenancy.stores import INVITATIONS, ORGANIZATIONS

LIFETIME_MS = 7 * DAY_MS
MOST_OPEN = 200
_BETWEEN_MAILS_MS = MINUTE_MS


def invite(
    caller: Caller, *, email: str, role: Role = "VIEWER", target: Target | None = None, clock: Clock = system_clock
) -> Invitation:
    """Mails an invitation to the organization, or further to a team or workspace.

    Raises:
        InvalidError: no address. ForbiddenError: the role may do more than the caller, or the target is not theirs.
        NotFoundError: there is no such target, as far as the caller may know.
        ConflictError: somebody in there has the address, or it is invited; the target is archived; or there are too
            many open.
        LimitExceededError: too many invitations were sent to the address, by the caller, or by the organization.
    """
    now_ms = clock()
    email = mails.check_address(email)
    group = require_may_invite(caller, role, target, now_ms)
    _require_stranger(caller.organization_id, email, target)
    found = INVITATIONS.all_of(caller.organization_id)
    if sum(as_of(each, now_ms).status == "OPEN" for each in found) >= MOST_OPEN:
        raise ConflictError(f"there are {MOST_OPEN} open invitations: revoke one first")
    invitation_id = new_id("invitation", now_ms)
    secret = new_secret(caller.organization_id, invitation_id)
    invitation = Invitation(
        organization_id=caller.organization_id,
        invitation_id=invitation_id,
        email=email,
        role=role,
        invited_by=caller.actor,
        created_ms=now_ms,
        sent_ms=now_ms,
        expires_ms=now_ms + LIFETIME_MS,
        digest=digest_of(secret),
        target=target,
    )
    writing = INVITATIONS.adding(caller, invitation, entry=_sent(caller, invitation), clock=lambda: now_ms)
    writing += _expecting(invitation, invitation.expires_ms)
    _mail(caller, invitation, group, secret, writing, now_ms)
    return invitation


def list_invitations(
    caller: Caller, *, limit: int = 100, cursor: str | None = None, clock: Clock = system_clock
) -> Page[Invitation]:
    """The organization's invitations that the caller may know of, newest first.

    Raises InvalidError for another list's cursor.
    """
    now_ms = clock()
    page = INVITATIONS.page_by_id(
        caller.organization_id, limit=limit, cursor=cursor, newest_first=True, where=_seen_by(caller)
    )
    return replace(page, items=tuple(as_of(each, now_ms) for each in page.items))


def send_invitation_again(caller: Caller, invitation_id: str, *, clock: Clock = system_clock) -> Invitation:
    """Mails another link in place of the one before, valid for a week from now.

    Raises:
        NotFoundError: there is no such invitation, as far as the caller may know.
        ConflictError: it is over, the address has another one open, or the target is archived.
        LimitExceededError: the last mail is not a minute old; else as invite, as ForbiddenError.
    """
    before, now_ms = _get_seen(caller, invitation_id), clock()
    group = require_may_invite(caller, before.role, before.target, now_ms)
    if before.status != "OPEN":
        raise ConflictError("the invitation is over")
    if before.sent_ms + _BETWEEN_MAILS_MS > now_ms:
        raise LimitExceededError("it was just sent", retry_after_seconds=_BETWEEN_MAILS_MS // 1000)
    secret = new_secret(caller.organization_id, invitation_id)
    dates = {"sent_ms": now_ms, "expires_ms": now_ms + LIFETIME_MS}
    wanted = replace(before, digest=digest_of(secret), invited_by=caller.actor, **dates)  # type: ignore[arg-type]
    entry = _sent(caller, wanted)
    after, writing = INVITATIONS.changing(caller, before, wanted, entry=entry, clock=lambda: now_ms)
    writing += _expecting(after, after.expires_ms)
    _mail(caller, after, group, secret, writing, now_ms)
    return after


def revoke_invitation(caller: Caller, invitation_id: str, *, clock: Clock = system_clock) -> None:
    """Ends an open invitation; one that is over stays as it is.

    Raises NotFoundError as send_invitation_again; ConflictError when it was changed at the same time.
    """
    invitation = _get_seen(caller, invitation_id)
    if invitation.status == "OPEN":
        now_ms = clock()
        no_mail = mails.withdraw_mails(caller.organization_id, invitation_id, now_ms)
        (ending(caller, invitation, "REVOKED", now_ms) + Transaction((no_mail,))).commit()


def ending(
    caller: Caller, invitation: Invitation, status: InvitationStatus, now_ms: int, accepted_by: str | None = None
) -> Transaction:
    """What ends an open invitation, and gives its address free."""
    after = replace(invitation, status=status, accepted_by=accepted_by)
    action = f"invitation.{status.lower()}"
    entry = Change(caller.organization_id, caller.actor, action, invitation.invitation_id, {}, {}, caller.origin)
    ended = INVITATIONS.changing(caller, invitation, after, entry=entry, clock=lambda: now_ms)[1]
    return ended + _expecting(invitation, now_ms)


def _expecting(invitation: Invitation, until_ms: int) -> Transaction:
    """Lets the address sign up where not everybody may."""
    return Transaction((people.expecting(invitation.email, invitation.invitation_id, until_ms),))


def as_of(invitation: Invitation, now_ms: int) -> Invitation:
    """The invitation, EXPIRED when it was open until then."""
    expired = invitation.status == "OPEN" and invitation.expires_ms <= now_ms
    return replace(invitation, status="EXPIRED") if expired else invitation


def _require_stranger(organization_id: str, email: str, target: Target | None) -> None:
    """Raises ConflictError for the address of somebody who is in there already."""
    known = people.find_by_address(email)
    if known is None:
        return
    if target is None and find_member(organization_id, known.user_id):
        raise ConflictError("email: they are a member already")
    if target is not None and groups.find_member(organization_id, target.group_id, known.user_id):
        raise ConflictError(f"email: they are in the {target.kind} already")


def _get_seen(caller: Caller, invitation_id: str) -> Invitation:
    """Raises NotFoundError, also for one to what the caller may not know of."""
    invitation = INVITATIONS.get(caller, invitation_id)
    if invitation.target is not None and not is_seen(caller, invitation.target):
        raise INVITATIONS.unknown()
    return invitation


def _seen_by(caller: Caller) -> Callable[[Invitation], bool]:
    """Tells of an invitation whether the caller may know of it; each team and workspace is read once."""
    known: dict[Target, bool] = {}

    def may_see(invitation: Invitation) -> bool:
        target = invitation.target
        if target is not None and target not in known:
            known[target] = is_seen(caller, target)
        return target is None or known[target]

    return may_see


def _sent(caller: Caller, invitation: Invitation) -> Change:
    """The address is not repeated where nothing is ever deleted."""
    after: dict[str, Json] = {"role": invitation.role}
    if invitation.target is not None:
        target = invitation.target
        after |= {f"{target.kind}_id": target.group_id, "group_role": target.role}
    action, entity = "invitation.sent", invitation.invitation_id
    return Change(caller.organization_id, caller.actor, action, entity, {}, after, caller.origin)


def _mail(
    caller: Caller, invitation: Invitation, group: Group | None, secret: str, writing: Transaction, now_ms: int
) -> None:
    """Writes the invitation together with the request for its mail."""
    people.reserve_invitation(caller.organization_id, caller.actor, mails.address_hash(invitation.email), now_ms)
    organization, target = ORGANIZATIONS.get(caller).name, invitation.target
    known = people.people_of([caller.user_id]) if caller.user_id else {}
    inviter, link = known[caller.user_id].name if known else organization, link_with(secret)
    if group is None or target is None:
        letter = mails.invitation(inviter, organization, invitation.role, link, "7 days")
    else:
        place = f"the {target.kind} {group.name}"
        letter = mails.group_invitation(inviter, place, target.role, organization, invitation.role, link, "7 days")
    mail = mails.request_mail(
        "tenancy",
        invitation.email,
        letter,
        organization_id=caller.organization_id,
        about=invitation.invitation_id,
        valid_until_ms=invitation.expires_ms,
        clock=lambda: now_ms,
    )
    (writing + Transaction(tuple(mail.writes), events=(mail.event,))).commit()
