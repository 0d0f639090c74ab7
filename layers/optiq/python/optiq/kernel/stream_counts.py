"""Counts of messages of the stream, each message once, however often it is delivered.

Each shard of the stream counts in an item of its own, which remembers the last record it counted. So a consumer that is
killed anywhere and reads again counts every message once.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from optiq.kernel.errors import UpstreamError
from optiq.kernel.keys import Key
from optiq.kernel.records import entity_in, record_of
from optiq.kernel.stream_batch import Delivered
from optiq.kernel.table import Put, Record, put_each

M = TypeVar("M")
_COUNTS = "COUNTS#"
"""Sort keys of counts begin so; the shard follows."""


@dataclass(frozen=True, slots=True)
class _Counts:
    """What one shard brought for a partition: numbers by name, and the last record counted."""

    counts: Mapping[str, int]
    watermark: str


_Record: Any = record_of(_Counts)


def count_once(found: Sequence[Delivered[M]], partition: Callable[[M], str], name: Callable[[M], str]) -> None:
    """Adds one for each message that is not counted yet.

    Args:
        partition: of the table, in which a message counts. name: what it counts as there.

    Raises:
        UpstreamError: somebody else counted the same records; let them come again.
    """
    by_key: dict[Key, list[Delivered[M]]] = defaultdict(list)
    for one in found:
        by_key[Key(partition(one.message), f"{_COUNTS}{one.shard}")].append(one)
    stored = _Record.batch_get([tuple(key) for key in by_key], consistent_read=True)
    before = {Key(record.pk, record.sk): entity_in(_Counts, record) for record in stored}
    puts = [put for key, delivered in by_key.items() if (put := _put(key, before.get(key), delivered, name))]
    if put_each(puts):
        raise UpstreamError("the same messages were counted at the same time", retryable=True)


def _put(key: Key, before: _Counts | None, found: Sequence[Delivered[M]], name: Callable[[M], str]) -> Put | None:
    watermark = before.watermark if before else ""
    new = [one for one in found if one.place > watermark]
    if not new:
        return None
    counts = Counter(before.counts if before else {}) + Counter(name(one.message) for one in new)
    record = _Record(key.pk, key.sk, counts=dict(counts), watermark=max(one.place for one in new))
    return Put(record, _Record.watermark == watermark if before else _Record.pk.does_not_exist())


def counts_of(partition: str) -> Counter[str]:
    """What all shards counted in a partition, by name."""
    return counts_in(_Record.query(partition, _Record.sk.startswith(_COUNTS)))


def counts_in(records: Iterable[Record]) -> Counter[str]:
    """The same, of items of a partition that were read together; others than counts may be among them."""
    total: Counter[str] = Counter()
    for record in records:
        total.update(getattr(record, "counts", None) or {})
    return total


def take_over(partition: str, shard: str, counts: Mapping[str, int], watermark: str) -> None:
    """Goes on from what an older version counted elsewhere; what is counted already stays."""
    record = _Record(partition, f"{_COUNTS}{shard}", counts=dict(counts), watermark=watermark)
    put_each([Put(record, _Record.pk.does_not_exist())])
