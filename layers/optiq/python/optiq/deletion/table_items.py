"""The items of the table that belong to what is deleted: found by reading the whole table, page by page.

Only that finds all: customers and claims of events are in no index, and a query needs a whole partition key
(docs/decisions/0072).
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from optiq.kernel.item_owners import Owned, RawItem, attributes_of_owners, owned, parts_of
from optiq.kernel.keys import Key
from optiq.kernel.table import Record, key_start

PAGE_ITEMS = 1_000
"""Read at once; DynamoDB reads a megabyte at most."""
_KEYS = ("pk", "sk", "gsi1pk", "gsi1sk")
_UNKNOWN = "other"


@dataclass(frozen=True, slots=True)
class Found:
    """An item that belongs to what is deleted. `stays`: its entity outlives its owners."""

    key: Key
    entity: str
    stays: bool


@dataclass(frozen=True, slots=True)
class Page:
    """What one page of the table has. `place` is where the next begins; "" after the last."""

    found: Sequence[Found]
    place: str


def page(owners: frozenset[str], place: str) -> Page:
    """The next page's items of these owners, and the items that are part of them."""
    names = sorted({*_KEYS, *attributes_of_owners()})
    start: Any = key_start(Key(*json.loads(place))) if place else None  # PynamoDB's hints know only a text.
    answer = Record._get_connection().scan(
        attributes_to_get=names, exclusive_start_key=start, limit=PAGE_ITEMS, consistent_read=True
    )
    found = list(_of_owners(answer["Items"], owners))
    last = answer.get("LastEvaluatedKey")
    return Page(found, json.dumps([last["pk"]["S"], last["sk"]["S"]]) if last else "")


def remove(found: Iterable[Found]) -> None:
    """Removes items; what is part of another before it, so that a stop leaves nothing that nobody finds."""
    with Record.batch_write() as batch:
        for one in found:
            batch.delete(Record(*one.key))


def counted(found: Iterable[Found]) -> Counter[str]:
    """How many there are of each entity."""
    return Counter(one.entity for one in found)


def of_partition(pk: str, owners: frozenset[str], most: int) -> tuple[Counter[str], bool]:
    """What a partition has of these owners, and whether that is all of it."""
    records = Record.query(pk, attributes_to_get=list(_KEYS), limit=most + 1)
    raw = [_raw(record) for record in records]
    return counted(one for one in _of_owners(raw[:most], owners) if not one.stays), len(raw) <= most


def _of_owners(items: Iterable[RawItem], owners: frozenset[str]) -> Iterator[Found]:
    for raw in items:
        whose = owned(raw)
        if whose.owners & owners:
            if whose.item and parts_of(whose.item):
                yield from _parts(raw["pk"]["S"], raw["sk"]["S"])
            yield _found(Key(raw["pk"]["S"], raw["sk"]["S"]), whose)


def _parts(pk: str, sk: str) -> Iterator[Found]:
    for record in Record.query(pk, consistent_read=True, attributes_to_get=["pk", "sk"]):
        if record.sk != sk:
            yield _found(Key(record.pk, record.sk), owned(_raw(record)))


def _found(key: Key, whose: Owned) -> Found:
    item = whose.item
    return Found(key, item.entity if item else _UNKNOWN, bool(item and item.outlives))


def _raw(record: Record) -> dict[str, dict[str, Any]]:
    values = {name: getattr(record, name) for name in _KEYS}
    return {name: {"S": value} for name, value in values.items() if value is not None}
