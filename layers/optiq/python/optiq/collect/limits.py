"""How much is kept of what cannot be accepted. Beyond its limits it is only counted; its answer is the same."""

from collections import OrderedDict
from functools import lru_cache

from optiq.kernel import limits
from optiq.kernel.limits import Buckets, Together
from optiq.kernel.networks import senders_network

_NETWORK_RATE, _NETWORK_BURST = 1, 100
_STRANGERS_RATE, _STRANGERS_BURST = 5, 1_000
_SITE_RATE, _SITE_BURST = 10, 1_000
"""What one sender commonly has: a /24 of a hoster, a /56 of a home (RIPE-690)."""


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
        self._together = Together()

    def __len__(self) -> int:
        return len(self._not_kept)

    def take(self, site_id: str, ip: str) -> int | None:
        """Whether one more is kept: None when it is only counted, else how many were only counted since the last.

        `site_id` is "" for what names no site.
        """
        of_site = self._sites if site_id else self._strangers
        waits = self._together.take((self._networks, senders_network(ip), 1), (of_site, site_id, 1))
        with self._together.guard:
            if any(waits):
                self._not_kept[site_id] = self._not_kept.get(site_id, 0) + 1
                self._not_kept.move_to_end(site_id)
                if len(self._not_kept) > limits.KEPT_BUCKETS:
                    self._not_kept.popitem(last=False)
                return None
            return self._not_kept.pop(site_id, 0)


@lru_cache(maxsize=1)
def keeping_limits() -> KeepingLimits:
    """The limits of this process."""
    return KeepingLimits(
        Buckets(_NETWORK_RATE, _NETWORK_BURST),
        Buckets(_SITE_RATE, _SITE_BURST),
        Buckets(_STRANGERS_RATE, _STRANGERS_BURST),
    )
