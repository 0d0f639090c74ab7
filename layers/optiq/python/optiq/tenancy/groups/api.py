"""Teams and workspaces: groups of an organization's members, each seen as its visibility says.

Nothing of a group is deleted: it is archived, and can be restored.
"""

from typing import get_args

from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import ConflictError, ForbiddenError, NotFoundError
from optiq.kernel.paging import Page
from optiq.store.api import CHANGED, Transaction
from optiq.tenancy.contracts import Group, GroupMember, GroupRole
from optiq.tenancy.groups.membership import (
    find_member,
    groups_of,
    is_inside,
    kind_of,
    leaving,
    require_manager,
    require_open,
    sees_all,
    setting,
)
from optiq.tenancy.groups.teams import change_team, create_team, get_team, list_teams
from optiq.tenancy.groups.workspaces import (
    change_workspace,
    create_workspace,
    get_workspace,
    hidden_workspaces,
    list_workspaces,
)
from optiq.tenancy.membership import is_member
from optiq.tenancy.site_settings import require_one_of
from optiq.tenancy.stores import GROUP_MEMBERS

__all__ = [
    "change_team",
    "change_workspace",
    "create_team",
    "create_workspace",
    "find_member",
    "get_team",
    "get_workspace",
    "hidden_workspaces",
    "joining",
    "leave_all",
    "list_members",
    "list_teams",
    "list_workspaces",
    "remove_member",
    "require_manager",
    "require_open_workspace",
    "set_member",
]

_ATTEMPTS = 5


def list_members(caller: Caller, group: Group, *, limit: int = 100, cursor: str | None = None) -> Page[GroupMember]:
    """Who is in a team or workspace, by user id.

    Raises:
        ForbiddenError: it does not show them to the caller. InvalidError: another list's cursor.
    """
    if group.visibility != "PUBLIC" and not sees_all(caller, kind_of(group.group_id)) and not is_inside(caller, group):
        raise ForbiddenError("only its members may see who is in it")
    return GROUP_MEMBERS.page_by_id(
        caller.organization_id, group.group_id, limit=limit, cursor=cursor, where=lambda each: each.left_ms is None
    )


def set_member(
    caller: Caller, group: Group, user_id: str, role: GroupRole, *, clock: Clock = system_clock
) -> GroupMember:
    """Puts a member of the organization into a team or workspace, or gives them another role there.

    Raises:
        NotFoundError: there is no such member.
        InvalidError, ForbiddenError, ConflictError: as they say.
    """
    require_manager(caller, group)
    require_open(group)
    require_one_of("role", role, get_args(GroupRole))
    now_ms = clock()
    if not is_member(caller.organization_id, user_id, now_ms):
        raise NotFoundError("there is no such member")
    current = find_member(caller.organization_id, group.group_id, user_id)
    if current is not None and current.role == role:
        return current
    member, transaction = setting(caller, group.group_id, user_id, role, caller.actor, now_ms)
    transaction.commit()
    return member


def joining(caller: Caller, group: Group, user_id: str, role: GroupRole, added_by: str, now_ms: int) -> Transaction:
    """What puts somebody into a group, to be committed with why. Raises ConflictError for a member of it."""
    if find_member(caller.organization_id, group.group_id, user_id):
        raise ConflictError(f"they are in the {kind_of(group.group_id)} already")
    return setting(caller, group.group_id, user_id, role, added_by, now_ms)[1]


def remove_member(caller: Caller, group: Group, user_id: str, *, clock: Clock = system_clock) -> None:
    """Takes somebody out of a team or workspace; everybody may leave by themselves.

    Raises:
        NotFoundError, ForbiddenError, ConflictError: as they say.
    """
    if not caller.user_id or user_id != caller.user_id:
        require_manager(caller, group)
        require_open(group)
    member = find_member(caller.organization_id, group.group_id, user_id)
    if member is None:
        raise NotFoundError("there is no such member")
    leaving(caller, member, clock()).commit()


def leave_all(caller: Caller, user_id: str, *, clock: Clock = system_clock) -> None:
    """Takes somebody out of every group, when they leave the organization."""
    for group_id in groups_of(caller.organization_id, user_id):
        _leave(caller, group_id, user_id, clock())


def require_open_workspace(caller: Caller, workspace_id: str) -> None:
    """Raises NotFoundError; ConflictError when it is archived or is being deleted."""
    workspace = get_workspace(caller, workspace_id)
    if workspace.archived_ms is not None:
        raise ConflictError("workspace_id: the workspace is archived")
    if workspace.deletion_due_ms is not None:
        raise ConflictError("workspace_id: the workspace is being deleted")


def _leave(caller: Caller, group_id: str, user_id: str, now_ms: int) -> None:
    """Somebody else may change the member at the same time, so it is tried again."""
    for _ in range(_ATTEMPTS):
        member = find_member(caller.organization_id, group_id, user_id)
        if member is None:
            return None
        try:
            return leaving(caller, member, now_ms).commit()
        except ConflictError:
            continue
    raise ConflictError(CHANGED)
