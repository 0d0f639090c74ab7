"""Entries and batches in the table."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from optiq.audit.contracts import Json
from optiq.feedback import keys
from optiq.feedback.destinations.contracts import Destination
from optiq.feedback.outbox import rows
from optiq.feedback.outbox.contracts import FIRST, Batch, Entry
from optiq.kernel.caller import Caller
from optiq.kernel.records import record_of
from optiq.kernel.table import Put, Record, Update, put_each, put_one, write_together
from optiq.store.api import Store


def _due(entry: Entry) -> tuple[str, str] | None:
    if entry.due_ms is None:
        return None
    partition = keys.due_entries(entry.organization_id, entry.site_id, entry.destination_id)
    return partition, f"{entry.due_ms:015d}#{entry.ref}"


def _open(batch: Batch) -> tuple[str, str] | None:
    if batch.due_ms is None:
        return None
    partition = keys.open_batches(batch.organization_id, batch.site_id, batch.destination_id)
    return partition, f"{batch.due_ms:015d}#{batch.batch_id}"


def _unaudited(_: object) -> Mapping[str, Json]:
    """Nobody decides about an entry or a batch, so the audit log has none."""
    return {}


ENTRIES = Store(Entry, "feedback entry", keys.entry, _due, audited=_unaudited)
BATCHES = Store(Batch, "feedback batch", keys.batch, _open, audited=_unaudited)


def put_entries(changes: Sequence[tuple[Entry | None, Entry]]) -> list[Entry]:
    """Writes entries after what was read, None for new ones; returns those that were written.

    One that somebody changed since it was read, or that is there already, stays as it is. Rows of the lake come first:
    whoever is killed in between writes both again.

    Raises:
        UpstreamError: the lake does not take them; nothing else was written.
    """
    after, puts = _written(changes)
    lost = put_each(puts)
    return [entry for position, entry in enumerate(after) if position not in lost]


def put_together(changes: Sequence[tuple[Entry | None, Entry]]) -> bool:
    """As `put_entries`, all of a few or none; says whether they were written."""
    return not write_together(_written(changes)[1])


def _written(changes: Sequence[tuple[Entry | None, Entry]]) -> tuple[list[Entry], list[Put]]:
    """Entries as they will be, and what writes them; their rows are in the lake."""
    after: list[Entry] = []
    puts: list[Put] = []
    for before, entry in changes:
        caller = Caller.system(entry.organization_id)
        if before is None:
            transaction = ENTRIES.adding(caller, entry)
        else:
            entry, transaction = ENTRIES.changing(caller, before, entry)
        after.append(entry)
        puts += [write for write in transaction.writes if isinstance(write, Put)]
    rows.append(entry for entry in after if entry.status not in ("PENDING", "CLAIMED"))
    return after, puts


def entries_of(batch: Batch) -> dict[str, Entry]:
    """The entries of a batch as they are now, by ref."""
    where = (batch.organization_id, batch.site_id, batch.destination_id)
    places = [tuple(keys.entry(*where, *ref.split("#"))) for ref in batch.refs]
    found = map(ENTRIES.read, record_of(Entry).batch_get(places, consistent_read=True))
    return {entry.ref: entry for entry in found}


def of_conversion(organization_id: str, site_id: str, destination_id: str, conversion_id: str) -> list[Entry]:
    """What was told of a conversion at a destination, and what is to be, oldest first."""
    return list(ENTRIES.all_of(organization_id, site_id, destination_id, conversion_id))


def begun(places: Iterable[tuple[str, str, str, str]]) -> set[tuple[str, str, str, str]]:
    """Of organization, site, destination and conversion, those with an entry: one read for a hundred of them."""
    firsts = {tuple(keys.entry(*place, FIRST)): place for place in places}
    found = record_of(Entry).batch_get(list(firsts), consistent_read=True, attributes_to_get=["pk", "sk"])
    return {firsts[record.pk, record.sk] for record in found}


def due_entries(destination: Destination, now_ms: int, most: int) -> Iterator[Entry]:
    """Entries that are due, the longest due first; right to a second or so."""
    return map(ENTRIES.read, _in_index(Entry, keys.due_entries(*_where(destination)), now_ms, most))


def due_batches(destination: Destination, now_ms: int, most: int) -> Iterator[Batch]:
    """Batches to look at, the longest due first, as they are now."""
    for listed in map(BATCHES.read, _in_index(Batch, keys.open_batches(*_where(destination)), now_ms, most)):
        found = BATCHES.find(*_where(destination), listed.batch_id)
        if found and found.due_ms is not None and found.due_ms <= now_ms:
            yield found


def has_due(destination: Destination, now_ms: int) -> bool:
    """Whether there is something to do at a destination; right to a second or so."""
    return any(True for _ in _listed(destination, now_ms))


def waiting(destination: Destination) -> tuple[int, int]:
    """How many entries wait at a destination, and how many are in a request; right to a second or so."""
    record = record_of(Entry)
    pending = record.by_second_key.count(keys.due_entries(*_where(destination)))  # type: ignore[attr-defined]
    open_ones = BATCHES.in_index(keys.open_batches(*_where(destination)))
    return int(pending), sum(len(one.refs) for one in open_ones if one.status in ("BUILDING", "SENDING"))


def _listed(destination: Destination, now_ms: int) -> Iterator[object]:
    yield from _in_index(Batch, keys.open_batches(*_where(destination)), now_ms, 1)
    yield from _in_index(Entry, keys.due_entries(*_where(destination)), now_ms, 1)


def change_batch(before: Batch, after: Batch) -> Batch | None:
    """The batch as its next version; None when another worker changed it."""
    after, transaction = BATCHES.changing(Caller.system(before.organization_id), before, after)
    return after if _commit(transaction.writes) else None


def split_batch(before: Batch, after: Batch, children: Iterable[Batch]) -> bool:
    """Closes a batch and writes others in its place, or does nothing."""
    caller = Caller.system(before.organization_id)
    writes = [*BATCHES.changing(caller, before, after)[1].writes]
    for child in children:
        writes += BATCHES.adding(caller, child).writes
    return _commit(writes)


def add_batch(batch: Batch) -> bool:
    return _commit(BATCHES.adding(Caller.system(batch.organization_id), batch).writes)


def _commit(writes: Sequence[Put | Update]) -> bool:
    """Together or not at all. One alone is no transaction, which would cost twice the write units."""
    if len(writes) == 1 and isinstance(writes[0], Put):
        return put_one(writes[0])
    return not write_together(writes)


def _in_index(kind: type, partition: str, now_ms: int, most: int) -> Iterator[Record]:
    record = record_of(kind)
    due = record.gsi1sk < f"{now_ms + 1:015d}"
    yield from record.by_second_key.query(partition, due, limit=most)  # type: ignore[attr-defined]


def _where(destination: Destination) -> tuple[str, str, str]:
    return destination.organization_id, destination.site_id, destination.destination_id
