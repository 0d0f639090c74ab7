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

    def wait_seconds(self, level: float, units: int) -> float:
        """How long until a bucket holds so many; 0 when it does. More than it can hold asks for a full one."""
        missing = min(units, self._burst) - level
        return missing / self.per_second if missing > 0 else 0.0

    def take(self, key: str, level: float, units: int) -> float:
        """Takes them of what the bucket holds now, into debt if they are more; what is left."""
        left = level - units
        self._levels[key] = (left, self._clock())
        self._levels.move_to_end(key)
        if len(self._levels) > KEPT_BUCKETS:
            self._levels.popitem(last=False)
        return left

    def level(self, key: str) -> float:
        """What the bucket holds now."""
        found = self._levels.get(key)
        if found is None:
            return self._burst
        level = found[0] + (self._clock() - found[1]) * self.per_second
        return level if level < self._burst else self._burst

    def quota(self, name: str, level: float) -> Quota:
        """What is left, and when the bucket is full again."""
        full = math.ceil((self._burst - level) / self.per_second)
        return Quota(name, self._burst, math.ceil(self._burst / self.per_second), max(0, int(level)), full, "events")


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
            levels = [buckets.level(key) for buckets, key, _units in asked]
            waits = [
                buckets.wait_seconds(level, units) for level, (buckets, _key, units) in zip(levels, asked, strict=True)
            ]
            if not any(waits):
                for level, (buckets, key, units) in zip(levels, asked, strict=True):
                    buckets.take(key, level, units)
            return waits


class Limit:
    """One limit for each key; threads may share it."""

    def __init__(self, buckets: Buckets) -> None:
        self._buckets = buckets
        self._together = Together()

    def take(self, key: str, units: int = 1) -> float:
        """Takes so many; 0, or how many seconds until there are, and then nothing is taken."""
        (wait_seconds,) = self._together.take((self._buckets, key, units))
        return wait_seconds


class SendingLimits:
    """What sites, and all sites of an organization together, may send; threads may share it."""

    def __init__(self, sites: Buckets, organizations: Buckets) -> None:
        self._sites = sites
        self._organizations = organizations
        self._guard = threading.Lock()

    def take(self, organization_id: str, site_id: str, events: int, *, shown: bool = False) -> tuple[Quota, ...]:
        """Lets a request with so many events pass; one with more than a full bucket passes a full one, and is owed.

        Returns what is left where it is shown to the sender, else nothing.

        Raises:
            LimitExceededError: a bucket does not hold them; nothing was taken.
        """
        sites, organizations = self._sites, self._organizations
        with self._guard:
            of_site, of_all = sites.level(site_id), organizations.level(organization_id)
            site_wait, all_wait = sites.wait_seconds(of_site, events), organizations.wait_seconds(of_all, events)
            if not (site_wait or all_wait):
                of_site = sites.take(site_id, of_site, events)
                of_all = organizations.take(organization_id, of_all, events)
        left = self._quotas(of_site, of_all) if shown else ()
        if site_wait:
            raise _exceeded("this site sends", sites.per_second, max(site_wait, all_wait), left)
        if all_wait:
            raise _exceeded("the sites of this organization together send", organizations.per_second, all_wait, left)
        return left

    def _quotas(self, of_site: float, of_all: float) -> tuple[Quota, Quota]:
        return self._sites.quota("site-events", of_site), self._organizations.quota("organization-events", of_all)


def _exceeded(who: str, per_second: float, wait_seconds: float, left: tuple[Quota, ...]) -> LimitExceededError:
    seconds = max(1, math.ceil(wait_seconds))
    return LimitExceededError(
        f"{who} more than {per_second} events a second; nothing of this request was kept: send it again in {seconds} s",
        retry_after_seconds=seconds,
        quotas=left,
    )


@lru_cache(maxsize=1)
def sending_limits() -> SendingLimits:
    """The limits of this process."""
    found = settings()
    return SendingLimits(
        Buckets(found.site_events_per_second, found.site_burst_events),
        Buckets(found.organization_events_per_second, found.organization_burst_events),
    )
