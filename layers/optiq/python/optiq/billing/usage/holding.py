"""Holds events that an organization may not store now: sealed, for 30 days, until its plan has room for them.

That events are held and that they are counted as held is one transaction, so what is delivered again is held once. A
batch that is taken in counts at an instant that is written first, on a shard of its own (`held:<shard>`) with the same
sequence numbers: whoever takes it in again counts nothing twice.
"""

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from cachetools import TTLCache

from optiq.billing import keys
from optiq.billing.usage.contracts import HeldEvent, TakenBatch
from optiq.billing.usage.counting import KEPT_DAYS, Known, by_day, is_held, known_here, put_of, read_day, watermark_of
from optiq.billing.usage.records import HELD_BATCH, HOLDING, HeldBatch, HeldBodiesRecord, Holding, ShardUsage
from optiq.kernel.clock import DAY_MS, iso_day
from optiq.kernel.errors import UpstreamError
from optiq.kernel.keys import Key
from optiq.kernel.records import entity_in, values_of
from optiq.kernel.sealing import seal, unseal
from optiq.kernel.stream_batch import place_of
from optiq.kernel.table import Put, Update, put_one, table_outages, update_if, write_together

HELD_DAYS = 30
_SEALED_FOR = "held-events"
_MOST_BYTES = 350_000
"""Of the bodies of a batch: an item may have 400 KB."""
_MARKED_SECONDS = 3_600
_marked: TTLCache[str, bool] = TTLCache(10_000, _MARKED_SECONDS)


def split(organization_id: str, shard: str, events: Sequence[HeldEvent], room: int) -> tuple[set[int], list[HeldEvent]]:
    """Which of a shard's events were held before, and which are to be held now: those beyond the room for new ones.

    What was stored before stays stored, whatever the room is by now.
    """
    before: set[int] = set()
    new: list[HeldEvent] = []
    for day, of_day in by_day(events).items():
        item = read_day(keys.shard_usage(organization_id, iso_day(day), shard))
        before |= {one.sequence for one in of_day if is_held(item, one.sequence)}
        counted = watermark_of(item)
        new += [one for one in of_day if one.sequence > counted]
    return before, sorted(new, key=lambda one: one.sequence)[room:]


def hold(
    organization_id: str, shard: str, events: Sequence[HeldEvent], allowed: int, now_ms: int, known: Known = known_here
) -> None:
    """Keeps events aside, in the order of their sequence numbers, and counts them as held.

    Args:
        allowed: what the organization may store in its month at most now.

    Raises:
        UpstreamError: somebody else counted the same records; let them come again.
    """
    _mark(organization_id, now_ms)
    for part, bodies in _parts(events):
        days = by_day(part)
        places = {day: keys.shard_usage(organization_id, iso_day(day), shard) for day in days}
        before = {day: read_day(places[day]) for day in days}
        after = {day: _with(before[day], day, days[day]) for day in days}
        puts = [put_of(places[day], before[day], after[day]) for day in days]
        with table_outages():
            if write_together([*puts, *_kept(organization_id, shard, part, bodies, allowed)]):
                raise UpstreamError("the same events were held at the same time", retryable=True)
        for day, item in after.items():
            known.put(places[day], item)


