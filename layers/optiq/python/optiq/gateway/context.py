"""Gateway: what the API says of itself."""

from optiq.kernel.manifest import Context, Function, Item

CONTEXT = Context(
    name="gateway",
    what="what the API says of itself",
    data="WORK",
    items=(
        Item(
            "kept answer",
            "ORG#<org>#REQUEST#<hash>",
            "ANSWER",
            "the answer to a request in an organization, by its caller, route and Idempotency-Key; sealed, for a day",
        ),
        Item(
            "personal kept answer",
            "USER#<user>#REQUEST#<hash>",
            "ANSWER",
            "the same of a request about the caller",
            tenantless=True,
        ),
    ),
    functions=(
        # Apart from the documents, so that it loads next to nothing.
        Function("health"),
        Function("reference"),
    ),
)
