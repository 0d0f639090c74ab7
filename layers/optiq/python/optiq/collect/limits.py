"""How much each site may send: what is over it is refused before anything is kept, so one site cannot crowd out others.

A token bucket a site, in the memory of this process (docs/decisions/0011).
"""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache

from optiq.kernel.errors import LimitExceededError
from optiq.kernel.settings import settings

KEPT_SITES = 10_000
"""Buckets kept at once, some 2 MB. A site whose bucket had to go begins again with a full one."""


class SiteLimits:
    """The buckets of all sites; threads may share it.

    Args:
        events_per_second: how fast a bucket fills.
        burst_events: how much it holds.
        clock: seconds that only grow.
    """

    def __init__(self, events_per_second: int, burst_events: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = events_per_second
        self._burst = burst_events
        self._clock = clock
        self._guard = threading.Lock()
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._levels)

    def take(self, site_id: str, events: int) -> None:
        """Lets a request with so many events pass; one with more than a full bucket passes a full one, and is owed.

        Raises:
            LimitExceededError: the bucket does not hold them; nothing was taken from it.
        """
        now = self._clock()
        needed = min(events, self._burst)
        with self._guard:
            level, since = self._levels.get(site_id, (float(self._burst), now))
            level = min(self._burst, level + (now - since) * self._rate)
            if level >= needed:
                self._levels[site_id] = (level - events, now)
                self._levels.move_to_end(site_id)
                if len(self._levels) > KEPT_SITES:
                    self._levels.popitem(last=False)
                return
        seconds = max(1, math.ceil((needed - level) / self._rate))
        raise LimitExceededError(
            f"this site sends more than {self._rate} events a second; nothing of this request was kept: "
            f"send it again in {seconds} s",
            retry_after_seconds=seconds,
        )


@lru_cache(maxsize=1)
def site_limits() -> SiteLimits:
    """The limits of this process."""
    return SiteLimits(settings().site_events_per_second, settings().site_burst_events)
