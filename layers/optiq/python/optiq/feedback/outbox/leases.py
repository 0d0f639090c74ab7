"""One worker at a destination at a time. Where one outlives its lease, the versions of batches keep it from harm."""

from optiq.feedback import keys
from optiq.feedback.destinations.contracts import Destination
from optiq.feedback.outbox.records import LeaseRecord
from optiq.kernel.clock import MINUTE_MS
from optiq.kernel.table import Update, update_if

LEASE_MS = 6 * MINUTE_MS
"""Longer than a step may take (context.py)."""


def take(destination: Destination, now_ms: int) -> int | None:
    """Until when the worker has it; None when another one has."""
    until_ms = now_ms + LEASE_MS
    held = LeaseRecord.until_ms
    free = held.does_not_exist() | (held <= now_ms)
    return until_ms if update_if(Update(_at(destination), [held.set(until_ms)], free)) else None


def give_back(destination: Destination, until_ms: int) -> None:
    """Lets the next worker begin, unless another one has taken it."""
    held = LeaseRecord.until_ms
    update_if(Update(_at(destination), [held.set(0)], held == until_ms))


def _at(destination: Destination) -> LeaseRecord:
    return LeaseRecord(*keys.lease(destination.organization_id, destination.site_id, destination.destination_id))
