"""Counts stored events behind the stream, each once, however often it is delivered.

The item of a shard's UTC day remembers the last record that it counted, and is written only when it is as it was known:
one write for a batch, an organization and a day. A shard is read by one consumer at a time, so the item as this process
wrote it last is mostly the present one, and needs no read.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import TypeVar

from cachetools import LRUCache

from optiq.billing import keys
from optiq.billing.usage.contracts import HeldEvent, StoredEvent
from optiq.billing.usage.records import SHARD_USAGE, ShardUsage
from optiq.kernel.clock import DAY_MS, HOUR_MS, iso_day
from optiq.kernel.errors import UpstreamError
from optiq.kernel.keys import Key
from optiq.kernel.records import entity_in
from optiq.kernel.stream_batch import place_of
from optiq.kernel.table import Put, put_one

E = TypeVar("E", StoredEvent, HeldEvent)
_KEPT_DAYS = 731
"""This year's usage can be compared with last year's."""
Places = Mapping[str, Mapping[str, list[int]]]
"""Events of each hour of a day, by site and ingestion token."""
_HOURS = 24
_NO_HOURS = (0,) * _HOURS
_KNOWN_ITEMS = 2_000
_MOST_PLACES = 1_000
"""Sites and tokens that an item tells apart: it may have 400 KB. What comes to others is counted together."""
_OTHERS = ("", "")


class Known:
    """Items as they were written last. Several threads may use one."""

    def __init__(self) -> None:
        self._items: LRUCache[Key, ShardUsage] = LRUCache(_KNOWN_ITEMS)
        self._lock = Lock()

    def get(self, key: Key) -> ShardUsage | None:
        with self._lock:
            return self._items.get(key)

    def put(self, key: Key, item: ShardUsage) -> None:
        with self._lock:
            self._items[key] = item

    def clear(self) -> None:
        with self._lock:
            self._items.clear()


known_here = Known()
"""What this process wrote last."""


def count(organization_id: str, shard: str, stored: Sequence[StoredEvent], known: Known = known_here) -> set[int]:
    """Adds a shard's stored events to what its organization used.

    Returns:
        The sequence numbers of those that another consumer held before: they count when they are taken in.

    Raises:
        UpstreamError: somebody else counted the same records; let them come again.
    """
    held: set[int] = set()
    for day, of_day in by_day(stored).items():
        found = _count_day(organization_id, shard, day, of_day, known)
        if found.held:
            held |= {one.sequence for one in of_day if is_held(found, one.sequence)}
    return held


def by_day(events: Sequence[E]) -> dict[int, list[E]]:
    """Events by the number of the UTC day that they count on."""
    found: dict[int, list[E]] = defaultdict(list)
    for one in events:
        found[one.at_ms // DAY_MS].append(one)
    return found


def _count_day(organization_id: str, shard: str, day: int, stored: Sequence[StoredEvent], known: Known) -> ShardUsage:
    """The item as it is then."""
    key = keys.shard_usage(organization_id, iso_day(day), shard)
    before = known.get(key)
    if before is not None and (after := _write(key, before, stored, day, known)):
        return after
    after = _write(key, read_day(key), stored, day, known)
    if after is None:
        raise UpstreamError("the same events were counted at the same time", retryable=True)
    return after


def read_day(key: Key) -> ShardUsage:
    """The item as it is; an empty one where there is none."""
    try:
        return entity_in(ShardUsage, SHARD_USAGE.get(*key, consistent_read=True))
    except SHARD_USAGE.DoesNotExist:
        return ShardUsage()


def watermark_of(item: ShardUsage) -> int:
    """The sequence number of the last record that was counted, as stored or as held; -1 before the first."""
    return int(item.watermark or -1)


def is_held(item: ShardUsage, sequence: int) -> bool:
    return any(first <= sequence <= last for first, last in item.held)


def _write(key: Key, before: ShardUsage, stored: Sequence[StoredEvent], day: int, known: Known) -> ShardUsage | None:
    """The item once all is counted; None when it is not as it was known."""
    counted = watermark_of(before)
    new = [one for one in stored if one.sequence > counted]
    if not new:
        # What is known here was stored once, and a watermark never falls.
        return before
    after = ShardUsage(
        watermark=place_of(max(one.sequence for one in new)),
        sites=_with(before.sites, new),
        held=before.held,
        held_by_hour=before.held_by_hour,
        forget_at=forgotten(day),
    )
    if not put_one(put_of(key, before, after)):
        return None
    known.put(key, after)
    return after


def forgotten(day: int) -> int:
    """When what was counted on a UTC day is forgotten, in seconds."""
    return (day + _KEPT_DAYS) * DAY_MS // 1000


def put_of(key: Key, before: ShardUsage, after: ShardUsage) -> Put:
    """Writes the item if it is as it was before."""
    unchanged = SHARD_USAGE.watermark == before.watermark if before.watermark else SHARD_USAGE.pk.does_not_exist()
    # Not by `values_of`, which copies all places: this is done for every batch of every organization.
    record = SHARD_USAGE(
        key.pk,
        key.sk,
        watermark=after.watermark,
        sites=after.sites,
        held=after.held,
        held_by_hour=after.held_by_hour,
        forget_at=after.forget_at,
    )
    return Put(record, unchanged)


def _with(sites: Places, new: Sequence[StoredEvent]) -> Places:
    """The places with these events added. What they do not concern is shared with the places before."""
    added = Counter((one.site_id, one.token_id, one.at_ms // HOUR_MS % _HOURS) for one in new)
    found: dict[str, Mapping[str, list[int]]] = dict(sites)
    places = sum(map(len, found.values()))
    for (site_id, token_id, hour), events in added.items():
        place = site_id, token_id
        if token_id not in found.get(site_id, {}):
            if places >= _MOST_PLACES:
                place = _OTHERS
            places += place[1] not in found.get(place[0], {})
        tokens = found.get(place[0], {})
        hours = [*tokens.get(place[1], _NO_HOURS)]
        hours[hour] += events
        found[place[0]] = {**tokens, place[1]: hours}
    return found
