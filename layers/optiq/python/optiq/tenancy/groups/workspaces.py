"""Workspaces: an agency's clients, or a house's brands. A slug is one workspace's only, archived ones included."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import get_args

from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import ConflictError, InvalidError
from optiq.kernel.ids import new_id
from optiq.kernel.paging import Page
from optiq.tenancy.contracts import OrderBand, Visibility, Workspace, WorkspaceChange
from optiq.tenancy.groups.archiving import changed
from optiq.tenancy.groups.membership import first_manager, groups_of, is_seen, require_manager, sees_all
from optiq.tenancy.groups.teams import get_team
from optiq.tenancy.site_settings import checked_name, require_one_of
from optiq.tenancy.stores import WORKSPACES

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_SLUG = 60


def create_workspace(
    caller: Caller,
    *,
    name: str,
    slug: str = "",
    monthly_orders: OrderBand = "LESS_THAN_500",
    visibility: Visibility = "PUBLIC",
    team_id: str | None = None,
    clock: Clock = system_clock,
) -> Workspace:
    """Creates a workspace; the caller is its first manager. Without a slug, it gets one from its name.

    Raises:
        InvalidError; NotFoundError: no such team; ConflictError: the slug is taken, or the team is archived.
    """
    now_ms = clock()
    workspace = Workspace(
        organization_id=caller.organization_id,
        workspace_id=new_id("ws", now_ms),
        name=name,
        slug=slug or slug_of(name),
        created_ms=now_ms,
        monthly_orders=monthly_orders,
        visibility=visibility,
        team_id=team_id,
    )
    workspace = _checked(workspace)
    _require_open_team(caller, workspace)
    (WORKSPACES.adding(caller, workspace) + first_manager(caller, workspace, now_ms)).commit()
    return workspace


def get_workspace(caller: Caller, workspace_id: str) -> Workspace:
    """Raises NotFoundError, also for a secret workspace that the caller is not in."""
    workspace = WORKSPACES.get(caller, workspace_id)
    if not is_seen(caller, workspace):
        raise WORKSPACES.unknown()
    return workspace


def list_workspaces(
    caller: Caller, *, archived: bool = False, limit: int = 100, cursor: str | None = None
) -> Page[Workspace]:
    """The workspaces that the caller may see, oldest first: those in use, or those archived.

    Raises InvalidError for another list's cursor.
    """
    is_hidden = _hidden_from(caller)

    def is_listed(workspace: Workspace) -> bool:
        return (workspace.archived_ms is not None) == archived and not is_hidden(workspace)

    return WORKSPACES.page_by_id(caller.organization_id, limit=limit, cursor=cursor, where=is_listed)


def hidden_workspaces(caller: Caller) -> frozenset[str]:
    """The ids of those that the caller may not know of, archived ones included."""
    if sees_all(caller, "workspace"):
        return frozenset()
    found = WORKSPACES.all_of(caller.organization_id)
    return frozenset(each.workspace_id for each in filter(_hidden_from(caller), found))


def change_workspace(
    caller: Caller,
    workspace_id: str,
    changes: WorkspaceChange,
    *,
    expected_version: int | None = None,
    clock: Clock = system_clock,
) -> Workspace:
    """Makes the changes together, or none of them.

    Raises:
        InvalidError, NotFoundError, ForbiddenError: as they say.
        ConflictError: archived, of another version, changed just then, or the slug is taken.
    """
    workspace = get_workspace(caller, workspace_id)
    require_manager(caller, workspace)
    WORKSPACES.require_version(workspace, expected_version)
    wanted = _checked(changed(workspace, changes, clock()))
    if wanted.team_id != workspace.team_id:
        _require_open_team(caller, wanted)
    return WORKSPACES.change(caller, workspace, wanted)


def slug_of(name: str) -> str:
    """What of a name can stand in an address: `Café Noir & Co.` is `caf-noir-co`."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower())[:_LONGEST_SLUG].strip("-")


def _hidden_from(caller: Caller) -> Callable[[Workspace], bool]:
    """Tells of a workspace whether the caller may not know of it."""
    if sees_all(caller, "workspace"):
        return lambda _: False
    mine = groups_of(caller.organization_id, caller.user_id)
    return lambda each: each.visibility == "SECRET" and not mine & {each.workspace_id, each.team_id}


def _require_open_team(caller: Caller, workspace: Workspace) -> None:
    if workspace.team_id is not None and get_team(caller, workspace.team_id).archived_ms is not None:
        raise ConflictError("team_id: the team is archived")


def _checked(workspace: Workspace) -> Workspace:
    require_one_of("visibility", workspace.visibility, get_args(Visibility))
    require_one_of("monthly_orders", workspace.monthly_orders, get_args(OrderBand))
    if not (_SLUG.fullmatch(workspace.slug) and len(workspace.slug) <= _LONGEST_SLUG):
        raise InvalidError(f"slug: must have 1 to {_LONGEST_SLUG} small letters and digits, with single - between")
    return replace(workspace, name=checked_name(workspace.name))