def _with(item: ShardUsage, day: int, events: Sequence[HeldEvent]) -> ShardUsage:
    first, last = events[0].sequence, events[-1].sequence
    # Nothing of the organization came between the last that was held and these, else it were counted.
    goes_on = bool(item.held) and place_of(item.held[-1][1]) == item.watermark
    spans = [*item.held[:-1], [item.held[-1][0], last]] if goes_on else [*item.held, [first, last]]
    return replace(item, watermark=place_of(last), held=spans, forget_at=(day + KEPT_DAYS) * DAY_MS // 1000)


def _kept(organization_id: str, shard: str, part: Sequence[HeldEvent], bodies: bytes, allowed: int) -> list[Put]:
    first_ms, last_ms = min(one.at_ms for one in part), max(one.at_ms for one in part)
    sequence, forget_at = place_of(part[0].sequence), (last_ms + HELD_DAYS * DAY_MS) // 1000
    batch = HeldBatch(shard, sequence, len(part), first_ms, last_ms, allowed, forget_at=forget_at)
    key = keys.held_bodies(organization_id, shard, sequence)
    sealed = seal(bodies, key.sk, _SEALED_FOR, organization_id)
    return [
        Put(HELD_BATCH(*keys.held_batch(organization_id, shard, sequence), **values_of(batch)), None),
        Put(HeldBodiesRecord(*key, bodies=sealed, forget_at=forget_at), None),
    ]


def _parts(events: Sequence[HeldEvent]) -> Iterator[tuple[Sequence[HeldEvent], bytes]]:
    """Events with their bodies, each part within what an item may have."""
    packed = zlib.compress(_lines(events))
    if len(packed) <= _MOST_BYTES or len(events) == 1:
        yield events, packed
        return
    middle = len(events) // 2
    yield from _parts(events[:middle])
    yield from _parts(events[middle:])


def _lines(events: Sequence[HeldEvent]) -> bytes:
    return b"\n".join(f"{one.sequence} {one.at_ms} ".encode() + one.body for one in events)


def _mark(organization_id: str, now_ms: int) -> None:
    """Has whoever takes events in look at the organization."""
    if organization_id in _marked:
        return
    marker = Holding(organization_id, (now_ms + (HELD_DAYS + 1) * DAY_MS) // 1000)
    index = {"gsi1pk": keys.HOLDING, "gsi1sk": organization_id}
    with table_outages():
        put_one(Put(HOLDING(*keys.holding(organization_id), **values_of(marker), **index), None))
    _marked[organization_id] = True


def organizations(now_ms: int) -> list[str]:
    """Those that may have held events."""
    with table_outages():
        found = [entity_in(Holding, one) for one in HOLDING.by_second_key.query(keys.HOLDING)]
    return [one.organization_id for one in found if one.forget_at * 1000 > now_ms]


def may_hold(organization_id: str, now_ms: int) -> bool:
    """Whether an organization may have held events; hardly any has."""
    try:
        with table_outages():
            found = entity_in(Holding, HOLDING.get(*keys.holding(organization_id)))
    except HOLDING.DoesNotExist:
        return False
    return found.forget_at * 1000 > now_ms


def batches(organization_id: str, now_ms: int) -> list[HeldBatch]:
    """What is held of an organization, by shard and in order."""
    start = keys.held_batch(organization_id, "", "")
    with table_outages():
        records = list(HELD_BATCH.query(start.pk, HELD_BATCH.sk.startswith(start.sk), consistent_read=True))
    found = (entity_in(HeldBatch, one) for one in records)
    return [one for one in found if one.forget_at * 1000 > now_ms]


def begin(organization_id: str, batch: HeldBatch, now_ms: int) -> TakenBatch | None:
    """A batch to take in, with the instant that it counts at; None when it ended or was taken in just then.

    Raises:
        UpstreamError: the table does not answer.
    """
    key = keys.held_batch(organization_id, batch.shard, batch.sequence)
    with table_outages():
        if not batch.taken_ms:
            unset = HELD_BATCH.pk.exists() & ((HELD_BATCH.taken_ms == 0) | HELD_BATCH.taken_ms.does_not_exist())
            if not update_if(Update(HELD_BATCH(*key), [HELD_BATCH.taken_ms.set(now_ms)], unset)):
                return None
        events = opened(organization_id, batch)
    shard, at_ms = f"held:{batch.shard}", batch.taken_ms or now_ms
    return TakenBatch(organization_id, shard, batch.sequence, at_ms, events) if events else None


def opened(organization_id: str, batch: HeldBatch) -> tuple[HeldEvent, ...]:
    """The events of a batch; none of one that was taken in."""
    key = keys.held_bodies(organization_id, batch.shard, batch.sequence)
    return _read(_bodies(key), key, organization_id)


def _bodies(key: Key) -> bytes:
    """As they are kept; b"" where there are none any more."""
    try:
        return HeldBodiesRecord.get(*key, consistent_read=True).bodies or b""
    except HeldBodiesRecord.DoesNotExist:
        return b""


def _read(bodies: bytes, key: Key, organization_id: str) -> tuple[HeldEvent, ...]:
    if not bodies:
        return ()
    lines = zlib.decompress(unseal(bodies, key.sk, _SEALED_FOR, organization_id)).split(b"\n")
    parts = (line.split(b" ", 2) for line in lines if line)
    return tuple(HeldEvent(int(number), int(at_ms), body) for number, at_ms, body in parts)


def leave_out(organization_id: str, batch: HeldBatch, keep: Callable[[HeldEvent], bool]) -> None:
    """Removes events of a batch for good, unless it is taken in meanwhile. That they were counted as held stays.

    Raises:
        UpstreamError: the table does not answer, or the batch changed at the same time.
    """
    key = keys.held_bodies(organization_id, batch.shard, batch.sequence)
    before = _bodies(key)
    if not before:
        return
    kept = [one for one in _read(before, key, organization_id) if keep(one)]
    bodies = seal(zlib.compress(_lines(kept)), key.sk, _SEALED_FOR, organization_id)
    changes = [HeldBodiesRecord.bodies.set(bodies)]
    held = HELD_BATCH(*keys.held_batch(organization_id, batch.shard, batch.sequence))
    with table_outages():
        if not update_if(Update(HeldBodiesRecord(*key), changes, HeldBodiesRecord.bodies == before)):
            raise UpstreamError("held events were taken in at the same time", retryable=True)
        update_if(Update(held, [HELD_BATCH.events.set(len(kept))], HELD_BATCH.pk.exists()))


def end(batch: TakenBatch, now_ms: int) -> None:
    """Removes a batch that is taken in."""
    shard, ended = batch.shard.removeprefix("held:"), now_ms // 1000
    named = (batch.organization_id, shard, batch.sequence)
    bodies = HeldBodiesRecord(*keys.held_bodies(*named))
    with table_outages():
        removed = [HELD_BATCH.forget_at.set(ended)]
        update_if(Update(HELD_BATCH(*keys.held_batch(*named)), removed, HELD_BATCH.pk.exists()))
        emptied = [HeldBodiesRecord.bodies.remove(), HeldBodiesRecord.forget_at.set(ended)]
        update_if(Update(bodies, emptied, HeldBodiesRecord.pk.exists()))
