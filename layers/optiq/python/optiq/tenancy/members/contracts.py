"""People in an organization: what they are there, and who asked them in."""

from dataclasses import dataclass
from typing import Literal, TypedDict

from optiq.kernel.manifest import Role
from optiq.tenancy.groups.contracts import GroupRole

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
        expires_ms: when they stop being one, or None; an owner does not.
        roles: custom roles. grants: single permissions.
        added_by: who invited them, or made the organization.
        revision: grows by one with every change.
    """

    user_id: str
    role: Role
    expires_ms: int | None
    roles: tuple[Assignment, ...]
    grants: tuple[Assignment, ...]
    added_by: str
    joined_ms: int
    revision: int


class MemberChange(TypedDict, total=False):
    """What to change; what is absent stays. A tuple replaces the one before; `expires_ms` None is for good."""

    role: Role
    expires_ms: int | None
    roles: tuple[Assignment, ...]
    grants: tuple[Assignment, ...]


@dataclass(frozen=True, slots=True)
class CustomRole:
    """Permissions under a name. An archived one gives nothing."""

    role_id: str
    name: str
    description: str
    permissions: tuple[str, ...]
    archived_ms: int | None
    version: int


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
        role: what they become in the organization; who is a member stays what they are.
        target: the team or workspace they are asked into, or None for the organization alone.
    """

    invitation_id: str
    email: str
    role: Role
    target: Target | None
    status: InvitationStatus
    invited_by: str
    created_ms: int
    sent_ms: int
    expires_ms: int
    accepted_by: str | None
