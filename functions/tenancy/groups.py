"""Teams and workspaces, and who is in them, over HTTP."""

from typing import Annotated, cast

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor
from optiq.kernel.caller import Caller
from optiq.kernel.schemas import Limit, PageOut
from optiq.tenancy.contracts import Group, TeamChange, WorkspaceChange
from optiq.tenancy.groups import api as groups

from functions.tenancy.app import app
from functions.tenancy.schemas_groups import (
    GroupMemberIn,
    GroupMemberOut,
    TeamIn,
    TeamOut,
    TeamPatch,
    WorkspaceIn,
    WorkspaceOut,
    WorkspacePatch,
)

_TEAMS = ["teams"]
_WORKSPACES = ["workspaces"]
_Id = Annotated[str, Path()]
_Archived = Annotated[bool, Query(description="list archived ones instead of those in use")]


@app.get("/v1/teams", needs="teams:read", summary="The organization's teams that I may see", tags=_TEAMS)
def list_teams(archived: _Archived = False, limit: Limit = 100, cursor: Cursor = None) -> PageOut[TeamOut]:
    page = groups.list_teams(caller_of(app), archived=archived, limit=limit, cursor=cursor)
    return PageOut[TeamOut].model_validate(page)


@app.post(
    "/v1/teams", needs="teams:write", summary="Create a team and be its first manager", status_code=201, tags=_TEAMS
)
def create_team(request: TeamIn) -> tuple[TeamOut, int]:
    return TeamOut.model_validate(groups.create_team(caller_of(app), **request.given())), 201


@app.get("/v1/teams/{team_id}", needs="teams:read", summary="One team", tags=_TEAMS)
def get_team(team_id: _Id) -> TeamOut:
    return TeamOut.model_validate(groups.get_team(caller_of(app), team_id))


@app.patch("/v1/teams/{team_id}", needs="teams:write", summary="Change, archive or restore a team", tags=_TEAMS)
def change_team(team_id: _Id, request: TeamPatch) -> TeamOut:
    changes = cast(TeamChange, request.given("version"))
    changed = groups.change_team(caller_of(app), team_id, changes, expected_version=request.version)
    return TeamOut.model_validate(changed)


@app.get("/v1/teams/{team_id}/members", needs="teams:read", summary="Who is in a team", tags=_TEAMS)
def list_team_members(team_id: _Id, limit: Limit = 100, cursor: Cursor = None) -> PageOut[GroupMemberOut]:
    page = groups.list_members(*_team(team_id), limit=limit, cursor=cursor)
    return PageOut[GroupMemberOut].model_validate(page)


@app.put(
    "/v1/teams/{team_id}/members/{user_id}",
    needs="teams:write",
    summary="Put a member into a team, or change their role",
    tags=_TEAMS,
)
def set_team_member(team_id: _Id, user_id: _Id, request: GroupMemberIn) -> GroupMemberOut:
    return _set_member(*_team(team_id), user_id, request)


@app.delete(
    "/v1/teams/{team_id}/members/{user_id}",
    needs="teams:write",
    summary="Take a member out of a team",
    status_code=204,
    response_description="They are not in it any more",
    tags=_TEAMS,
)
def remove_team_member(team_id: _Id, user_id: _Id) -> tuple[None, int]:
    groups.remove_member(*_team(team_id), user_id)
    return None, 204


@app.get(
    "/v1/workspaces", needs="workspaces:read", summary="The organization's workspaces that I may see", tags=_WORKSPACES
)
def list_workspaces(archived: _Archived = False, limit: Limit = 100, cursor: Cursor = None) -> PageOut[WorkspaceOut]:
    page = groups.list_workspaces(caller_of(app), archived=archived, limit=limit, cursor=cursor)
    return PageOut[WorkspaceOut].model_validate(page)


@app.post(
    "/v1/workspaces",
    needs="workspaces:write",
    summary="Create a workspace and be its first manager",
    tags=_WORKSPACES,
    status_code=201,
)
def create_workspace(request: WorkspaceIn) -> tuple[WorkspaceOut, int]:
    return WorkspaceOut.model_validate(groups.create_workspace(caller_of(app), **request.given())), 201


@app.get("/v1/workspaces/{workspace_id}", needs="workspaces:read", summary="One workspace", tags=_WORKSPACES)
def get_workspace(workspace_id: _Id) -> WorkspaceOut:
    return WorkspaceOut.model_validate(groups.get_workspace(caller_of(app), workspace_id))


@app.patch(
    "/v1/workspaces/{workspace_id}",
    needs="workspaces:write",
    summary="Change, archive or restore a workspace",
    tags=_WORKSPACES,
)
def change_workspace(workspace_id: _Id, request: WorkspacePatch) -> WorkspaceOut:
    changes = cast(WorkspaceChange, request.given("version"))
    changed = groups.change_workspace(caller_of(app), workspace_id, changes, expected_version=request.version)
    return WorkspaceOut.model_validate(changed)


@app.get(
    "/v1/workspaces/{workspace_id}/members", needs="workspaces:read", summary="Who is in a workspace", tags=_WORKSPACES
)
def list_workspace_members(workspace_id: _Id, limit: Limit = 100, cursor: Cursor = None) -> PageOut[GroupMemberOut]:
    return PageOut[GroupMemberOut].model_validate(
        groups.list_members(*_workspace(workspace_id), limit=limit, cursor=cursor)
    )


@app.put(
    "/v1/workspaces/{workspace_id}/members/{user_id}",
    needs="workspaces:write",
    summary="Put a member into a workspace, or change their role",
    tags=_WORKSPACES,
)
def set_workspace_member(workspace_id: _Id, user_id: _Id, request: GroupMemberIn) -> GroupMemberOut:
    return _set_member(*_workspace(workspace_id), user_id, request)


@app.delete(
    "/v1/workspaces/{workspace_id}/members/{user_id}",
    needs="workspaces:write",
    summary="Take a member out of a workspace",
    tags=_WORKSPACES,
    status_code=204,
    response_description="They are not in it any more",
)
def remove_workspace_member(workspace_id: _Id, user_id: _Id) -> tuple[None, int]:
    groups.remove_member(*_workspace(workspace_id), user_id)
    return None, 204


def _team(team_id: str) -> tuple[Caller, Group]:
    caller = caller_of(app)
    return caller, groups.get_team(caller, team_id)


def _workspace(workspace_id: str) -> tuple[Caller, Group]:
    caller = caller_of(app)
    return caller, groups.get_workspace(caller, workspace_id)


def _set_member(caller: Caller, group: Group, user_id: str, request: GroupMemberIn) -> GroupMemberOut:
    return GroupMemberOut.model_validate(groups.set_member(caller, group, user_id, request.role))
