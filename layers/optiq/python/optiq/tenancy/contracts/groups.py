"""Teams and workspaces: groups of an organization's members."""

from dataclasses import dataclass
from typing import Literal, TypedDict

Visibility = Literal["PUBLIC", "PRIVATE", "SECRET"]
"""PUBLIC: all of the organization see it and who is in it. PRIVATE: that it is there. SECRET: not even that."""
GroupRole = Literal["MANAGER", "MEMBER"]
OrderBand = Literal["LESS_THAN_500", "FROM_500_TO_4999", "FROM_5000_TO_49999", "FROM_50000"]
"""How many orders a client has in a month."""


@dataclass(frozen=True, slots=True)
class Team:
    """A sub-group of members. `version` grows by one with every change."""

    organization_id: str
    team_id: str
    name: str
    created_ms: int
    description: str = ""
    visibility: Visibility = "PUBLIC"
    archived_ms: int | None = None
    version: int = 0

    @property
    def group_id(self) -> str:
        return self.team_id


@dataclass(frozen=True, slots=True)
class Workspace:
    """A client or brand inside an organization, which holds sites. Members of its team are members of it as well.

    `deletion_due_ms` is when it is deleted with its sites, or None.
    """

    organization_id: str
    workspace_id: str
    name: str
    slug: str
    created_ms: int
    monthly_orders: OrderBand = "LESS_THAN_500"
    visibility: Visibility = "PUBLIC"
    team_id: str | None = None
    archived_ms: int | None = None
    deletion_due_ms: int | None = None
    version: int = 0

    @property
    def group_id(self) -> str:
        return self.workspace_id


Group = Team | Workspace


class TeamChange(TypedDict, total=False):
    """What to change; what is absent stays."""

    name: str
    description: str
    visibility: Visibility
    archived: bool


class WorkspaceChange(TypedDict, total=False):
    """What to change; what is absent stays."""

    name: str
    slug: str
    monthly_orders: OrderBand
    visibility: Visibility
    team_id: str | None
    archived: bool


@dataclass(frozen=True, slots=True)
class GroupMember:
    """A person in a group, and who put them there. `left_ms` is set once they left; they may come back."""

    organization_id: str
    group_id: str
    user_id: str
    role: GroupRole
    added_by: str
    added_ms: int
    left_ms: int | None = None
    version: int = 0
