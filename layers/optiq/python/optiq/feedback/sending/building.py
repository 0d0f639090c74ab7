"""Makes a batch of entries that are due, and claims them, before any byte leaves.

First the batch is written, then its entries are claimed, then its body is written with the batch. Whoever is killed in
between has sent nothing: the next worker finds a batch that is BUILDING, and gives its entries back.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from optiq.feedback import reasons
from optiq.feedback.outbox import bodies
from optiq.feedback.outbox.adding import WAITS_MS
from optiq.feedback.outbox.bodies import Body
from optiq.feedback.outbox.contracts import OPEN, TAKEN, Batch, Entry, Status
from optiq.feedback.outbox.stores import ENTRIES, add_batch, change_batch, entries_of, put_entries
from optiq.feedback.sending.people import matched
from optiq.feedback.sending.working import Worker
from optiq.feedback.vendors.contract import Told
from optiq.kernel.clock import MINUTE_MS
from optiq.kernel.ids import new_id

IN_FLIGHT_MS = MINUTE_MS
"""After so long another worker looks at what was sent and got no answer."""
_READ_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Claimed:
    """A batch that may be sent, with its body."""

    batch: Batch
    body: Body


@dataclass(frozen=True, slots=True)
class _Ready:
    entry: Entry
    event: str
    found_by: tuple[str, ...]


def build(worker: Worker, due: Sequence[Entry]) -> Claimed | None:
    """A batch of entries that are due, and what becomes of those that are not sent. None where none is sent.

    Raises:
        UpstreamError: something cannot be read or written now.
    """
    with ThreadPoolExecutor(_READ_AT_ONCE, thread_name_prefix="feedback") as threads:
        judged = list(threads.map(lambda entry: _judged(worker, entry), due))
    put_entries([(entry, after) for entry, after in zip(due, judged, strict=True) if isinstance(after, Entry)])
    ready = [one for one in judged if isinstance(one, _Ready)]
    return _claim(worker, ready) if ready else None


def give_back(worker: Worker, batch: Batch) -> None:
    """Ends a batch of which nothing has left: its entries wait again."""
    now_ms = worker.clock()
    changes = [
        (entry, replace(entry, status="PENDING", batch_id="", due_ms=now_ms))
        for entry in entries_of(batch).values()
        if entry.status == "CLAIMED" and entry.batch_id == batch.batch_id
    ]
    put_entries(changes)
    change_batch(batch, replace(batch, status="CLOSED", due_ms=None))


def _judged(worker: Worker, entry: Entry) -> _Ready | Entry:
    """An entry's event, or the entry as it goes on without being sent."""
    destination, vendor, now_ms = worker.destination, worker.vendor, worker.clock()
    # Of what was sent before, a person said so.
    if entry.created_ms < destination.since_ms and not entry.attempts:
        return _over(entry, "SKIPPED", reasons.TURNED_OFF)
    if entry.is_change:
        before = _before(entry)
        if before and before.status in (*OPEN, "ACCEPTED") and not before.over:
            return replace(entry, due_ms=now_ms + WAITS_MS)
        if before and before.status not in TAKEN:
            return _over(entry, "SKIPPED", reasons.NOT_TOLD)
    elif is_too_old(worker, entry):
        return _over(entry, "EXPIRED", reasons.TOO_OLD)
    person = matched(entry, worker.clock)
    if isinstance(person, str):
        return _over(entry, "SKIPPED", person)
    told, found_by = _told(entry), vendor.found_by(person)
    if not entry.is_change and (lacking := vendor.lacks(told, person) if found_by else reasons.NO_KEYS):
        return _over(entry, "SKIPPED", lacking)
    return _Ready(entry, vendor.event(destination, told, person), found_by)


def is_too_old(worker: Worker, entry: Entry) -> bool:
    """Whether the platform takes a conversion of that time no more."""
    return worker.clock() - entry.occurred_ms > worker.vendor.rules.oldest_ms


def _before(entry: Entry) -> Entry | None:
    """The conversion's last entry before one that the platform was or is to be told."""
    ids = (entry.organization_id, entry.site_id, entry.destination_id, entry.conversion_id)
    for place in range(int(entry.place) - 1, 0, -1):
        found = ENTRIES.find(*ids, f"{place:04d}")
        if found and found.reason != reasons.SUPERSEDED:
            return found
    return None


def _told(entry: Entry) -> Told:
    return Told(
        entry.told_as,
        entry.vendor_id,
        entry.order_id,
        entry.occurred_ms,
        entry.told_micros,
        entry.currency,
        entry.created_ms if entry.is_change else 0,
    )


def _over(entry: Entry, status: Status, reason: str) -> Entry:
    return replace(entry, status=status, reason=reason, over=True, due_ms=None, click_ids=())


def _claim(worker: Worker, ready: Sequence[_Ready]) -> Claimed | None:
    now_ms, frame = worker.clock(), worker.vendor.frame(worker.destination)
    batch_id = new_id("fbatch", now_ms)
    while len(bodies.sealed(worker.where[0], batch_id, Body(frame, _events(ready)))) > bodies.LARGEST:
        ready = ready[: len(ready) // 2]  # The others wait for the next batch.
    refs = tuple(one.entry.ref for one in ready)
    batch = Batch(*worker.where, batch_id, refs, now_ms, due_ms=now_ms)
    if not add_batch(batch):
        return None
    changes = [
        (one.entry, replace(one.entry, status="CLAIMED", batch_id=batch_id, due_ms=None, found_by=one.found_by))
        for one in ready
    ]
    claimed = {entry.ref for entry in put_entries([*changes])}
    mine = [one for one in ready if one.entry.ref in claimed]
    if not mine:
        change_batch(batch, replace(batch, status="CLOSED", due_ms=None))
        return None
    body = Body(frame, _events(mine))
    after = replace(batch, status="SENDING", refs=tuple(one.entry.ref for one in mine), digest=body.digest)
    bodies.write(batch, bodies.sealed(worker.where[0], batch_id, body), now_ms)
    written = change_batch(batch, after)
    return Claimed(written, body) if written else None


def _events(ready: Sequence[_Ready]) -> tuple[str, ...]:
    return tuple(one.event for one in ready)
