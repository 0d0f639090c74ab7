"""Turns of whoever shares what takes long: one with much has no other wait behind all of it."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


def in_turn(things: Iterable[T], party_of: Callable[[T], str], each: int = 1) -> list[T]:
    """So many things of each party, in their order, then as many more of each."""
    seen: Counter[str] = Counter()
    placed = []
    for one in things:
        party = party_of(one)
        placed.append((seen[party] // each, one))
        seen[party] += 1
    return [one for _, one in sorted(placed, key=lambda place: place[0])]
