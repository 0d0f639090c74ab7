"""Gateway: what the API says of itself."""

from optiq.kernel.context import Context, Function

CONTEXT = Context(
    name="gateway",
    what="what the API says of itself",
    functions=(
        Function("health"),
        Function("openapi"),
    ),
)
