"""Teams and workspaces: groups of an organization's members, each seen as its visibility says.

A room of its own within tenancy. Nothing of a group is deleted: it is archived, and can be restored.
"""

from collections.abc import Callable
from typing import get_args

from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import ConflictError, NotFoundError
from optiq.kernel.paging import Page
from optiq.tenancy.groups import membership
from optiq.tenancy.groups.contracts import Group, GroupMember, GroupRole
from optiq.tenancy.groups.teams import change_team, create_team, get_team, list_teams
from optiq.tenancy.groups.workspaces import (
    change_workspace,
    create_workspace,
    get_workspace,
    hidden_workspaces,
    list_workspaces,
)
from optiq.tenancy.site_settings import require_one_of

__all__ = [
    "change_team",
    "change_workspace",
    "create_team",
    "create_workspace",
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
    "role_in",
    "set_member",
]

_MEMBERS_PAGE = 100
joining = membership.joining
leave_all = membership.leave_all
require_manager = membership.require_manager
role_in = membership.role_in


def list_members(
    caller: Caller, group: Group, *, limit: int = _MEMBERS_PAGE, cursor: str | None = None
) -> Page[GroupMember]:
    """Who is in a team or workspace.

    Raises:
        ForbiddenError: it does not show them to the caller. InvalidError: another list's cursor.
    """
    return membership.members(caller, group, limit, cursor)


def set_member(
    caller: Caller,
    group: Group,
    user_id: str,
    role: GroupRole,
    *,
    is_member: Callable[[str, str], bool],
    clock: Clock = system_clock,
) -> GroupMember:
    """Puts a member of the organization into a team or workspace, or gives them another role there.

    Args:
        is_member: whether the person (second) is a member of the organization (first) now.

    Raises:
        NotFoundError: there is no such member.
        InvalidError, ForbiddenError, ConflictError: as they say.
    """
    _require_open_and_managed(caller, group)
    require_one_of("role", role, get_args(GroupRole))
    if not is_member(caller.organization_id, user_id):
        raise NotFoundError("there is no such member")
    return membership.set_member(caller, group, user_id, role, clock())


def remove_member(caller: Caller, group: Group, user_id: str, clock: Clock = system_clock) -> None:
    """Takes somebody out of a team or workspace; everybody may leave by themselves.

    Raises:
        NotFoundError, ForbiddenError, ConflictError: as they say.
    """
    if not caller.user_id or user_id != caller.user_id:
        _require_open_and_managed(caller, group)
    membership.remove_member(caller, group, user_id, clock())


def require_open_workspace(caller: Caller, workspace_id: str) -> None:
    """Raises NotFoundError; ConflictError when it is archived."""
    if get_workspace(caller, workspace_id).archived_ms is not None:
        raise ConflictError("workspace_id: the workspace is archived")


def _require_open_and_managed(caller: Caller, group: Group) -> None:
    membership.require_manager(caller, group)
    if group.archived_ms is not None:
        raise ConflictError("it is archived: restore it first")
