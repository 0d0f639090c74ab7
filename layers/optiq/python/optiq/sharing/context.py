"""Sharing: dashboards, and reports for people outside."""

from optiq.kernel.manifest import Context, Function, Item, Permission

CONTEXT = Context(
    name="sharing",
    what="dashboards, and reports for people outside",
    permissions=(
        Permission("dashboards:write", "MEMBER", "create and change dashboards"),
        Permission("shares:write", "ADMIN", "show reports to people outside, by links"),
    ),
    audits=("dashboard", "share_link"),
    items=(
        Item("dashboard", "ORG#<org>#SITE#<site>", "DASHBOARD#<dashboard>", "cards of saved views on a grid"),
        Item(
            "share link",
            "SHARE#<hash of token>",
            "SHARE",
            "what the link with a token shows; a site's share links by time",
            gsi1pk="ORG#<org>#SITE#<site>#SHARES",
            gsi1sk="<instant>#<share>",
            tenantless=True,
        ),
        Item("use of a share link", "SHARE#<hash of token>", "USE", "when a link was last used", tenantless=True),
    ),
    functions=(
        Function(
            "routes",
            timeout_seconds=29,
            table=("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query"),
            may=("index", "secret", "lake", "address"),
            columns=True,
            shares=("reports",),
        ),
        # Strangers ask it: it writes answers that are kept, and that a link was used.
        Function(
            "shared",
            timeout_seconds=29,
            table=("GetItem", "BatchGetItem", "UpdateItem", "Query"),
            may=("lake",),
            columns=True,
            shares=("reports",),
        ),
    ),
)
