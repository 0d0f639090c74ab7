"""Sharing: dashboards, and reports for people outside and by mail."""

from optiq.kernel.manifest import Context, Function, Item, Permission

CONTEXT = Context(
    name="sharing",
    what="dashboards",
    permissions=(Permission("dashboards:write", "MEMBER", "create and change dashboards"),),
    audits=("dashboard",),
    items=(Item("dashboard", "ORG#<org>#SITE#<site>", "DASHBOARD#<dashboard>", "cards of saved views on a grid"),),
    functions=(
        Function(
            "routes",
            timeout_seconds=29,
            table=("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query"),
            may=("secret", "lake"),
            columns=True,
            shares=("reports",),
        ),
    ),
)
