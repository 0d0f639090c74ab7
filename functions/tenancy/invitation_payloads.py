"""Invitations over HTTP."""

from typing import Annotated

from optiq.kernel.clock import to_rfc3339
from optiq.kernel.errors import InvalidError
from optiq.kernel.manifest import Role
from optiq.tenancy.groups.contracts import GroupRole
from optiq.tenancy.members.contracts import Invitation, InvitationStatus, Target
from pydantic import BaseModel, ConfigDict, Field


class InvitationRequest(BaseModel):
    """To the organization as `role`; or further, to one team or workspace of it as `group_role`.

    Who is a member of the organization already can be invited further, and keeps their role.
    """

    model_config = ConfigDict(extra="forbid")

    email: Annotated[str, Field(max_length=320, examples=["ben@example.com"])]
    role: Role = "VIEWER"
    team_id: str | None = None
    workspace_id: str | None = None
    group_role: GroupRole = "MEMBER"

    def target(self) -> Target | None:
        """Raises InvalidError for two of them."""
        if self.team_id is not None and self.workspace_id is not None:
            raise InvalidError("team_id, workspace_id: one of them at most")
        if self.team_id is not None:
            return Target("team", self.team_id, self.group_role)
        return None if self.workspace_id is None else Target("workspace", self.workspace_id, self.group_role)


class InvitationDocument(BaseModel):
    """`group_role` is null where there is neither a team nor a workspace."""

    invitation_id: str
    email: str
    role: Role
    team_id: str | None
    workspace_id: str | None
    group_role: GroupRole | None
    status: InvitationStatus
    invited_by: str
    created_at: str
    sent_at: str
    expires_at: str
    accepted_by: str | None

    @classmethod
    def of(cls, invitation: Invitation) -> "InvitationDocument":
        target = invitation.target
        return cls(
            invitation_id=invitation.invitation_id,
            email=invitation.email,
            role=invitation.role,
            team_id=target.group_id if target and target.kind == "team" else None,
            workspace_id=target.group_id if target and target.kind == "workspace" else None,
            group_role=target.role if target else None,
            status=invitation.status,
            invited_by=invitation.invited_by,
            created_at=to_rfc3339(invitation.created_ms),
            sent_at=to_rfc3339(invitation.sent_ms),
            expires_at=to_rfc3339(invitation.expires_ms),
            accepted_by=invitation.accepted_by,
        )


class InvitationsDocument(BaseModel):
    items: list[InvitationDocument]


class InvitationLinkRequest(BaseModel):
    token: Annotated[str, Field(max_length=120, description="what stands behind `#token=` in the mail")]
