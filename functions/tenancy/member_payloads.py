"""Organizations, members and roles as the API shows them, and what it is asked."""

from typing import Annotated

from optiq.identity.people.contracts import User
from optiq.kernel.clock import from_rfc3339, to_rfc3339, to_rfc3339_or_none
from optiq.kernel.manifest import Role
from optiq.kernel.permissions import Membership
from optiq.tenancy.contracts import Organization, OrganizationChange
from optiq.tenancy.members.contracts import (
    Assignment,
    CustomRole,
    Member,
    MemberChange,
)
from pydantic import BaseModel, ConfigDict, Field, StrictInt

_Instant = Annotated[str | None, Field(examples=["2027-01-31T00:00:00Z"])]


class OrganizationDocument(BaseModel):
    """`version` grows by one with every change. `currency` and `timezone` are what a new site gets unless told."""

    organization_id: str
    name: str
    slug: str
    currency: str
    timezone: str
    logo_url: str
    created_at: str
    version: int

    @classmethod
    def of(cls, organization: Organization) -> "OrganizationDocument":
        return cls(
            organization_id=organization.organization_id,
            name=organization.name,
            slug=organization.slug,
            currency=organization.currency,
            timezone=organization.timezone,
            logo_url=organization.logo_url,
            created_at=to_rfc3339(organization.created_ms),
            version=organization.version,
        )


class MyOrganizationDocument(BaseModel):
    """An organization I am in, and as what; `is_current` where this session or key is of it."""

    organization: OrganizationDocument
    role: Role
    expires_at: str | None
    is_current: bool

    @classmethod
    def of(cls, organization: Organization, membership: Membership, current_id: str) -> "MyOrganizationDocument":
        return cls(
            organization=OrganizationDocument.of(organization),
            role=membership.role,
            expires_at=to_rfc3339_or_none(membership.expires_ms),
            is_current=organization.organization_id == current_id,
        )


class MyOrganizationsDocument(BaseModel):
    items: list[MyOrganizationDocument]


class OrganizationRequest(BaseModel):
    """Without a slug it gets one from its name."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(examples=["Hearth & Heron"])]
    slug: Annotated[str, Field(examples=["hearth-and-heron"])] = ""
    currency: str = "EUR"
    timezone: str = "UTC"


class OrganizationChangeRequest(BaseModel):
    """What is absent stays. With `version` the change is made only while the settings are still of that version."""

    model_config = ConfigDict(extra="forbid")

    name: str = ""
    slug: str = ""
    currency: str = ""
    timezone: str = ""
    logo_url: str = ""
    version: StrictInt | None = None

    def changes(self) -> OrganizationChange:
        said: OrganizationChange = self.model_dump(exclude_unset=True, exclude={"version"})  # type: ignore[assignment]
        return said


class AssignmentDocument(BaseModel):
    """A custom role's id or a permission, until an instant or for good."""

    model_config = ConfigDict(extra="forbid")

    what: Annotated[str, Field(max_length=60, examples=["ads:write"])]
    expires_at: _Instant = None

    @classmethod
    def of(cls, assignment: Assignment) -> "AssignmentDocument":
        return cls(what=assignment.what, expires_at=to_rfc3339_or_none(assignment.expires_ms))

    def assignment(self) -> Assignment:
        return Assignment(self.what, _read(self.expires_at))


class MemberDocument(BaseModel):
    user_id: str
    name: str
    email: str
    role: Role
    expires_at: str | None
    roles: list[AssignmentDocument]
    grants: list[AssignmentDocument]
    added_by: str
    joined_at: str

    @classmethod
    def of(cls, member: Member, user: User | None) -> "MemberDocument":
        return cls(
            user_id=member.user_id,
            name=user.name if user else "",
            email=user.email if user else "",
            role=member.role,
            expires_at=to_rfc3339_or_none(member.expires_ms),
            roles=[AssignmentDocument.of(each) for each in member.roles],
            grants=[AssignmentDocument.of(each) for each in member.grants],
            added_by=member.added_by,
            joined_at=to_rfc3339(member.joined_ms),
        )


class MembersDocument(BaseModel):
    items: list[MemberDocument]
    cursor: str | None


class MemberChangeRequest(BaseModel):
    """What is absent stays; a list replaces the one before; `expires_at` null is for good."""

    model_config = ConfigDict(extra="forbid")

    role: Role = "VIEWER"
    expires_at: _Instant = None
    roles: list[AssignmentDocument] = []
    grants: list[AssignmentDocument] = []

    def changes(self) -> MemberChange:
        """Raises InvalidError for an instant that cannot be."""
        said: MemberChange = {}
        if "role" in self.model_fields_set:
            said["role"] = self.role
        if "expires_at" in self.model_fields_set:
            said["expires_ms"] = _read(self.expires_at)
        if "roles" in self.model_fields_set:
            said["roles"] = tuple(each.assignment() for each in self.roles)
        if "grants" in self.model_fields_set:
            said["grants"] = tuple(each.assignment() for each in self.grants)
        return said


class RoleDocument(BaseModel):
    """Permissions under a name. The built-in ones have their name for an id and cannot be changed."""

    role_id: str
    name: str
    description: str
    permissions: list[str]
    is_built_in: bool

    @classmethod
    def of(cls, role: CustomRole) -> "RoleDocument":
        return cls(
            role_id=role.role_id,
            name=role.name,
            description=role.description,
            permissions=list(role.permissions),
            is_built_in=False,
        )


class RolesDocument(BaseModel):
    items: list[RoleDocument]


class RoleRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(examples=["Media buyer"])]
    description: str = ""
    permissions: Annotated[list[str], Field(max_length=50, examples=[["ads:write", "events:read"]])]


class RoleChangeRequest(BaseModel):
    """What is absent stays."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = None
    description: str | None = None
    permissions: Annotated[list[str] | None, Field(max_length=50)] = None


def _read(text: str | None) -> int | None:
    return None if text is None else from_rfc3339(text)
