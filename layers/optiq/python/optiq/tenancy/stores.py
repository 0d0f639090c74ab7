"""What tenancy keeps in the table: each entity with its key, its place in the index, and what only one may have."""

from collections.abc import Sequence

from optiq.mail import api as mails
from optiq.store.api import Claim, Store
from optiq.tenancy import keys
from optiq.tenancy.contracts import (
    ChannelRules,
    CustomRole,
    GroupMember,
    Invitation,
    Member,
    Organization,
    Site,
    Team,
    Workspace,
)


def _slug(organization: Organization) -> Sequence[Claim]:
    return (Claim(keys.slug(organization.slug), f"slug: '{organization.slug}' is taken"),) if organization.slug else ()


def _role_name(role: CustomRole) -> Sequence[Claim]:
    """An archived role gives its name up."""
    key = keys.role_name(role.organization_id, role.name)
    return () if role.archived_ms is not None else (Claim(key, f"name: there is a role '{role.name}' already"),)


def _invited_address(invitation: Invitation) -> Sequence[Claim]:
    """An address has one open invitation to the organization, and to each team and workspace."""
    group_id = invitation.target.group_id if invitation.target else ""
    key = keys.invited(invitation.organization_id, mails.address_hash(invitation.email), group_id)
    taken = "email: the address is invited already: send that invitation again"
    return (Claim(key, taken, invitation.expires_ms),) if invitation.status == "OPEN" else ()


def _team_name(team: Team) -> Sequence[Claim]:
    return (Claim(keys.team_name(team.organization_id, team.name), f"name: there is a team '{team.name}' already"),)


def _workspace_slug(workspace: Workspace) -> Sequence[Claim]:
    key = keys.workspace_slug(workspace.organization_id, workspace.slug)
    return (Claim(key, f"slug: there is a workspace '{workspace.slug}' already"),)


def _groups_of_member(member: GroupMember) -> tuple[str, str] | None:
    if member.left_ms is not None:
        return None
    return keys.groups_of(member.organization_id, member.user_id), member.group_id


ORGANIZATIONS = Store(
    Organization,
    "organization",
    keys.organization,
    lambda organization: (keys.ORGANIZATIONS, organization.organization_id),
    claims=_slug,
)
SITES = Store(Site, "site", keys.site, lambda site: (keys.SITES, site.site_id))
CHANNEL_RULES = Store(ChannelRules, "channel rules", keys.channel_rules)
MEMBERS = Store(Member, "member", keys.member)
ROLES = Store(CustomRole, "role", keys.role, claims=_role_name)
INVITATIONS = Store(Invitation, "invitation", keys.invitation, claims=_invited_address)
TEAMS = Store(Team, "team", keys.team, claims=_team_name)
WORKSPACES = Store(Workspace, "workspace", keys.workspace, claims=_workspace_slug)
GROUP_MEMBERS = Store(GroupMember, "member", keys.group_member, _groups_of_member)
