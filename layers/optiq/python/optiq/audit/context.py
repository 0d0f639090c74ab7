"""Audit: who did what, and the proof that nobody altered it."""

from optiq.kernel.manifest import Context, Function, Item, Permission

_PROOF = "the proof of who did what is kept for its time"

CONTEXT = Context(
    name="audit",
    what="who did what, and the proof that nobody altered it",
    data="AUDIT",
    permissions=(Permission("audit:read", "ADMIN", "read who did what"),),
    items=(
        Item(
            "audit entry",
            "ORG#<org>, USER#<user> or PLATFORM",
            "AUDIT#<instant>#<context>#<sequence>",
            "a log of what was done, by time; what was done to one thing",
            gsi1pk="…#AUDIT#<entity>",
            gsi1sk="AUDIT#<instant>#<context>#<sequence>",
            outlives=_PROOF,
        ),
        Item(
            "audit head",
            "ORG#<org>, USER#<user> or PLATFORM",
            "AUDIT_HEAD#<context>",
            "where a chain ends",
            outlives=_PROOF,
        ),
        Item(
            "audit start",
            "ORG#<org>, USER#<user> or PLATFORM",
            "AUDIT_START#<context>",
            "where a chain begins whose first entries had their time",
            outlives=_PROOF,
        ),
        Item(
            "audit chains",
            "ORG#<org>, USER#<user> or PLATFORM",
            "AUDIT_CHAINS",
            "which chains a log has",
            outlives=_PROOF,
        ),
    ),
    functions=(
        # A check reads the whole log.
        Function("routes", timeout_seconds=29, table=("GetItem", "Query"), may=("index", "secret")),
    ),
)
