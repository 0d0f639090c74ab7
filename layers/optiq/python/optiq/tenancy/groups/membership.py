"""Who is in a team or workspace, who may see it, and who may change it."""

from dataclasses import replace

from optiq.audit.contracts import Change
from optiq.kernel.caller import Caller
from optiq.kernel.errors import ConflictError, ForbiddenError
from optiq.store.api import Transaction
from optiq.tenancy import keys
from optiq.tenancy.contracts import Group, GroupMember, GroupRole, Workspace
from optiq.tenancy.stores import GROUP_MEMBERS


def find_member(organization_id: str, group_id: str, user_id: str) -> GroupMember | None:
    """A person who is in a group now."""
    found = GROUP_MEMBERS.find(organization_id, group_id, user_id)
    return None if found is None or found.left_ms is not None else found


def groups_of(organization_id: str, user_id: str) -> frozenset[str]:
    """The ids of a person's groups, by the index: right to a second or so."""
    if not user_id:
        return frozenset()
    return frozenset(each.group_id for each in GROUP_MEMBERS.in_index(keys.groups_of(organization_id, user_id)))


def sees_all(caller: Caller, kind: str) -> bool:
    """Whether the caller sees and manages all teams, or all workspaces, those of others too."""
    return caller.may(f"{kind}s:manage")


def is_seen(caller: Caller, group: Group) -> bool:
    """Whether the caller may know that there is such a group."""
    return group.visibility != "SECRET" or sees_all(caller, kind_of(group.group_id)) or is_inside(caller, group)


def is_inside(caller: Caller, group: Group) -> bool:
    """Whether the caller is in the group, or in the team that the workspace belongs to."""
    groups = [group.group_id, group.team_id] if isinstance(group, Workspace) else [group.group_id]
    return any(each and find_member(caller.organization_id, each, caller.user_id) for each in groups)


def require_manager(caller: Caller, group: Group) -> None:
    """Raises ForbiddenError for a caller who may see the group but not change it."""
    if sees_all(caller, kind_of(group.group_id)):
        return
    member = find_member(caller.organization_id, group.group_id, caller.user_id)
    if member is None or member.role != "MANAGER":
        raise ForbiddenError("only its managers may change it")


def require_open(group: Group) -> None:
    """Raises ConflictError for an archived group."""
    if group.archived_ms is not None:
        raise ConflictError("it is archived: restore it first")


def setting(
    caller: Caller, group_id: str, user_id: str, role: GroupRole, added_by: str, now_ms: int
) -> tuple[GroupMember, Transaction]:
    """The member of a group with the role, new or as before, and what writes it."""
    old = GROUP_MEMBERS.find(caller.organization_id, group_id, user_id)
    if old is None:
        member = GroupMember(caller.organization_id, group_id, user_id, role, added_by, now_ms)
        return member, GROUP_MEMBERS.adding(caller, member, entry=_entry(caller, None, member))
    start = {"added_by": added_by, "added_ms": now_ms} if old.left_ms is not None else {}
    return _changing(caller, old, left_ms=None, role=role, **start)


def first_manager(caller: Caller, group: Group, now_ms: int) -> Transaction:
    """What makes a person the manager of the group that they create; nothing for an organization's key.

    It has no entry in the audit log: that of the group says who created it.
    """
    if not caller.user_id:
        return Transaction()
    member = GroupMember(caller.organization_id, group.group_id, caller.user_id, "MANAGER", caller.actor, now_ms)
    return GROUP_MEMBERS.adding(caller, member).unaudited()


def leaving(caller: Caller, member: GroupMember, now_ms: int) -> Transaction:
    """What takes somebody out of a group."""
    return _changing(caller, member, left_ms=now_ms)[1]


def kind_of(group_id: str) -> str:
    return "team" if group_id.startswith("team_") else "workspace"


def _changing(caller: Caller, old: GroupMember, **fields: object) -> tuple[GroupMember, Transaction]:
    new = replace(old, **fields)  # type: ignore[arg-type]
    return GROUP_MEMBERS.changing(caller, old, new, entry=_entry(caller, old, new))


def _entry(caller: Caller, old: GroupMember | None, new: GroupMember) -> Change:
    """The audit log has a membership with its team or workspace."""
    verb = "member_set" if new.left_ms is None else "member_removed"
    before, after = (
        {"user_id": new.user_id, "role": None if each is None or each.left_ms is not None else each.role}
        for each in (old, new)
    )
    action = f"{kind_of(new.group_id)}.{verb}"
    return Change(caller.organization_id, caller.actor, action, new.group_id, before, after, caller.origin)
