"""Teams and workspaces as requests and answers have them."""

from optiq.kernel.schemas import In, Instant, Out, shows
from optiq.tenancy.contracts import GroupRole, OrderBand, Team, Visibility, Workspace
from pydantic import Field, StrictBool, StrictInt


class TeamIn(In):
    name: str = Field(examples=["Growth"])
    description: str = ""
    visibility: Visibility = "PUBLIC"


class TeamPatch(In):
    """What to change; what is absent stays. An archived team can only be restored: `"archived": false`.

    With `version` the change is made only while the team is still of that version.
    """

    name: str = ""
    description: str = ""
    visibility: Visibility = "PUBLIC"
    archived: StrictBool = False
    version: StrictInt | None = None


@shows(Team)
class TeamOut(Out):
    """`version` grows by one with every change."""


class WorkspaceIn(In):
    """Without a `slug`, it gets one from its name."""

    name: str = Field(examples=["Café Noir"])
    slug: str = ""
    monthly_orders: OrderBand = "LESS_THAN_500"
    visibility: Visibility = "PUBLIC"
    team_id: str | None = None


class WorkspacePatch(In):
    """What to change; what is absent stays, `team_id` null takes it from its team.

    An archived workspace can only be restored: `"archived": false`. With `version` the change is made only while the
    workspace is still of that version.
    """

    name: str = ""
    slug: str = ""
    monthly_orders: OrderBand = "LESS_THAN_500"
    visibility: Visibility = "PUBLIC"
    team_id: str | None = None
    archived: StrictBool = False
    version: StrictInt | None = None


@shows(Workspace)
class WorkspaceOut(Out):
    """`version` grows by one with every change. Members of its team are members of it as well."""


class GroupMemberIn(In):
    role: GroupRole = "MEMBER"


class GroupMemberOut(Out):
    user_id: str
    role: GroupRole
    added_by: str
    added_at: Instant
