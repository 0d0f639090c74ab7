"""Collect: takes events in, from trackers and servers, and counts what became of them."""

from optiq.kernel.manifest import Context, Function, Item, Permission

CONTEXT = Context(
    name="collect",
    what="takes events in, from trackers and servers, and counts what became of them",
    data="EVENTS",
    permissions=(
        Permission("events:read", "MEMBER", "see what arrives, and failed events"),
        Permission("events:write", "MEMBER", "send failed events again"),
    ),
    audits=("failed_events",),
    items=(
        Item("ingest count", "ORG#<org>#SITE#<site>", "INGEST#<day>#<shard>", "a site's counts over days"),
        Item("failed event", "ORG#<org>#SITE#<site>", "FAILED#<failed>", "a site's failed events by time"),
        Item(
            "unclaimed event",
            "UNCLAIMED#<day>#<last of failed>",
            "FAILED#<failed>",
            "failed events that name no known site, over 32 partitions a day",
            tenantless=True,
            nobodys="no known site is named, and it ends by itself",
        ),
        Item(
            "unclaimed count",
            "UNCLAIMED#<day>",
            "INGEST#<shard>",
            "how many those are in all",
            tenantless=True,
            nobodys="it is a count of all, and ends by itself",
        ),
    ),
    functions=(
        Function("script"),
        # A site is looked up only for events whose visitors let advertising platforms have data of theirs.
        Function("beacon", table=("GetItem",), may=("stream", "secret", "reads_limits"), places=True, reserved=200),
        Function("pixel", may=("stream", "secret", "reads_limits"), places=True, reserved=50),
        # A server's write key is looked up; a page's public key is only a signature to check.
        Function("segment", table=("GetItem",), may=("stream", "secret", "reads_limits"), places=True, reserved=50),
        Function("measurement", table=("GetItem",), may=("stream", "secret", "reads_limits"), places=True, reserved=50),
        # It puts on the stream what is replayed.
        Function(
            "routes",
            table=("GetItem", "BatchGetItem", "PutItem", "Query"),
            may=("stream", "secret", "stripe"),
            places=True,
        ),
    ),
)
