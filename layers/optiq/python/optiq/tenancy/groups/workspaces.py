"""Workspaces: an agency's clients, or a house's brands. A slug is one workspace's only, archived ones included."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import ConflictError, InvalidError, NotFoundError, require_version
from optiq.kernel.ids import may_be_id, new_id
from optiq.kernel.table import Put
from optiq.tenancy import keys
from optiq.tenancy.groups import keeping
from optiq.tenancy.groups.contracts import OrderBand, Visibility, Workspace, WorkspaceChange
from optiq.tenancy.groups.membership import groups_of, is_seen, require_manager
from optiq.tenancy.groups.records import WorkspaceRecord
from optiq.tenancy.groups.teams import get_team
from optiq.tenancy.site_settings import checked_name, require_one_of

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
    """Makes a workspace; without a slug, one is made of the name.

    Raises:
        InvalidError; NotFoundError: no such team; ConflictError: the slug is taken, or the team is archived.
    """
    now_ms = clock()
    workspace_id = new_id("ws", now_ms)
    workspace = _checked(
        Workspace(workspace_id, name, slug or slug_of(name), monthly_orders, visibility, team_id, None, now_ms)
    )
    _check_team(caller, workspace)
    put = Put(WorkspaceRecord.of(caller.organization_id, workspace), WorkspaceRecord.pk.does_not_exist())
    keeping.create(caller, workspace, put, keys.workspace_slug(caller.organization_id, workspace.slug), now_ms)
    return workspace


def get_workspace(caller: Caller, workspace_id: str) -> Workspace:
    """Raises NotFoundError, also for a secret workspace that the caller is not in."""
    if not may_be_id(workspace_id):
        raise NotFoundError("there is no such workspace")
    try:
        found = WorkspaceRecord.get(*keys.workspace(caller.organization_id, workspace_id), consistent_read=True)
    except WorkspaceRecord.DoesNotExist as error:
        raise NotFoundError("there is no such workspace") from error
    workspace = found.contract()
    if not is_seen(caller, workspace):
        raise NotFoundError("there is no such workspace")
    return workspace


def list_workspaces(caller: Caller, *, archived: bool = False) -> list[Workspace]:
    """The workspaces that the caller may see, oldest first: those in use, or those archived."""
    found = _all(caller.organization_id)
    hidden = _hidden(caller, found)
    return [each for each in found if (each.archived_ms is not None) == archived and each not in hidden]


def hidden_workspaces(caller: Caller) -> frozenset[str]:
    """The ids of those that the caller may not know of, archived ones included."""
    return frozenset(each.workspace_id for each in _hidden(caller, _all(caller.organization_id)))


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
    require_version(expected_version, workspace.version)
    wanted = _checked(keeping.changed(workspace, changes, clock()))
    if wanted == workspace:
        return workspace
    if wanted.team_id != workspace.team_id:
        _check_team(caller, wanted)
    wanted = replace(wanted, version=workspace.version + 1)
    put = Put(WorkspaceRecord.of(caller.organization_id, wanted), WorkspaceRecord.version == workspace.version)
    old, new = (keys.workspace_slug(caller.organization_id, slug) for slug in (workspace.slug, wanted.slug))
    keeping.change(caller, workspace, wanted, put, (old, new))
    return wanted


def slug_of(name: str) -> str:
    """What of a name can stand in an address: `Café Noir & Co.` is `caf-noir-co`."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower())[:_LONGEST_SLUG].strip("-")


def _all(organization_id: str) -> list[Workspace]:
    first = keys.workspace(organization_id, "")
    return [record.contract() for record in WorkspaceRecord.query(first.pk, WorkspaceRecord.sk.startswith(first.sk))]


def _hidden(caller: Caller, found: Sequence[Workspace]) -> list[Workspace]:
    if caller.may("workspaces:manage"):
        return []
    mine = groups_of(caller.organization_id, caller.user_id)
    return [each for each in found if each.visibility == "SECRET" and not mine & {each.workspace_id, each.team_id}]


def _check_team(caller: Caller, workspace: Workspace) -> None:
    if workspace.team_id is not None and get_team(caller, workspace.team_id).archived_ms is not None:
        raise ConflictError("team_id: the team is archived")


def _checked(workspace: Workspace) -> Workspace:
    require_one_of("visibility", workspace.visibility, get_args(Visibility))
    require_one_of("monthly_orders", workspace.monthly_orders, get_args(OrderBand))
    if not (_SLUG.fullmatch(workspace.slug) and len(workspace.slug) <= _LONGEST_SLUG):
        raise InvalidError(f"slug: must have 1 to {_LONGEST_SLUG} small letters and digits, with single - between")
    return replace(workspace, name=checked_name(workspace.name))
