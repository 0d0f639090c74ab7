"""The keys of what events keep in the table; context.py explains them.

None is within an organization's partition: an event may have a link that signs somebody in, and one organization's
people may look at its items by hand (infra/aws/tenant_access.py).
"""

from optiq.kernel.keys import Key

WAITING = "OUTBOX"
"""Index partition of the events that were not handed on yet, the oldest first."""


def outbox_item(organization_id: str, event_id: str) -> Key:
    """An organization's events are in one partition, so that the table's stream keeps their order."""
    return Key(f"OUTBOX#{organization_id or event_id}", f"OUTBOX#{event_id}")


def handled(event_id: str, subscriber: str) -> Key:
    return Key(f"HANDLED#{event_id}", f"HANDLED#{subscriber}")
