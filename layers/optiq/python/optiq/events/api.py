"""The events context: facts that contexts tell one another.

A context publishes an event in the transaction of the change that it is about: neither is there without the other. A
relay hands it on to the bus, which delivers it to every subscriber at least once. A subscriber handles it once.
"""

from optiq.events.handling import LEASE_MS, event_in, handle
from optiq.events.outbox import event_of, hand_on, hand_on_waiting, outbox_items, publish, waiting_event

__all__ = [
    "LEASE_MS",
    "event_in",
    "event_of",
    "hand_on",
    "hand_on_waiting",
    "handle",
    "outbox_items",
    "publish",
    "waiting_event",
]
