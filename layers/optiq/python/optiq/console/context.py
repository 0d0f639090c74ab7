"""Console: the pages that people use."""

from optiq.kernel.manifest import Context, Function

CONTEXT = Context(
    name="console",
    what="the pages that people use",
    functions=(Function("pages"),),
)
