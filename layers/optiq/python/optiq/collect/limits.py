"""How much each site and each organization may send, and how much is kept of what cannot be accepted.

Token buckets in the memory of this process (docs/decisions/0011). What is over a limit of sending is refused before
anything is kept, so nobody can crowd out others. What cannot be accepted is answered the same either way: beyond its
limits it is only counted.
"""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache

from optiq.kernel.errors import LimitExceededError
from optiq.kernel.networks import senders_network
from optiq.kernel.settings import settings

KEPT_BUCKETS = 10_000
"""Buckets of one kind kept at once, some 2 MB. A bucket that had to go begins again full."""
_NETWORK_RATE, _NETWORK_BURST = 1, 100
_STRANGERS_RATE, _STRANGERS_BURST = 5, 1_000
_SITE_RATE, _SITE_BURST = 10, 1_000
"""What one sender commonly has: a /24 of a hoster, a /56 of a home (RIPE-690)."""


class Buckets:
    """A token bucket for each key. Its caller keeps threads apart.

    Args:
        per_second: how fast a bucket fills.
        burst: how much it holds.
        clock: seconds that only grow.
    """

    def __init__(self, per_second: int, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_second = per_second
        self._burst = burst
        self._clock = clock
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._levels)

    def wait_seconds(self, key: str, units: int) -> float:
        """How long until the bucket holds so many; 0 when it does. More than it can hold asks for a full one."""
        return max(0.0, (min(units, self._burst) - self._level(key)) / self.per_second)

    def take(self, key: str, units: int) -> None:
        """Takes them, into debt if they are more than there is."""
        self._levels[key] = (self._level(key) - units, self._clock())
        self._levels.move_to_end(key)
        if len(self._levels) > KEPT_BUCKETS:
            self._levels.popitem(last=False)

    def _level(self, key: str) -> float:
        now = self._clock()
        level, since = self._levels.get(key, (float(self._burst), now))
        return min(self._burst, level + (now - since) * self.per_second)


class SendingLimits:
    """What sites, and all sites of an organization together, may send; threads may share it."""

    def __init__(self, sites: Buckets, organizations: Buckets) -> None:
        self._sites = sites
        self._organizations = organizations
        self._guard = threading.Lock()

    def take(self, organization_id: str, site_id: str, events: int) -> None:
        """Lets a request with so many events pass; one with more than a full bucket passes a full one, and is owed.

        Raises:
            LimitExceededError: a bucket does not hold them; nothing was taken.
        """
        with self._guard:
            of_site = self._sites.wait_seconds(site_id, events)
            of_all = self._organizations.wait_seconds(organization_id, events)
            if not (of_site or of_all):
                self._sites.take(site_id, events)
                self._organizations.take(organization_id, events)
                return
        if of_site:
            raise _exceeded("this site sends", self._sites.per_second, max(of_site, of_all))
        raise _exceeded("the sites of this organization together send", self._organizations.per_second, of_all)


def _exceeded(who: str, per_second: int, wait_seconds: float) -> LimitExceededError:
    seconds = max(1, math.ceil(wait_seconds))
    return LimitExceededError(
        f"{who} more than {per_second} events a second; nothing of this request was kept: send it again in {seconds} s",
        retry_after_seconds=seconds,
    )


class KeepingLimits:
    """How much is kept of what cannot be accepted, and how much was not; threads may share it.

    Args:
        networks: for each network that sends.
        sites: for each site whose public key was used.
        strangers: for all together that name no site.
    """

    def __init__(self, networks: Buckets, sites: Buckets, strangers: Buckets) -> None:
        self._networks = networks
        self._sites = sites
        self._strangers = strangers
        self._not_kept: OrderedDict[str, int] = OrderedDict()
        self._guard = threading.Lock()

    def __len__(self) -> int:
        return len(self._not_kept)

    def take(self, site_id: str, ip: str) -> int | None:
        """Whether one more is kept: None when it is only counted, else how many were only counted since the last.

        `site_id` is "" for what names no site.
        """
        network = senders_network(ip)
        together = self._sites if site_id else self._strangers
        with self._guard:
            if self._networks.wait_seconds(network, 1) or together.wait_seconds(site_id, 1):
                self._not_kept[site_id] = self._not_kept.get(site_id, 0) + 1
                self._not_kept.move_to_end(site_id)
                if len(self._not_kept) > KEPT_BUCKETS:
                    self._not_kept.popitem(last=False)
                return None
            self._networks.take(network, 1)
            together.take(site_id, 1)
            return self._not_kept.pop(site_id, 0)


@lru_cache(maxsize=1)
def sending_limits() -> SendingLimits:
    """The limits of this process."""
    said = settings()
    return SendingLimits(
        Buckets(said.site_events_per_second, said.site_burst_events),
        Buckets(said.organization_events_per_second, said.organization_burst_events),
    )


@lru_cache(maxsize=1)
def keeping_limits() -> KeepingLimits:
    """The limits of this process."""
    return KeepingLimits(
        Buckets(_NETWORK_RATE, _NETWORK_BURST),
        Buckets(_SITE_RATE, _SITE_BURST),
        Buckets(_STRANGERS_RATE, _STRANGERS_BURST),
    )
