"""Teams and workspaces over HTTP."""

from typing import Any, cast

from optiq.kernel.clock import to_rfc3339, to_rfc3339_or_none
from optiq.kernel.paging import Page
from optiq.tenancy.groups.contracts import (
    GroupMember,
    GroupRole,
    OrderBand,
    Team,
    TeamChange,
    Visibility,
    Workspace,
    WorkspaceChange,
)
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt


class TeamDocument(BaseModel):
    """`version` grows by one with every change."""

    team_id: str
    name: str
    description: str
    visibility: Visibility
    created_at: str
    archived_at: str | None
    version: int

    @classmethod
    def of(cls, team: Team) -> "TeamDocument":
        return cls(
            team_id=team.team_id,
            name=team.name,
            description=team.description,
            visibility=team.visibility,
            created_at=to_rfc3339(team.created_ms),
            archived_at=to_rfc3339_or_none(team.archived_ms),
            version=team.version,
        )


class TeamsDocument(BaseModel):
    items: list[TeamDocument]


class TeamRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(examples=["Growth"])
    description: str = ""
    visibility: Visibility = "PUBLIC"


class TeamChangeRequest(BaseModel):
    """What to change; what is absent stays. An archived team can only be restored: `"archived": false`.

    With `version` the change is made only while the team is still of that version.
    """

    model_config = ConfigDict(extra="forbid")

    name: str = ""
    description: str = ""
    visibility: Visibility = "PUBLIC"
    archived: StrictBool = False
    version: StrictInt | None = None

    def changes(self) -> TeamChange:
        return cast(TeamChange, _said(self))


class WorkspaceDocument(BaseModel):
    """`version` grows by one with every change. Members of its team are members of it as well."""

    workspace_id: str
    name: str
    slug: str
    monthly_orders: OrderBand
    visibility: Visibility
    team_id: str | None
    created_at: str
    archived_at: str | None
    version: int

    @classmethod
    def of(cls, workspace: Workspace) -> "WorkspaceDocument":
        return cls(
            workspace_id=workspace.workspace_id,
            name=workspace.name,
            slug=workspace.slug,
            monthly_orders=workspace.monthly_orders,
            visibility=workspace.visibility,
            team_id=workspace.team_id,
            created_at=to_rfc3339(workspace.created_ms),
            archived_at=to_rfc3339_or_none(workspace.archived_ms),
            version=workspace.version,
        )


class WorkspacesDocument(BaseModel):
    items: list[WorkspaceDocument]


class WorkspaceRequest(BaseModel):
    """Without a `slug`, one is made of the name."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(examples=["Café Noir"])
    slug: str = ""
    monthly_orders: OrderBand = "LESS_THAN_500"
    visibility: Visibility = "PUBLIC"
    team_id: str | None = None


class WorkspaceChangeRequest(BaseModel):
    """What to change; what is absent stays, `team_id` null takes it from its team.

    An archived workspace can only be restored: `"archived": false`. With `version` the change is made only while the
    workspace is still of that version.
    """

    model_config = ConfigDict(extra="forbid")

    name: str = ""
    slug: str = ""
    monthly_orders: OrderBand = "LESS_THAN_500"
    visibility: Visibility = "PUBLIC"
    team_id: str | None = None
    archived: StrictBool = False
    version: StrictInt | None = None

    def changes(self) -> WorkspaceChange:
        return cast(WorkspaceChange, _said(self))


class GroupMemberDocument(BaseModel):
    user_id: str
    role: GroupRole
    added_by: str
    added_at: str

    @classmethod
    def of(cls, member: GroupMember) -> "GroupMemberDocument":
        return cls(
            user_id=member.user_id,
            role=member.role,
            added_by=member.added_by,
            added_at=to_rfc3339(member.added_ms),
        )


class GroupMembersDocument(BaseModel):
    """Members by user id, and where the next page starts."""

    items: list[GroupMemberDocument]
    cursor: str | None

    @classmethod
    def of(cls, page: Page[GroupMember]) -> "GroupMembersDocument":
        return cls(items=[GroupMemberDocument.of(member) for member in page.items], cursor=page.cursor)


class GroupMemberRequest(BaseModel):
    role: GroupRole = "MEMBER"


def _said(request: BaseModel) -> dict[str, Any]:
    return request.model_dump(exclude_unset=True, exclude={"version"})
