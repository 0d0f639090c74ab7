"""Teams, workspaces and who is in them, in the table.

Nothing is deleted: a name that was given up has no holder, and who left a group has an instant of it.
"""

from typing import cast

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from optiq.kernel.table import BySecondKey, Record, whole_or_none
from optiq.tenancy import keys
from optiq.tenancy.groups.contracts import GroupMember, GroupRole, OrderBand, Team, Visibility, Workspace


class GroupRecord(Record):
    """What teams and workspaces have in common."""

    name = UnicodeAttribute()
    visibility = UnicodeAttribute()
    archived_ms = NumberAttribute(null=True)
    created_ms = NumberAttribute()
    version = NumberAttribute()


class TeamRecord(GroupRecord):
    team_id = UnicodeAttribute()
    description = UnicodeAttribute()

    @classmethod
    def of(cls, organization_id: str, team: Team) -> "TeamRecord":
        return cls(
            *keys.team(organization_id, team.team_id),
            team_id=team.team_id,
            name=team.name,
            description=team.description,
            visibility=team.visibility,
            archived_ms=team.archived_ms,
            created_ms=team.created_ms,
            version=team.version,
        )

    def contract(self) -> Team:
        return Team(
            team_id=self.team_id,
            name=self.name,
            description=self.description,
            visibility=cast(Visibility, self.visibility),
            archived_ms=whole_or_none(self.archived_ms),
            created_ms=int(self.created_ms),
            version=int(self.version),
        )


class WorkspaceRecord(GroupRecord):
    workspace_id = UnicodeAttribute()
    slug = UnicodeAttribute()
    monthly_orders = UnicodeAttribute()
    team_id = UnicodeAttribute(null=True)

    @classmethod
    def of(cls, organization_id: str, workspace: Workspace) -> "WorkspaceRecord":
        return cls(
            *keys.workspace(organization_id, workspace.workspace_id),
            workspace_id=workspace.workspace_id,
            name=workspace.name,
            slug=workspace.slug,
            monthly_orders=workspace.monthly_orders,
            visibility=workspace.visibility,
            team_id=workspace.team_id,
            archived_ms=workspace.archived_ms,
            created_ms=workspace.created_ms,
            version=workspace.version,
        )

    def contract(self) -> Workspace:
        return Workspace(
            workspace_id=self.workspace_id,
            name=self.name,
            slug=self.slug,
            monthly_orders=cast(OrderBand, self.monthly_orders),
            visibility=cast(Visibility, self.visibility),
            team_id=self.team_id,
            archived_ms=whole_or_none(self.archived_ms),
            created_ms=int(self.created_ms),
            version=int(self.version),
        )


class NameRecord(Record):
    """Which group has a name that only one may have; "" when it was given up."""

    holder = UnicodeAttribute()


class GroupMemberRecord(Record):
    """A person in a group; a person's groups by the second key, from which they are gone once they left."""

    by_second_key = BySecondKey()

    group_id = UnicodeAttribute()
    user_id = UnicodeAttribute()
    role = UnicodeAttribute()
    added_by = UnicodeAttribute()
    added_ms = NumberAttribute()
    left_ms = NumberAttribute(null=True)

    @classmethod
    def of(cls, organization_id: str, group_id: str, member: GroupMember) -> "GroupMemberRecord":
        return cls(
            *keys.group_member(organization_id, group_id, member.user_id),
            gsi1pk=keys.groups_of(organization_id, member.user_id),
            gsi1sk=group_id,
            group_id=group_id,
            user_id=member.user_id,
            role=member.role,
            added_by=member.added_by,
            added_ms=member.added_ms,
        )

    def contract(self) -> GroupMember:
        return GroupMember(self.user_id, cast(GroupRole, self.role), self.added_by, int(self.added_ms))

    def unchanged(self) -> Condition:
        left = GroupMemberRecord.left_ms
        left_then = left.does_not_exist() if self.left_ms is None else left == self.left_ms
        unchanged: Condition = left_then & (GroupMemberRecord.role == self.role)
        return unchanged
