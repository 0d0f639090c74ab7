"""Billing: plans, usage and invoices, and the credits that products spend."""

from optiq.kernel.manifest import Context, Function, Item, Permission

_CREDITS = "ORG#<org>#CREDITS"

CONTEXT = Context(
    name="billing",
    what="plans, usage and invoices, and the credits that products spend",
    permissions=(
        Permission("billing:read", "ADMIN", "see the plan, invoices and credits"),
        Permission("billing:write", "OWNER", "change the plan, buy credits and redeem vouchers"),
    ),
    items=(Item("credits", _CREDITS, "HEAD", "an organization's lots and holds, and the end of its ledger"),),
    functions=(Function("routes", timeout_seconds=29, table=("GetItem", "PutItem", "Query"), may=("index", "secret")),),
)
