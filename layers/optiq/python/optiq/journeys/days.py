"""How many facts there are of each UTC day, counted from 1970: known of a customer without reading the facts."""

import json
import zlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from optiq.journeys.history import Fact
from optiq.kernel.clock import DAY_MS


class Sealed(NamedTuple):
    """What was sealed of a day: so many pages, with so many facts."""

    pages: int
    facts: int


def count_days(facts: Iterable[Fact]) -> dict[int, int]:
    days: dict[int, int] = {}
    for fact in facts:
        day = fact.occurred_ms // DAY_MS
        days[day] = days.get(day, 0) + 1
    return days


def pack_days(days: Mapping[int, int]) -> bytes:
    """Days as differences, each followed by its number; compressed."""
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
