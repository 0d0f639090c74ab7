"""Operators: those who run the system create organizations and users, and look across organizations."""

from optiq.kernel.manifest import Context, Function

CONTEXT = Context(
    name="operators",
    what="those who run the system create organizations and users, and look across organizations",
    functions=(
        # argon2 is work: with this memory comes most of a core.
        Function(
            "routes",
            memory_mb=1024,
            timeout_seconds=29,
            table=("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query"),
            may=("index", "secret"),
        ),
    ),
)
