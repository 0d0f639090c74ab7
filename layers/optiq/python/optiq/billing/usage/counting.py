"""Counts stored events behind the stream, each once, however often it is delivered.

The item of a shard's UTC day remembers the last record that it counted, and is written only when it is as it was known:
one write for a batch, an organization and a day. A shard is read by one consumer at a time, so the item as this process
wrote it last is mostly the present one, and needs no read.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from threading import Lock

from cachetools import LRUCache

from optiq.billing import keys
from optiq.billing.usage.contracts import StoredEvent
from optiq.billing.usage.records import SHARD_USAGE, ShardUsage
from optiq.kernel.clock import DAY_MS, HOUR_MS, iso_day
from optiq.kernel.errors import UpstreamError
from optiq.kernel.keys import Key
from optiq.kernel.records import entity_in, values_of
from optiq.kernel.stream_batch import place_of
from optiq.kernel.table import Put, put_one

KEPT_DAYS = 731
"""This year's usage can be compared with last year's."""
_HOURS = 24
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


_known = Known()


def count(organization_id: str, shard: str, stored: Sequence[StoredEvent], known: Known | None = None) -> None:
    """Adds a shard's stored events to what its organization used.

    Args:
        known: items as they were written last; those of this process by default.

    Raises:
        UpstreamError: somebody else counted the same records; let them come again.
    """
    by_day: dict[int, list[StoredEvent]] = defaultdict(list)
    for one in stored:
        by_day[one.at_ms // DAY_MS].append(one)
    for day, of_day in by_day.items():
        _count_day(organization_id, shard, day, of_day, _known if known is None else known)


def _count_day(organization_id: str, shard: str, day: int, stored: Sequence[StoredEvent], known: Known) -> None:
    key = keys.shard_usage(organization_id, iso_day(day), shard)
    before = known.get(key)
    if before is not None and _write(key, before, stored, day, known):
        return
    if not _write(key, _read(key), stored, day, known):
        raise UpstreamError("the same events were counted at the same time", retryable=True)


def _read(key: Key) -> ShardUsage:
    try:
        return entity_in(ShardUsage, SHARD_USAGE.get(*key, consistent_read=True))
    except SHARD_USAGE.DoesNotExist:
        return ShardUsage()


def _write(key: Key, before: ShardUsage, stored: Sequence[StoredEvent], day: int, known: Known) -> bool:
    """Whether all is counted; False when the item is not as it was known."""
    counted_until = int(before.watermark or -1)
    new = [one for one in stored if one.sequence > counted_until]
    if not new:
        # What is known here was stored once, and a watermark never falls.
        return True
    after = ShardUsage(
        watermark=place_of(max(one.sequence for one in new)),
        sites=_with(before.sites, new),
        forget_at=(day + KEPT_DAYS) * DAY_MS // 1000,
    )
    unchanged = SHARD_USAGE.watermark == before.watermark if before.watermark else SHARD_USAGE.pk.does_not_exist()
    record = SHARD_USAGE(pk=key.pk, sk=key.sk, **values_of(after))
    if not put_one(Put(record, unchanged)):
        return False
    known.put(key, after)
    return True


def _with(sites: Mapping[str, Mapping[str, list[int]]], new: Sequence[StoredEvent]) -> dict[str, dict[str, list[int]]]:
    found = {site: {token: list(hours) for token, hours in tokens.items()} for site, tokens in sites.items()}
    places = sum(map(len, found.values()))
    for one in new:
        site_id, token_id = one.site_id, one.token_id
        if token_id not in found.get(site_id, {}):
            if places >= _MOST_PLACES:
                site_id, token_id = _OTHERS
            places += token_id not in found.get(site_id, {})
        hours = found.setdefault(site_id, {}).setdefault(token_id, [0] * _HOURS)
        hours[one.at_ms // HOUR_MS % _HOURS] += 1
    return found
