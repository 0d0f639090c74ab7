"""Gateway: what the API says of itself."""

from optiq.kernel.manifest import Context, Function

CONTEXT = Context(
    name="gateway",
    what="what the API says of itself",
    functions=(
        Function("health"),
        Function("openapi"),
    ),
)
