"""Coupons: describe its business here in one line."""

from optiq.kernel.manifest import Context, Function, Item, Permission

CONTEXT = Context(
    name="coupons",
    what="describe its business here in one line",
    permissions=(
        Permission("coupons:read", "VIEWER", "see coupons"),
        Permission("coupons:write", "MEMBER", "create coupons"),
    ),
    audits=("coupon",),
    items=(
        Item(
            "coupon",
            "ORG#<org>",
            "COUPON#<coupon>",
            "one coupon; an organization's coupons by time",
            gsi1pk="ORG#<org>#COUPONS",
            gsi1sk="<coupon>",
        ),
    ),
    functions=(Function("routes", table=("GetItem", "PutItem"), may=("index",)),),
)
