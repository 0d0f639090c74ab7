"""Held batches, from when they are read to their end: shard by shard, the oldest first, and no further than asked.

A batch that is taken in counts at an instant that is written first, on a shard of its own (`held:<shard>`) with the
same sequence numbers: whoever takes it in again counts nothing twice. Its events are removed then, and it is counted as
held no more in the write that ends it.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from optiq.billing import keys
from optiq.billing.usage import held_bodies
from optiq.billing.usage.contracts import HeldEvent, TakenBatch
from optiq.billing.usage.counting import forgotten, read_day
from optiq.billing.usage.held_sums import HELD_DAYS, with_held
from optiq.billing.usage.records import HELD_BATCH, SHARD_USAGE, HeldBatch, HeldBodiesRecord, HeldPassedRecord
from optiq.kernel.clock import DAY_MS, iso_day
from optiq.kernel.errors import UpstreamError
from optiq.kernel.records import entity_in, values_of
from optiq.kernel.table import Condition, Put, Record, Update, table_outages, update_if, write_together

_PAGE_BATCHES = 25
_TRIES = 5
_FIRST = " "
"""Before each place."""


def shards(organization_id: str) -> Iterator[str]:
    """The shards that batches are held of: one small read for each."""
    start = keys.held_batch(organization_id, "", "")
    after = start.sk
    while True:
        behind = HELD_BATCH.sk.between(after, f"{start.sk}~")
        with table_outages():
            found = list(HELD_BATCH.query(start.pk, behind, limit=1, consistent_read=True))
        if not found:
            return
        shard = entity_in(HeldBatch, found[0]).shard
        yield shard
        after = f"{keys.held_batch(organization_id, shard, '').sk}~"


def of_shard(organization_id: str, shard: str) -> Iterator[HeldBatch]:
    """Batches of a shard in their order, from the first that was not passed; a page is read when it is asked for."""
    start = keys.held_batch(organization_id, shard, "")
    with table_outages():
        behind = HELD_BATCH.sk.between(f"{start.sk}{_passed(organization_id, shard)}~", f"{start.sk}~")
        for record in HELD_BATCH.query(start.pk, behind, page_size=_PAGE_BATCHES, consistent_read=True):
            yield entity_in(HeldBatch, record)


def _passed(organization_id: str, shard: str) -> str:
    try:
        key = keys.held_passed(organization_id, shard)
        return HeldPassedRecord.get(*key, consistent_read=True).sequence or _FIRST
    except HeldPassedRecord.DoesNotExist:
        return _FIRST


def page(organization_id: str, place: str) -> tuple[list[HeldBatch], str]:
    """Some batches behind a place, of whatever shards, and the place behind them; "" after the last."""
    start = keys.held_batch(organization_id, "", "")
    behind = HELD_BATCH.sk.between(f"{place}~" if place else start.sk, f"{start.sk}~")
    with table_outages():
        found = list(HELD_BATCH.query(start.pk, behind, limit=_PAGE_BATCHES, consistent_read=True))
    return [entity_in(HeldBatch, one) for one in found], found[-1].sk if len(found) == _PAGE_BATCHES else ""


def batches(organization_id: str, now_ms: int) -> Iterator[HeldBatch]:
    """All that is held of an organization, by shard and in order."""
    for shard in shards(organization_id):
        yield from (one for one in of_shard(organization_id, shard) if not has_ended(one, now_ms))


def has_ended(batch: HeldBatch, now_ms: int) -> bool:
    return batch.forget_at * 1000 <= now_ms


def begin(organization_id: str, batch: HeldBatch, now_ms: int) -> TakenBatch | None:
    """A batch to take in, with the instant that it counts at; None when somebody else began it just then.

    It may have no events: those of people who were erased are removed, and so are those that were taken in.

    Raises:
        UpstreamError: the table does not answer.
    """
    with table_outages():
        if not batch.taken_ms:
            unset = HELD_BATCH.pk.exists() & ((HELD_BATCH.taken_ms == 0) | HELD_BATCH.taken_ms.does_not_exist())
            if not update_if(Update(_record(organization_id, batch), [HELD_BATCH.taken_ms.set(now_ms)], unset)):
                return None
        events = opened(organization_id, batch)
    return TakenBatch(organization_id, f"held:{batch.shard}", batch.sequence, batch.taken_ms or now_ms, events)


def opened(organization_id: str, batch: HeldBatch) -> tuple[HeldEvent, ...]:
    """The events of a batch; none of one that was taken in."""
    key = keys.held_bodies(organization_id, batch.shard, batch.sequence)
    return held_bodies.opened(organization_id, key, held_bodies.stored_in(key))


def leave_out(organization_id: str, batch: HeldBatch, keep: Callable[[HeldEvent], bool], now_ms: int) -> None:
    """Removes events of a batch for good, unless it is taken in meanwhile.

    Raises:
        UpstreamError: the table does not answer, or the batch changed at the same time.
    """
    key = keys.held_bodies(organization_id, batch.shard, batch.sequence)
    before = held_bodies.stored_in(key)
    if not before:
        return
    held = held_bodies.opened(organization_id, key, before)
    kept = [one for one in held if keep(one)]
    if len(kept) == len(held):
        return
    bodies = [HeldBodiesRecord.bodies.set(held_bodies.sealed_again(organization_id, key, kept))]
    left = HELD_BATCH.events.set(len(kept))
    with table_outages():
        refused = write_together(
            [
                Update(HeldBodiesRecord(*key), bodies, HeldBodiesRecord.bodies == before),
                Update(_record(organization_id, batch), [left], _as_read(batch, now_ms)),
                _less(organization_id, batch, batch.events - len(kept)),
            ]
        )
    if refused:
        raise UpstreamError("held events were taken in at the same time", retryable=True)


def end(taken: TakenBatch, now_ms: int) -> None:
    """Removes a batch that is taken in. Killed within, it has no events the next time, and ends then.

    Raises:
        UpstreamError: the table does not answer, or the batch changes all the time.
    """
    organization_id, shard = taken.organization_id, taken.shard.removeprefix("held:")
    bodies = HeldBodiesRecord(*keys.held_bodies(organization_id, shard, taken.sequence))
    emptied = [HeldBodiesRecord.bodies.remove(), HeldBodiesRecord.forget_at.set(now_ms // 1000)]
    with table_outages():
        update_if(Update(bodies, emptied, HeldBodiesRecord.pk.exists()))
        for _ in range(_TRIES):
            batch = _batch(organization_id, shard, taken.sequence)
            if batch is None or has_ended(batch, now_ms):
                break
            ended = [HELD_BATCH.forget_at.set(now_ms // 1000)]
            ending = Update(_record(organization_id, batch), ended, _as_read(batch, now_ms))
            if not write_together([ending, _less(organization_id, batch, batch.events)]):
                break
        else:
            raise UpstreamError("held events change all the time", retryable=True)
    pass_by(organization_id, shard, taken.sequence, now_ms)


def pass_by(organization_id: str, shard: str, sequence: str, now_ms: int) -> None:
    """Notes that all batches of a shard have ended up to this one."""
    behind = HeldPassedRecord.sequence.does_not_exist() | (HeldPassedRecord.sequence < sequence)
    forget_at = HeldPassedRecord.forget_at.set((now_ms + (HELD_DAYS + 1) * DAY_MS) // 1000)
    record = HeldPassedRecord(*keys.held_passed(organization_id, shard))
    with table_outages():
        update_if(Update(record, [HeldPassedRecord.sequence.set(sequence), forget_at], behind))


def _batch(organization_id: str, shard: str, sequence: str) -> HeldBatch | None:
    try:
        key = keys.held_batch(organization_id, shard, sequence)
        return entity_in(HeldBatch, HELD_BATCH.get(*key, consistent_read=True))
    except HELD_BATCH.DoesNotExist:
        return None


def _record(organization_id: str, batch: HeldBatch) -> Record:
    found: Record = HELD_BATCH(*keys.held_batch(organization_id, batch.shard, batch.sequence))
    return found


def _as_read(batch: HeldBatch, now_ms: int) -> Condition:
    """Holds of a batch that is as it was read, and has not ended."""
    found: Condition = (HELD_BATCH.events == batch.events) & (HELD_BATCH.forget_at > now_ms // 1000)
    return found


def _less(organization_id: str, batch: HeldBatch, events: int) -> Put:
    """So many events of a batch are held no more. The sum only falls, so it is the item's version as well."""
    day = batch.last_ms // DAY_MS
    key = keys.shard_usage(organization_id, iso_day(day), f"ended:{batch.shard}")
    before = read_day(key)
    after = replace(with_held(before, batch.last_ms, -events), forget_at=forgotten(day))
    sums = SHARD_USAGE.held_by_hour
    unchanged = sums == before.held_by_hour if before.held_by_hour else SHARD_USAGE.pk.does_not_exist()
    return Put(SHARD_USAGE(*key, **values_of(after)), unchanged)
