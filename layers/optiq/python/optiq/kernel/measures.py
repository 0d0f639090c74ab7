"""What handlers cost, summed up in memory: how often each was called, failed, and how long it took.

A process hands its sums on once a minute. On AWS the entry of each function writes a line instead (watched.py), of
which CloudWatch makes the same metrics.
"""

import threading
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field

BOUNDS_MS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000)
"""Durations are counted in ranges up to these, and one beyond."""


@dataclass(slots=True)
class Sums:
    """Of one handler. Attributes: ranges: calls by their duration, as BOUNDS_MS has them."""

    calls: int = 0
    failures: int = 0
    took_ms: float = 0.0
    ranges: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS_MS) + 1))

    def percentile_ms(self, part: float) -> float:
        """The bound below which so large a part of the calls lies; the last bound for what is beyond all."""
        wanted, seen = part * self.calls, 0
        for bound, count in zip(BOUNDS_MS, self.ranges, strict=False):
            seen += count
            if seen >= wanted:
                return float(bound)
        return float(BOUNDS_MS[-1])


class Measures:
    """Sums by handler; threads may share it."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._sums: dict[str, Sums] = {}

    def note(self, handler: str, took_ms: float, *, failed: bool) -> None:
        with self._guard:
            sums = self._sums.get(handler) or self._sums.setdefault(handler, Sums())
            sums.calls += 1
            sums.failures += failed
            sums.took_ms += took_ms
            sums.ranges[bisect_left(BOUNDS_MS, took_ms)] += 1

    def take(self) -> Mapping[str, Sums]:
        """The sums since the last call."""
        with self._guard:
            taken, self._sums = self._sums, {}
        return taken
