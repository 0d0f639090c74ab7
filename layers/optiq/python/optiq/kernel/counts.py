"""What an invocation counts for operators: events taken, refused, credited. The entry on AWS writes it with its line.

A Lambda process serves one invocation at a time, so what is counted in one is that invocation's. On one machine nobody
asks for the numbers.
"""

from collections import Counter
from typing import Literal

Counted = Literal["Accepted", "Rejected", "Credited"]

_counted: Counter[str] = Counter()


def count(what: Counted, number: int) -> None:
    """Adds to what this invocation has counted."""
    _counted[what] += number


def take_counts() -> dict[str, int]:
    """What was counted since the last call."""
    taken = dict(_counted)
    _counted.clear()
    return taken
