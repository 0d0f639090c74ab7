"""Holds events that an organization may not store now: sealed, for 30 days, until its plan has room for them.

That events are held and that they are counted as held is one transaction, so what is delivered again is held once. How
they are taken in says `waiting`.
"""

from collections.abc import Sequence
from dataclasses import replace

from cachetools import TTLCache

from optiq.billing import keys
from optiq.billing.usage import held_bodies
from optiq.billing.usage.contracts import HeldEvent
from optiq.billing.usage.counting import Known, by_day, forgotten, is_held, known_here, put_of, read_day, watermark_of
from optiq.billing.usage.held_sums import HELD_DAYS, ends_ms, with_held
from optiq.billing.usage.records import HELD_BATCH, HOLDING, HeldBatch, HeldBodiesRecord, Holding, ShardUsage
from optiq.kernel.clock import DAY_MS, iso_day
from optiq.kernel.errors import UpstreamError
from optiq.kernel.records import entity_in, values_of
from optiq.kernel.stream_batch import place_of
from optiq.kernel.table import Put, put_one, table_outages, write_together

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
    for part, bodies in held_bodies.parts(events):
        days = by_day(part)
        places = {day: keys.shard_usage(organization_id, iso_day(day), shard) for day in days}
        before = {day: read_day(places[day]) for day in days}
        after = {day: _with(before[day], day, days[day]) for day in days}
        last_ms = max(one.at_ms for one in part)
        after[last_ms // DAY_MS] = with_held(after[last_ms // DAY_MS], last_ms, len(part))
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
    return replace(item, watermark=place_of(last), held=spans, forget_at=forgotten(day))


def _kept(organization_id: str, shard: str, part: Sequence[HeldEvent], bodies: bytes, allowed: int) -> list[Put]:
    first_ms, last_ms = min(one.at_ms for one in part), max(one.at_ms for one in part)
    sequence, forget_at = place_of(part[0].sequence), ends_ms(last_ms) // 1000
    batch = HeldBatch(shard, sequence, len(part), first_ms, last_ms, allowed, forget_at=forget_at)
    key = keys.held_bodies(organization_id, shard, sequence)
    sealed = held_bodies.sealed(organization_id, key, bodies)
    return [
        Put(HELD_BATCH(*keys.held_batch(organization_id, shard, sequence), **values_of(batch)), None),
        Put(HeldBodiesRecord(*key, bodies=sealed, forget_at=forget_at), None),
    ]


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
