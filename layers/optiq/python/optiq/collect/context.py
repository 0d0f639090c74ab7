"""Collect: takes events in, from trackers and servers."""

from optiq.kernel.manifest import Context, Function, Permission

CONTEXT = Context(
    name="collect",
    what="takes events in, from trackers and servers",
    permissions=(
        Permission("events:read", "MEMBER", "see what arrives, and failed events"),
        Permission("events:write", "MEMBER", "send failed events again"),
    ),
    functions=(
        Function("script"),
        Function("beacon", may=("stream", "secret"), places=True, reserved=200),
        Function("pixel", may=("stream", "secret"), places=True, reserved=50),
        # A server's write key is looked up; a page's public key is only a signature to check.
        Function("segment", table=("GetItem",), may=("stream", "secret"), places=True, reserved=50),
        Function("measurement", table=("GetItem",), may=("stream", "secret"), places=True, reserved=50),
        # It puts on the stream what is replayed.
        Function(
            "routes",
            table=("GetItem", "BatchGetItem", "PutItem", "Query"),
            may=("stream", "secret"),
            places=True,
        ),
    ),
)
