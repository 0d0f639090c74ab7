"""How many facts there are of each UTC day: known of a customer without reading the facts.

A day has two slots, of what pages sent and of what servers did, so that neither takes the other's room. Slots are
numbers; those of a day follow one another.
"""

import json
import zlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from optiq.journeys.history import Fact
from optiq.kernel.clock import DAY_MS
from optiq.kernel.events import EventAccepted


class Sealed(NamedTuple):
    """What was sealed of a slot: so many pages, with so many facts."""

    pages: int
    facts: int


def slot_of(fact: Fact | EventAccepted) -> int:
    return fact.occurred_ms // DAY_MS * 2 + fact.from_server


def slots_of(first_day: int, last_day: int) -> range:
    """The slots of UTC days, counted from 1970."""
    return range(first_day * 2, last_day * 2 + 2)


def day_of_slot(slot: int) -> int:
    return slot // 2


def is_of_servers(slot: int) -> bool:
    return slot % 2 == 1


def count_slots(facts: Iterable[Fact]) -> dict[int, int]:
    slots: dict[int, int] = {}
    for fact in facts:
        slot = slot_of(fact)
        slots[slot] = slots.get(slot, 0) + 1
    return slots


def pack_days(days: Mapping[int, int]) -> bytes:
    """Slots as differences, each followed by its number; compressed."""
    return _packed({day: (facts,) for day, facts in days.items()})


def unpack_days(packed: bytes) -> dict[int, int]:
    return {day: facts for day, (facts,) in _unpacked(packed, 1)}


def pack_sealed(days: Mapping[int, Sealed]) -> bytes:
    return _packed(days)


def unpack_sealed(packed: bytes) -> dict[int, Sealed]:
    return {day: Sealed(*numbers) for day, numbers in _unpacked(packed, 2)}


def _packed(days: Mapping[int, tuple[int, ...]]) -> bytes:
    row: list[int] = []
    before = 0
    for day in sorted(days):
        row += (day - before, *days[day])
        before = day
    return zlib.compress(json.dumps(row, separators=(",", ":")).encode(), 6)


def _unpacked(packed: bytes, numbers: int) -> Iterable[tuple[int, list[int]]]:
    row = json.loads(zlib.decompress(packed))
    day = 0
    for place in range(0, len(row), numbers + 1):
        day += row[place]
        yield day, row[place + 1 : place + 1 + numbers]
