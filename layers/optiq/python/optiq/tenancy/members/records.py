"""Members, custom roles and invitations in the table. Nothing is deleted: who left has an instant of it."""

import json
from collections.abc import Sequence
from typing import cast

from pynamodb.attributes import ListAttribute, NumberAttribute, UnicodeAttribute

from optiq.kernel.manifest import Role
from optiq.kernel.table import Record, whole_or_none
from optiq.tenancy import keys
from optiq.tenancy.groups.contracts import GroupRole
from optiq.tenancy.members.contracts import Assignment, CustomRole, Invitation, InvitationStatus, Member, Target


class SlugRecord(Record):
    """Which organization has a slug; "" when it was given up."""

    organization_id = UnicodeAttribute()


class MemberRecord(Record):
    """A member. `roles` and `grants` are JSON lists of what and until when."""

    user_id = UnicodeAttribute()
    role = UnicodeAttribute()
    expires_ms = NumberAttribute(null=True)
    roles = UnicodeAttribute()
    grants = UnicodeAttribute()
    added_by = UnicodeAttribute()
    joined_ms = NumberAttribute()
    left_ms = NumberAttribute(null=True)
    revision = NumberAttribute()

    @classmethod
    def of(cls, organization_id: str, member: Member, left_ms: int | None) -> "MemberRecord":
        return cls(
            *keys.member(organization_id, member.user_id),
            user_id=member.user_id,
            role=member.role,
            expires_ms=member.expires_ms,
            roles=_json(member.roles),
            grants=_json(member.grants),
            added_by=member.added_by,
            joined_ms=member.joined_ms,
            left_ms=left_ms,
            revision=member.revision,
        )

    def contract(self) -> Member:
        return Member(
            user_id=self.user_id,
            role=cast(Role, self.role),
            expires_ms=whole_or_none(self.expires_ms),
            roles=_assignments(self.roles),
            grants=_assignments(self.grants),
            added_by=self.added_by,
            joined_ms=int(self.joined_ms),
            revision=int(self.revision),
        )


class RoleRecord(Record):
    """A custom role. `assigned_ms` moves with every assignment, so that none is made of an older version."""

    role_id = UnicodeAttribute()
    name = UnicodeAttribute()
    description = UnicodeAttribute()
    permissions = ListAttribute(of=UnicodeAttribute)
    archived_ms = NumberAttribute(null=True)
    assigned_ms = NumberAttribute(null=True)
    version = NumberAttribute()

    @classmethod
    def of(cls, organization_id: str, role: CustomRole) -> "RoleRecord":
        return cls(
            *keys.role(organization_id, role.role_id),
            role_id=role.role_id,
            name=role.name,
            description=role.description,
            permissions=list(role.permissions),
            archived_ms=role.archived_ms,
            version=role.version,
        )

    def contract(self) -> CustomRole:
        return CustomRole(
            role_id=self.role_id,
            name=self.name,
            description=self.description,
            permissions=tuple(str(permission) for permission in self.permissions),
            archived_ms=whole_or_none(self.archived_ms),
            version=int(self.version),
        )


class RoleNameRecord(Record):
    """Which custom role has a name; "" when it was given up."""

    role_id = UnicodeAttribute()


class InvitationRecord(Record):
    """An invitation; of its secret only the hash. `status` is OPEN also when it has expired."""

    invitation_id = UnicodeAttribute()
    email = UnicodeAttribute()
    role = UnicodeAttribute()
    team_id = UnicodeAttribute(null=True)
    workspace_id = UnicodeAttribute(null=True)
    group_role = UnicodeAttribute(null=True)
    status = UnicodeAttribute()
    digest = UnicodeAttribute()
    invited_by = UnicodeAttribute()
    created_ms = NumberAttribute()
    sent_ms = NumberAttribute()
    expires_ms = NumberAttribute()
    accepted_by = UnicodeAttribute(null=True)

    def contract(self, now_ms: int) -> Invitation:
        expired = self.status == "OPEN" and self.expires_ms <= now_ms
        return Invitation(
            invitation_id=self.invitation_id,
            email=self.email,
            role=cast(Role, self.role),
            target=self.target(),
            status="EXPIRED" if expired else cast(InvitationStatus, self.status),
            invited_by=self.invited_by,
            created_ms=int(self.created_ms),
            sent_ms=int(self.sent_ms),
            expires_ms=int(self.expires_ms),
            accepted_by=self.accepted_by,
        )

    def target(self) -> Target | None:
        if self.team_id is not None:
            return Target("team", self.team_id, cast(GroupRole, self.group_role))
        if self.workspace_id is not None:
            return Target("workspace", self.workspace_id, cast(GroupRole, self.group_role))
        return None


class InvitedRecord(Record):
    """Which invitation an address has open to an organization, a team or a workspace; "" for none."""

    invitation_id = UnicodeAttribute()
    expires_ms = NumberAttribute()


def _json(assignments: Sequence[Assignment]) -> str:
    return json.dumps([[assignment.what, assignment.expires_ms] for assignment in assignments])


def _assignments(text: str) -> tuple[Assignment, ...]:
    return tuple(Assignment(what, expires_ms) for what, expires_ms in json.loads(text))
