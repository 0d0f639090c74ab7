"""People in an organization: what they are there, and who asked them in."""

from dataclasses import dataclass
from typing import Literal, TypedDict

from optiq.kernel.manifest import Role
from optiq.tenancy.contracts.groups import GroupRole

InvitationStatus = Literal["OPEN", "ACCEPTED", "DECLINED", "REVOKED", "EXPIRED"]


@dataclass(frozen=True, slots=True)
class Assignment:
    """A custom role (`role_…`) or a permission that a member has beside their role, until an instant or for good."""

    what: str
    expires_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A person in an organization.

    Attributes:
        added_by: who invited them, or created the organization.
        expires_ms: when they stop being one, or None; an owner does not.
        roles: custom roles. grants: single permissions.
        left_ms: set once they left or were removed; they may come back.
        version: grows by one with every change, from 1.
    """

    organization_id: str
    user_id: str
    role: Role
    added_by: str
    joined_ms: int
    expires_ms: int | None = None
    roles: tuple[Assignment, ...] = ()
    grants: tuple[Assignment, ...] = ()
    left_ms: int | None = None
    version: int = 1


class MemberChange(TypedDict, total=False):
    """What to change; what is absent stays. A tuple replaces the one before; `expires_ms` None is for good."""

    role: Role
    expires_ms: int | None
    roles: tuple[Assignment, ...]
    grants: tuple[Assignment, ...]


@dataclass(frozen=True, slots=True)
class CustomRole:
    """Permissions under a name. An archived one gives nothing."""

    organization_id: str
    role_id: str
    name: str
    description: str
    permissions: tuple[str, ...]
    created_ms: int
    archived_ms: int | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Target:
    """A team or workspace that somebody is invited to, and as what they are to be in it."""

    kind: Literal["team", "workspace"]
    group_id: str
    role: GroupRole


@dataclass(frozen=True, slots=True)
class Invitation:
    """A person asked to become a member, by an address of theirs. Its secret is only in the mail.

    Attributes:
        role: what they become in the organization; a member keeps their role.
        digest: the hash of the secret in the link.
        target: the team or workspace that they are invited to, or None for the organization alone.
        status: EXPIRED is never stored: it is what an open one is once it has expired.
    """

    organization_id: str
    invitation_id: str
    email: str
    role: Role
    invited_by: str
    created_ms: int
    sent_ms: int
    expires_ms: int
    digest: str
    target: Target | None = None
    status: InvitationStatus = "OPEN"
    accepted_by: str | None = None
    version: int = 0

    @property
    def team_id(self) -> str | None:
        return self.target.group_id if self.target and self.target.kind == "team" else None

    @property
    def workspace_id(self) -> str | None:
        return self.target.group_id if self.target and self.target.kind == "workspace" else None

    @property
    def group_role(self) -> GroupRole | None:
        return self.target.role if self.target else None
