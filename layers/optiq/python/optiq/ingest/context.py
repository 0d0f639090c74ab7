"""Ingest: what became of the events that arrived."""

from optiq.kernel.manifest import Context, Item

CONTEXT = Context(
    name="ingest",
    what="what became of the events that arrived",
    items=(
        Item("ingest count", "ORG#<org>#SITE#<site>", "INGEST#<day>#<shard>", "a site's counts over days"),
        Item("failed event", "ORG#<org>#SITE#<site>", "FAILED#<failed>", "a site's failed events by time"),
        Item(
            "unclaimed event",
            "UNCLAIMED#<day>#<last of failed>",
            "FAILED#<failed>",
            "failed events that name no known site, over 32 partitions a day",
            tenantless=True,
        ),
        Item("unclaimed count", "UNCLAIMED#<day>", "INGEST#<shard>", "how many those are in all", tenantless=True),
    ),
)
