"""Warehouse: a copy of an organization's lake in a place of its own."""

from optiq.kernel.clock import HOUR_MS
from optiq.kernel.manifest import Context, Function, Item, Permission, Schedule
from optiq.privacy.contracts import PersonErased

CONTEXT = Context(
    name="warehouse",
    what="a copy of an organization's lake in a place of its own",
    permissions=(Permission("warehouse:manage", "ADMIN", "have the lake copied to a bucket, and download it"),),
    audits=("destination",),
    items=(
        Item("destination", "ORG#<org>", "WAREHOUSE", "where the lake is copied to"),
        Item("copy of the lake", "ORG#<org>", "WAREHOUSECOPY", "how the last copy went"),
    ),
    functions=(
        # The rows of a piece that is downloaded are in memory.
        Function(
            "routes",
            memory_mb=1024,
            timeout_seconds=29,
            table=("GetItem", "PutItem", "Query"),
            may=("index", "secret", "roles", "lake"),
            columns=True,
        ),
        # A day's rows are in memory, and its file.
        Function(
            "copy_due",
            memory_mb=3008,
            timeout_seconds=900,
            table=("GetItem", "UpdateItem", "Query"),
            may=("index", "secret", "lake", "roles"),
            columns=True,
            schedule=Schedule("Copy the lakes that are due to their destinations", 40, HOUR_MS),
        ),
        Function("on_person_erased", table=("GetItem", "UpdateItem"), subscribes=(PersonErased,)),
    ),
)
