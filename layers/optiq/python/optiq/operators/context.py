"""Operators: those who run the system create organizations and users, and look across organizations."""

from optiq.kernel.manifest import Context, Function, Item

CONTEXT = Context(
    name="operators",
    what="those who run the system create organizations and users, and look across organizations",
    audits=("staff_member",),
    items=(Item("staff member", "PLATFORM", "STAFF#<user>", "who may use the operator's routes", tenantless=True),),
    functions=(
        # argon2 is work: with this memory comes most of a core.
        Function(
            "routes",
            memory_mb=1024,
            timeout_seconds=29,
            table=("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query"),
            may=("index", "secret"),
            shares=("identity",),
        ),
    ),
)
