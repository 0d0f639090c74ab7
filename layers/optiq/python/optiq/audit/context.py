"""Audit: who did what, and the proof that nobody altered it."""

from optiq.kernel.manifest import Context, Function, Item, Permission

CONTEXT = Context(
    name="audit",
    what="who did what, and the proof that nobody altered it",
    permissions=(Permission("audit:read", "ADMIN", "read who did what"),),
    items=(
        Item(
            "audit entry",
            "ORG#<org>, USER#<user> or PLATFORM",
            "AUDIT#<sequence>",
            "a book of what was done, by time; what was done to one thing",
            gsi1pk="…#AUDIT#<entity>",
            gsi1sk="AUDIT#<sequence>",
        ),
        Item("audit head", "ORG#<org>, USER#<user> or PLATFORM", "AUDIT_HEAD", "where a book ends"),
    ),
    functions=(
        # A check reads the whole book.
        Function("routes", timeout_seconds=29, table=("GetItem", "Query"), may=("index", "secret")),
    ),
)
