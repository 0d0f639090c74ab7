"""Invitations as they stand: each with a claim of its address, of which one is open to one place."""

from collections.abc import Sequence

from optiq.audit.contracts import Change
from optiq.kernel.caller import Caller
from optiq.kernel.errors import NotFoundError
from optiq.kernel.ids import may_be_id
from optiq.kernel.keys import Key
from optiq.kernel.table import Put, Update
from optiq.notifications import api as notifications
from optiq.tenancy import keys
from optiq.tenancy.members.records import InvitationRecord, InvitedRecord

NONE = "there is no such invitation"


def records(organization_id: str) -> list[InvitationRecord]:
    """All of an organization, newest first."""
    first = keys.invitation(organization_id, "")
    return list(
        InvitationRecord.query(
            first.pk, InvitationRecord.sk.startswith(first.sk), scan_index_forward=False, consistent_read=True
        )
    )


def read(organization_id: str, invitation_id: str) -> InvitationRecord:
    """Raises NotFoundError."""
    if not may_be_id(invitation_id):
        raise NotFoundError(NONE)
    try:
        return InvitationRecord.get(*keys.invitation(organization_id, invitation_id), consistent_read=True)
    except InvitationRecord.DoesNotExist as error:
        raise NotFoundError(NONE) from error


def open_to_organization(organization_id: str, email: str, now_ms: int) -> InvitationRecord | None:
    """The invitation to the organization, and no further, that an address has open."""
    holder = _holder(keys.invited(organization_id, notifications.address_hash(email), ""))
    record = read(organization_id, holder) if holder else None
    return record if record is not None and record.contract(now_ms).status == "OPEN" else None


def claim(organization_id: str, record: InvitationRecord, now_ms: int) -> Put:
    """Has the address hold this invitation, unless it holds another that is open."""
    key = _claimed(organization_id, record)
    held = InvitedRecord.invitation_id
    free = (
        InvitedRecord.pk.does_not_exist() | held.is_in("", record.invitation_id) | (InvitedRecord.expires_ms <= now_ms)
    )
    return Put(InvitedRecord(*key, invitation_id=record.invitation_id, expires_ms=record.expires_ms), free)


def ending(
    organization_id: str, record: InvitationRecord, status: str, accepted_by: str | None = None
) -> Sequence[Put | Update]:
    """An open invitation's end, and its address given free."""
    open_still = (InvitationRecord.status == "OPEN") & (InvitationRecord.digest == record.digest)
    actions = [InvitationRecord.status.set(status)]
    if accepted_by is not None:
        actions.append(InvitationRecord.accepted_by.set(accepted_by))
    key = _claimed(organization_id, record)
    writes = [Update(InvitationRecord(record.pk, record.sk), actions, open_still)]
    if _holder(key) == record.invitation_id:
        free = InvitedRecord.invitation_id == record.invitation_id
        writes.append(Update(InvitedRecord(*key), [InvitedRecord.invitation_id.set("")], free))
    return writes


def change(actor: Caller, action: str, record: InvitationRecord) -> Change:
    """The address is not repeated where nothing is ever deleted."""
    after: dict[str, str | None] = {}
    if action == "invitation.sent":
        after = {"role": record.role}
        target = record.target()
        if target is not None:
            after |= {f"{target.kind}_id": target.group_id, "group_role": target.role}
    return Change(actor.organization_id, actor.actor, action, record.invitation_id, {}, after, actor.origin)


def _holder(key: Key) -> str:
    """The id of the invitation that an address holds there, or ""."""
    try:
        return str(InvitedRecord.get(*key, consistent_read=True).invitation_id)
    except InvitedRecord.DoesNotExist:
        return ""


def _claimed(organization_id: str, record: InvitationRecord) -> Key:
    target = record.target()
    group_id = target.group_id if target else ""
    return keys.invited(organization_id, notifications.address_hash(record.email), group_id)
