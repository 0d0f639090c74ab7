"""Tenancy: organizations, their members, workspaces and sites."""

from optiq.kernel.manifest import Context, Function, Item, Permission
from optiq.mail.contracts import MailRequested

CONTEXT = Context(
    name="tenancy",
    what="organizations, their members, workspaces and sites",
    permissions=(
        Permission("sites:read", "VIEWER", "read sites and their settings"),
        Permission("sites:write", "MEMBER", "create sites, change their settings and channel rules"),
        Permission("organization:read", "VIEWER", "read the organization's settings"),
        Permission("organization:write", "ADMIN", "change the organization's settings"),
        Permission("organization:own", "OWNER", "appoint and remove owners"),
        Permission("members:read", "VIEWER", "see members, their roles and open invitations"),
        Permission("members:invite", "ADMIN", "invite people, send again and revoke invitations"),
        Permission("members:write", "ADMIN", "change and remove members, their roles and grants"),
        Permission("roles:write", "ADMIN", "create and change custom roles"),
        Permission("teams:read", "VIEWER", "see teams"),
        Permission("teams:write", "MEMBER", "create teams, and change those that they manage"),
        Permission("teams:manage", "ADMIN", "see and change every team, secret ones too"),
        Permission("workspaces:read", "VIEWER", "see workspaces"),
        Permission("workspaces:write", "MEMBER", "create workspaces, and change those that they manage"),
        Permission("workspaces:manage", "ADMIN", "see and change every workspace, secret ones too"),
    ),
    audits=(
        "channel_rules",
        "data",
        "invitation",
        "member",
        "organization",
        "role",
        "site",
        "team",
        "workspace",
    ),
    publishes=(MailRequested,),
    items=(
        Item(
            "organization",
            "ORG#<org>",
            "ORGANIZATION",
            "one organization; all organizations",
            gsi1pk="ORGANIZATIONS",
            gsi1sk="<org>",
        ),
        Item("owners", "ORG#<org>", "OWNERS", "how many owners an organization has"),
        Item(
            "site",
            "ORG#<org>",
            "SITE#<site>",
            "one site, an organization's sites; all sites",
            gsi1pk="SITES",
            gsi1sk="<site>",
        ),
        Item(
            "site domain",
            "SITEDOMAIN#<last two labels>",
            "<domain>#<site>",
            "which sites name a domain or one near it, and since when",
            tenantless=True,
            owned_by=("organization_id", "site_id"),
        ),
        Item("slug", "SLUG#<slug>", "SLUG", "which organization has a slug", tenantless=True, owned_by=("holder",)),
        Item(
            "member",
            "ORG#<org>",
            "MEMBER#<user>",
            "one member; an organization's members",
            data="ACCOUNTS",
        ),
        Item("custom role", "ORG#<org>", "ROLE#<role>", "one custom role; an organization's"),
        Item("role name", "ORG#<org>", "ROLE_NAME#<name>", "which custom role has a name"),
        Item(
            "invitation",
            "ORG#<org>",
            "INVITATION#<invitation>",
            "one invitation; an organization's by time",
            owned_by=("accepted_by",),
            data="ACCOUNTS",
        ),
        Item(
            "invited address",
            "ORG#<org>",
            "INVITED#<address hash>#<group>",
            "the open invitation of an address to the organization (no group), a team or a workspace",
            data="ACCOUNTS",
        ),
        Item("team", "ORG#<org>", "TEAM#<team>", "one team; an organization's teams"),
        Item("team name", "ORG#<org>", "TEAM_NAME#<name>", "which team has a name"),
        Item("workspace", "ORG#<org>", "WORKSPACE#<workspace>", "one workspace; an organization's workspaces"),
        Item(
            "workspace slug", "ORG#<org>", "WORKSPACE_SLUG#<slug>", "which workspace has a slug", owned_by=("holder",)
        ),
        Item(
            "group member",
            "ORG#<org>#GROUP#<group>",
            "MEMBER#<user>",
            "one member of a team or workspace; its members; a person's groups",
            gsi1pk="ORG#<org>#USER#<user>#GROUPS",
            gsi1sk="<group>",
            data="ACCOUNTS",
        ),
        Item(
            "channel rules",
            "ORG#<org>#SITE#<site>",
            "CHANNEL_RULES#<version>",
            "every version of a site's own channel rules",
        ),
    ),
    functions=(
        # One function answers all routes, so each has what any needs. Wider than they must be: sites, teams and
        # workspaces may read several items at once, which members' names need; all but members know the API's
        # address, which links in invitations need.
        Function(
            "routes",
            memory_mb=1024,
            timeout_seconds=29,
            table=("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query"),
            may=("index", "secret", "address"),
            shares=("identity",),
        ),
    ),
)
