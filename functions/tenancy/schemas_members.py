"""Members, roles and invitations as requests and answers have them."""

from typing import Annotated, Any

from optiq.kernel.errors import InvalidError
from optiq.kernel.manifest import Role
from optiq.kernel.schemas import In, Instant, InstantIn, Out
from optiq.tenancy.contracts import Assignment, GroupRole, InvitationStatus, Target
from pydantic import BaseModel, Field

_ASSIGNED = Annotated[str, Field(max_length=60, examples=["ads:write"])]


class AssignmentIn(In):
    """A custom role's id or a permission, until an instant or for good."""

    what: _ASSIGNED
    expires_at: InstantIn | None = None


class AssignmentOut(Out):
    """A custom role's id or a permission, until an instant or for good."""

    what: _ASSIGNED
    expires_at: Instant | None


class MemberPatch(In):
    """What is absent stays; a list replaces the one before; `expires_at` null is for good."""

    role: Role = "VIEWER"
    expires_at: InstantIn | None = None
    roles: tuple[AssignmentIn, ...] = ()
    grants: tuple[AssignmentIn, ...] = ()

    def given(self, *but: str) -> dict[str, Any]:
        fields = super().given(*but)
        assigned = {name: fields[name] for name in ("roles", "grants") if name in fields}
        return fields | {name: tuple(Assignment(**each) for each in found) for name, found in assigned.items()}


class MemberOut(Out):
    user_id: str
    name: str = ""
    email: str = ""
    role: Role
    expires_at: Instant | None
    roles: list[AssignmentOut]
    grants: list[AssignmentOut]
    added_by: str
    joined_at: Instant


class RoleIn(In):
    name: Annotated[str, Field(examples=["Media buyer"])]
    description: str = ""
    permissions: Annotated[list[str], Field(max_length=50, examples=[["ads:write", "events:read"]])]


class RolePatch(In):
    """What is absent stays."""

    name: str = ""
    description: str = ""
    permissions: Annotated[tuple[str, ...], Field(max_length=50)] = ()


class RoleOut(Out):
    """Permissions under a name. The built-in ones have their name for an id and cannot be changed."""

    role_id: str
    name: str
    description: str = ""
    permissions: list[str]
    is_built_in: bool = False


class InvitationIn(In):
    """To the organization as `role`; or further, to one team or workspace of it as `group_role`.

    A member of the organization can be invited further, and keeps their role.
    """

    email: Annotated[str, Field(max_length=320, examples=["ben@example.com"])]
    role: Role = "VIEWER"
    team_id: str | None = None
    workspace_id: str | None = None
    group_role: GroupRole = "MEMBER"

    def target(self) -> Target | None:
        """Raises InvalidError for two of them."""
        if self.team_id is not None and self.workspace_id is not None:
            raise InvalidError("team_id, workspace_id: give one of them at most")
        if self.team_id is not None:
            return Target("team", self.team_id, self.group_role)
        return None if self.workspace_id is None else Target("workspace", self.workspace_id, self.group_role)


class InvitationOut(Out):
    """`group_role` is null where there is neither a team nor a workspace."""

    invitation_id: str
    email: str
    role: Role
    team_id: str | None
    workspace_id: str | None
    group_role: GroupRole | None
    status: InvitationStatus
    invited_by: str
    created_at: Instant
    sent_at: Instant
    expires_at: Instant
    accepted_by: str | None


class InvitationLinkIn(BaseModel):
    token: Annotated[str, Field(max_length=120, description="what comes after `#token=` in the mail")]
