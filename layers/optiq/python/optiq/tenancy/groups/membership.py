"""Who is in a group, who may see it, and who may change it."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from operator import attrgetter

from optiq.audit import api as audit
from optiq.audit.contracts import Change
from optiq.kernel.caller import Caller
from optiq.kernel.errors import ConflictError, ForbiddenError, NotFoundError
from optiq.kernel.ids import may_be_id
from optiq.kernel.paging import Page, page_of, place_after
from optiq.kernel.table import Put, Update
from optiq.tenancy import keys
from optiq.tenancy.groups.contracts import Group, GroupMember, GroupRole, Workspace
from optiq.tenancy.groups.records import GroupMemberRecord

CHANGED = "it was changed at the same time: read it and try again"
_LIST = "group members"
_PAGE = 100


def role_in(organization_id: str, group_id: str, user_id: str) -> GroupRole | None:
    """As what a person is in a group."""
    found = _find(organization_id, group_id, user_id) if user_id else None
    return None if found is None or found.left_ms is not None else found.contract().role


def groups_of(organization_id: str, user_id: str) -> frozenset[str]:
    """The ids of the groups that a person is in, by way of the index: right to a second or so."""
    if not user_id:
        return frozenset()
    found = GroupMemberRecord.by_second_key.query(keys.groups_of(organization_id, user_id))
    return frozenset(str(record.group_id) for record in found)


def is_seen(caller: Caller, group: Group) -> bool:
    """Whether the caller may know that there is such a group."""
    return group.visibility != "SECRET" or _sees_all(caller, group) or _role(caller, group) is not None


def require_manager(caller: Caller, group: Group) -> None:
    """Raises ForbiddenError for who may see the group but not change it."""
    if not _sees_all(caller, group) and role_in(caller.organization_id, group.group_id, caller.user_id) != "MANAGER":
        raise ForbiddenError("only its managers may change it")


def members(caller: Caller, group: Group, limit: int, cursor: str | None) -> Page[GroupMember]:
    """By user id. Raises ForbiddenError when the caller may not see them; InvalidError for another list's cursor."""
    after = place_after(cursor, _LIST)
    if group.visibility != "PUBLIC" and not _sees_all(caller, group) and _role(caller, group) is None:
        raise ForbiddenError("only its members may see who is in it")
    first = keys.group_member(caller.organization_id, group.group_id, after)
    found = GroupMemberRecord.query(
        first.pk, GroupMemberRecord.sk > first.sk, GroupMemberRecord.left_ms.does_not_exist(), consistent_read=True
    )
    size = min(limit, _PAGE)
    return page_of(_LIST, [one.contract() for one in islice(found, size + 1)], size, attrgetter("user_id"))


def set_member(caller: Caller, group: Group, user_id: str, role: GroupRole, now_ms: int) -> GroupMember:
    """Puts somebody into a group, or gives who is in it another role; the caller has been found to be a manager.

    Raises:
        ConflictError: somebody else changed the same member just then.
    """
    old = _find(caller.organization_id, group.group_id, user_id)
    current = old.contract() if old is not None and old.left_ms is None else None
    if current is not None and current.role == role:
        return current
    member = GroupMember(user_id, role, caller.actor, now_ms) if current is None else replace(current, role=role)
    put, change = _setting(caller, group, old, member)
    if not audit.commit([put], [change]):
        raise ConflictError(CHANGED)
    return member


def joining(caller: Caller, group: Group, member: GroupMember) -> tuple[Put, Change]:
    """What puts somebody into a group, to be written with why. Raises ConflictError for who is in it."""
    old = _find(caller.organization_id, group.group_id, member.user_id)
    if old is not None and old.left_ms is None:
        raise ConflictError(f"they are in the {_kind(group.group_id)} already")
    return _setting(caller, group, old, member)


def remove_member(caller: Caller, group: Group, user_id: str, now_ms: int) -> None:
    """Takes somebody out of a group. Raises NotFoundError when they are not in it; ConflictError as set_member."""
    role = role_in(caller.organization_id, group.group_id, user_id)
    if role is None:
        raise NotFoundError("there is no such member")
    ending = _ending(caller.organization_id, group.group_id, user_id, now_ms)
    before, after = {"user_id": user_id, "role": role}, {"user_id": user_id, "role": None}
    if not audit.commit([ending], [_change(caller, group.group_id, "member_removed", before, after)]):
        raise ConflictError(CHANGED)


def leave_all(caller: Caller, user_id: str, now_ms: int) -> None:
    """Takes somebody out of every group, when they leave the organization."""
    for group_id in groups_of(caller.organization_id, user_id):
        ending = _ending(caller.organization_id, group_id, user_id, now_ms)
        # Whom somebody else took out at the same time is out.
        audit.commit([ending], [_change(caller, group_id, "member_removed", {"user_id": user_id}, {})])


def _role(caller: Caller, group: Group) -> GroupRole | None:
    """The caller's role in the group, or in the team that the workspace belongs to."""
    role = role_in(caller.organization_id, group.group_id, caller.user_id)
    if role is None and isinstance(group, Workspace) and group.team_id:
        return role_in(caller.organization_id, group.team_id, caller.user_id)
    return role


def _find(organization_id: str, group_id: str, user_id: str) -> GroupMemberRecord | None:
    if not may_be_id(user_id):
        return None
    try:
        return GroupMemberRecord.get(*keys.group_member(organization_id, group_id, user_id), consistent_read=True)
    except GroupMemberRecord.DoesNotExist:
        return None


def _ending(organization_id: str, group_id: str, user_id: str, now_ms: int) -> Update:
    return Update(
        GroupMemberRecord(*keys.group_member(organization_id, group_id, user_id)),
        [
            GroupMemberRecord.left_ms.set(now_ms),
            GroupMemberRecord.gsi1pk.remove(),
            GroupMemberRecord.gsi1sk.remove(),
        ],
        GroupMemberRecord.pk.exists() & GroupMemberRecord.left_ms.does_not_exist(),
    )


def _setting(caller: Caller, group: Group, old: GroupMemberRecord | None, member: GroupMember) -> tuple[Put, Change]:
    """Has somebody be in a group as said, if they are there still as they were."""
    unchanged = GroupMemberRecord.pk.does_not_exist() if old is None else old.unchanged()
    put = Put(GroupMemberRecord.of(caller.organization_id, group.group_id, member), unchanged)
    role = None if old is None or old.left_ms is not None else old.role
    before, after = {"user_id": member.user_id, "role": role}, {"user_id": member.user_id, "role": member.role}
    return put, _change(caller, group.group_id, "member_set", before, after)


def _change(
    caller: Caller, group_id: str, what: str, before: Mapping[str, str | None], after: Mapping[str, str | None]
) -> Change:
    action = f"{_kind(group_id)}.{what}"
    return Change(caller.organization_id, caller.actor, action, group_id, before, after, caller.origin)


def _sees_all(caller: Caller, group: Group) -> bool:
    """Whether the caller sees and manages every group of the kind, a member of it or not."""
    return caller.may(f"{_kind(group.group_id)}s:manage")


def _kind(group_id: str) -> str:
    return "team" if group_id.startswith("team_") else "workspace"
