"""Events: facts that contexts tell one another, published with the change that they are about."""

from optiq.kernel.clock import HOUR_MS
from optiq.kernel.manifest import Context, Function, Item, Schedule

CONTEXT = Context(
    name="events",
    what="facts that contexts tell one another",
    data="WORK",
    items=(
        Item(
            "outbox item",
            "OUTBOX#<org> or OUTBOX#<event>",
            "OUTBOX#<event>",
            "an event that was published; those not handed on yet, by time",
            gsi1pk="OUTBOX",
            gsi1sk="<event>",
            tenantless=True,
        ),
        Item(
            "handled event",
            "HANDLED#<event>",
            "HANDLED#<subscriber>",
            "whether a subscriber is handling an event, or has handled it",
            tenantless=True,
            nobodys="it has an event's id alone, and ends by itself",
        ),
    ),
    functions=(
        Function("relay", timeout_seconds=30, table=("UpdateItem",), may=("bus",), reserved=10, new_items="OUTBOX#"),
        # What the relay could not hand on while the table's stream remembered it.
        Function(
            "sweep",
            timeout_seconds=60,
            table=("UpdateItem",),
            may=("index", "bus"),
            schedule=Schedule("Hand on the events that still wait", every_ms=HOUR_MS, retries=0),
        ),
    ),
)
