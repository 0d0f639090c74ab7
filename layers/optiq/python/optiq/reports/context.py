"""Reports: answers of what was earned, why, and what was spent."""

from optiq.kernel.manifest import Context, Function, Permission

CONTEXT = Context(
    name="reports",
    what="answers of what was earned, why, and what was spent",
    permissions=(Permission("reports:read", "VIEWER", "read reports, conversions and how they were credited"),),
    functions=(Function("routes", timeout_seconds=29, table=("GetItem", "Query"), may=("secret", "lake")),),
)
