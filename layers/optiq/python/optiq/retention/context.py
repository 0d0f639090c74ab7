"""Retention: how long which data is kept, and the night's sweep that ends it."""

from optiq.kernel.clock import HOUR_MS
from optiq.kernel.manifest import Context, Function, Item, Permission, Schedule

CONTEXT = Context(
    name="retention",
    what="how long which data is kept",
    permissions=(
        Permission("retention:read", "VIEWER", "see which data is kept how long, and why"),
        Permission("retention:write", "OWNER", "change how long data is kept"),
    ),
    audits=("retention",),
    items=(
        Item("retention", "ORG#<org>", "RETENTION", "how long an organization's data is kept"),
        Item(
            "sweep of what had its time",
            "PLATFORM",
            "RETENTION_SWEEP",
            "how far the night's sweep is",
            tenantless=True,
            nobodys="it is of all organizations",
            data="WORK",
        ),
    ),
    functions=(
        Function("routes", table=("GetItem", "PutItem"), may=("secret",)),
        # It looks every hour, so that a sweep that was stopped goes on in the same night.
        Function(
            "sweep",
            memory_mb=1024,
            timeout_seconds=900,
            table=("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query", "BatchWriteItem", "DeleteItem"),
            may=("index", "secret", "upkeep"),
            columns=True,
            schedule=Schedule("Remove what has had its time, each organization once a day", 50, HOUR_MS),
        ),
    ),
)
