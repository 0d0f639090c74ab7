"""One step at a destination: what was begun goes on, then what is due is sent."""

from collections import deque
from collections.abc import Iterator

from optiq.feedback.destinations.stores import DESTINATIONS
from optiq.feedback.outbox import leases
from optiq.feedback.outbox.contracts import Entry
from optiq.feedback.outbox.stores import due_batches, due_entries
from optiq.feedback.sending import confirming
from optiq.feedback.sending.attempting import attempt, is_too_late, lost
from optiq.feedback.sending.building import Claimed, build, give_back
from optiq.feedback.sending.resuming import resume
from optiq.feedback.sending.settling import settle
from optiq.feedback.sending.working import Worker
from optiq.kernel.clock import MINUTE_MS, Clock, system_clock

_LONGEST_MS = 3 * MINUTE_MS
_BATCHES, _ENTRIES = 100, 1_000
"""Looked at together."""


def step(organization_id: str, site_id: str, destination_id: str, clock: Clock = system_clock) -> bool:
    """Sends what is due at a destination for some minutes; says whether there may be more.

    Raises:
        UpstreamError: something cannot be read or written now; what was begun goes on with the next step.
    """
    destination = DESTINATIONS.find(organization_id, site_id, destination_id)
    if destination is None or not destination.enabled:
        return False
    begun_ms = clock()
    until_ms = leases.take(destination, begun_ms)
    if until_ms is None:
        return False
    try:
        worker = Worker(destination, clock)
        for batch in due_batches(destination, begun_ms, _BATCHES):
            _go_on(worker, resume(worker, batch))
        for due in _listed(worker):
            if claimed := build(worker, due):
                _go_on(worker, [claimed])
            if clock() - begun_ms >= _LONGEST_MS:
                return True
        return False
    finally:
        leases.give_back(destination, until_ms)


def _listed(worker: Worker) -> Iterator[list[Entry]]:
    """Entries that are due, in parts of one batch. Each comes once: the index may be a second behind."""
    seen: set[str] = set()
    while True:
        listed = due_entries(worker.destination, worker.clock(), _ENTRIES)
        found = [entry for entry in listed if entry.ref not in seen and entry.status == "PENDING"]
        if not found:
            return
        seen |= {entry.ref for entry in found}
        most = worker.vendor.rules.most
        for start in range(0, len(found), most):
            yield found[start : start + most]


def _go_on(worker: Worker, begun: list[Claimed]) -> None:
    """Does with batches what is next, and with what comes of them."""
    left = deque(begun)
    while left:
        left += _next(worker, left.popleft())


def _next(worker: Worker, claimed: Claimed) -> list[Claimed]:
    batch = claimed.batch
    if batch.status == "BUILDING":
        give_back(worker, batch)
    elif batch.status == "ANSWERED":
        settle(worker, batch)
    elif batch.status == "CONFIRMING":
        return confirming.ask(worker, batch)
    elif batch.status == "SENDING":
        if is_too_late(worker, batch) or not claimed.body.events:
            after = lost(batch)
            return [Claimed(after, claimed.body)] if after else []
        return attempt(worker, claimed)
    return []
