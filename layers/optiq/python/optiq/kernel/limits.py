"""Token buckets in the memory of this process (docs/decisions/0011), and how much each site and organization may send.

What is over a limit of sending is refused before anything is kept, so nobody can crowd out others.
"""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache

from optiq.kernel.errors import LimitExceededError
from optiq.kernel.quotas import Quota
from optiq.kernel.settings import settings

KEPT_BUCKETS = 10_000
"""Buckets of one kind kept at once, some 2 MB. A bucket that had to go begins again full."""


class Buckets:
    """A token bucket for each key. `Together` keeps threads apart.

    Args:
        per_second: how fast a bucket fills.
        burst: how much it holds.
        clock: seconds that only grow.
    """

    def __init__(self, per_second: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_second = per_second
        self._burst = burst
        self._clock = clock
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._levels)

    def wait_seconds(self, key: str, units: int) -> float:
        """How long until the bucket holds so many; 0 when it does. More than it can hold asks for a full one."""
        missing = min(units, self._burst) - self._level(key)
        return missing / self.per_second if missing > 0 else 0.0

    def take(self, key: str, units: int) -> None:
        """Takes them, into debt if they are more than there is."""
        now = self._clock()
        self._levels[key] = (self._level(key, now) - units, now)
        self._levels.move_to_end(key)
        if len(self._levels) > KEPT_BUCKETS:
            self._levels.popitem(last=False)

    def quota(self, name: str, key: str) -> Quota:
        """What is left, and when the bucket is full again."""
        level = self._level(key)
        full = math.ceil((self._burst - level) / self.per_second)
        return Quota(name, self._burst, math.ceil(self._burst / self.per_second), max(0, int(level)), full, "events")

    def _level(self, key: str, now: float | None = None) -> float:
        found = self._levels.get(key)
        if found is None:
            return self._burst
        level = found[0] + ((self._clock() if now is None else now) - found[1]) * self.per_second
        return level if level < self._burst else self._burst


class Together:
    """Takes from several buckets, of all or of none; threads may share it.

    Attributes:
        guard: for what else belongs to the buckets.
    """

    def __init__(self) -> None:
        self.guard = threading.Lock()

    def take(self, *asked: tuple[Buckets, str, int]) -> list[float]:
        """Takes so many units of each key's bucket. How many seconds until each has them: if any is not 0, nothing is
        taken.
        """
        with self.guard:
            waits = [buckets.wait_seconds(key, units) for buckets, key, units in asked]
            if not any(waits):
                for buckets, key, units in asked:
                    buckets.take(key, units)
            return waits


class Limit:
    """One limit for each key; threads may share it."""

    def __init__(self, buckets: Buckets) -> None:
        self._buckets = buckets
        self._together = Together()

    def take(self, key: str) -> float:
        """Takes one; 0, or how many seconds until there is one, and then nothing is taken."""
        (wait_seconds,) = self._together.take((self._buckets, key, 1))
        return wait_seconds


class SendingLimits:
    """What sites, and all sites of an organization together, may send; threads may share it."""

    def __init__(self, sites: Buckets, organizations: Buckets) -> None:
        self._sites = sites
        self._organizations = organizations
        self._together = Together()

    def take(self, organization_id: str, site_id: str, events: int) -> None:
        """Lets a request with so many events pass; one with more than a full bucket passes a full one, and is owed.

        Raises:
            LimitExceededError: a bucket does not hold them; nothing was taken.
        """
        asked = ((self._sites, site_id, events), (self._organizations, organization_id, events))
        of_site, of_all = self._together.take(*asked)
        if of_site:
            raise _exceeded("this site sends", self._sites.per_second, max(of_site, of_all))
        if of_all:
            raise _exceeded("the sites of this organization together send", self._organizations.per_second, of_all)

    def left(self, organization_id: str, site_id: str) -> tuple[Quota, Quota]:
        """What is left to a site, and to its organization."""
        with self._together.guard:
            of_site = self._sites.quota("site-events", site_id)
            return of_site, self._organizations.quota("organization-events", organization_id)


def _exceeded(who: str, per_second: float, wait_seconds: float) -> LimitExceededError:
    seconds = max(1, math.ceil(wait_seconds))
    return LimitExceededError(
        f"{who} more than {per_second} events a second; nothing of this request was kept: send it again in {seconds} s",
        retry_after_seconds=seconds,
    )


@lru_cache(maxsize=1)
def sending_limits() -> SendingLimits:
    """The limits of this process."""
    found = settings()
    return SendingLimits(
        Buckets(found.site_events_per_second, found.site_burst_events),
        Buckets(found.organization_events_per_second, found.organization_burst_events),
    )
