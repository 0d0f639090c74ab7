"""Teams and workspaces, and who is in them, over HTTP."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor, make_resolver
from optiq.kernel.caller import Caller
from optiq.tenancy.groups import api as groups
from optiq.tenancy.groups.contracts import Group
from optiq.tenancy.members import api as members

from functions.tenancy.group_payloads import (
    GroupMemberDocument,
    GroupMemberRequest,
    GroupMembersDocument,
    TeamChangeRequest,
    TeamDocument,
    TeamRequest,
    TeamsDocument,
    WorkspaceChangeRequest,
    WorkspaceDocument,
    WorkspaceRequest,
    WorkspacesDocument,
)

app = make_resolver("teams")

_WORKSPACES = ["workspaces"]
_Id = Annotated[str, Path()]
_Archived = Annotated[bool, Query(description="those archived, in place of those in use")]
_Limit = Annotated[int, Query(ge=1, le=100)]


@app.get("/v1/teams", needs="teams:read", summary="The organization's teams that I may see")
def list_teams(archived: _Archived = False) -> TeamsDocument:
    return TeamsDocument(items=[TeamDocument.of(team) for team in groups.list_teams(caller_of(app), archived=archived)])


@app.post("/v1/teams", needs="teams:write", summary="Make a team and be its first manager", status_code=201)
def create_team(request: TeamRequest) -> tuple[TeamDocument, int]:
    return TeamDocument.of(groups.create_team(caller_of(app), **request.model_dump())), 201


@app.get("/v1/teams/{team_id}", needs="teams:read", summary="One team")
def get_team(team_id: _Id) -> TeamDocument:
    return TeamDocument.of(groups.get_team(caller_of(app), team_id))


@app.patch("/v1/teams/{team_id}", needs="teams:write", summary="Change, archive or restore a team")
def change_team(team_id: _Id, request: TeamChangeRequest) -> TeamDocument:
    changed = groups.change_team(caller_of(app), team_id, request.changes(), expected_version=request.version)
    return TeamDocument.of(changed)


@app.get("/v1/teams/{team_id}/members", needs="teams:read", summary="Who is in a team")
def list_team_members(team_id: _Id, limit: _Limit = 100, cursor: Cursor = None) -> GroupMembersDocument:
    return GroupMembersDocument.of(groups.list_members(*_team(team_id), limit=limit, cursor=cursor))


@app.put(
    "/v1/teams/{team_id}/members/{user_id}",
    needs="teams:write",
    summary="Put a member into a team, or change their role",
)
def set_team_member(team_id: _Id, user_id: _Id, request: GroupMemberRequest) -> GroupMemberDocument:
    return _set_member(*_team(team_id), user_id, request)


@app.delete(
    "/v1/teams/{team_id}/members/{user_id}",
    needs="teams:write",
    summary="Take a member out of a team",
    status_code=204,
    response_description="They are not in it any more",
)
def remove_team_member(team_id: _Id, user_id: _Id) -> tuple[None, int]:
    groups.remove_member(*_team(team_id), user_id)
    return None, 204


@app.get(
    "/v1/workspaces", needs="workspaces:read", summary="The organization's workspaces that I may see", tags=_WORKSPACES
)
def list_workspaces(archived: _Archived = False) -> WorkspacesDocument:
    found = groups.list_workspaces(caller_of(app), archived=archived)
    return WorkspacesDocument(items=[WorkspaceDocument.of(workspace) for workspace in found])


@app.post(
    "/v1/workspaces",
    needs="workspaces:write",
    summary="Make a workspace and be its first manager",
    tags=_WORKSPACES,
    status_code=201,
)
def create_workspace(request: WorkspaceRequest) -> tuple[WorkspaceDocument, int]:
    return WorkspaceDocument.of(groups.create_workspace(caller_of(app), **request.model_dump())), 201


@app.get("/v1/workspaces/{workspace_id}", needs="workspaces:read", summary="One workspace", tags=_WORKSPACES)
def get_workspace(workspace_id: _Id) -> WorkspaceDocument:
    return WorkspaceDocument.of(groups.get_workspace(caller_of(app), workspace_id))


@app.patch(
    "/v1/workspaces/{workspace_id}",
    needs="workspaces:write",
    summary="Change, archive or restore a workspace",
    tags=_WORKSPACES,
)
def change_workspace(workspace_id: _Id, request: WorkspaceChangeRequest) -> WorkspaceDocument:
    changed = groups.change_workspace(caller_of(app), workspace_id, request.changes(), expected_version=request.version)
    return WorkspaceDocument.of(changed)


@app.get(
    "/v1/workspaces/{workspace_id}/members", needs="workspaces:read", summary="Who is in a workspace", tags=_WORKSPACES
)
def list_workspace_members(workspace_id: _Id, limit: _Limit = 100, cursor: Cursor = None) -> GroupMembersDocument:
    return GroupMembersDocument.of(groups.list_members(*_workspace(workspace_id), limit=limit, cursor=cursor))


@app.put(
    "/v1/workspaces/{workspace_id}/members/{user_id}",
    needs="workspaces:write",
    summary="Put a member into a workspace, or change their role",
    tags=_WORKSPACES,
)
def set_workspace_member(workspace_id: _Id, user_id: _Id, request: GroupMemberRequest) -> GroupMemberDocument:
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


def _set_member(caller: Caller, group: Group, user_id: str, request: GroupMemberRequest) -> GroupMemberDocument:
    member = groups.set_member(caller, group, user_id, request.role, is_member=members.is_member)
    return GroupMemberDocument.of(member)


handler = app
