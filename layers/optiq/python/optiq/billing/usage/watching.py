"""Watches limits while events are counted, and notifies the owners once at 80 % and once at 100 %.

A process keeps what it read of an organization, and adds what it counts itself. It reads again when that reaches a
threshold, and now and then, because other processes count too. Where nobody pays nothing is read.
"""

from collections.abc import MutableMapping
from dataclasses import dataclass
from threading import Lock

from cachetools import LRUCache

from optiq.billing.gateways.account import stripe_account
from optiq.billing.subscribing.seeing import plan_and_period_of
from optiq.billing.usage.noticing import notify
from optiq.billing.usage.reading import counted, hours_of
from optiq.kernel.clock import MINUTE_MS, SECOND_MS, Clock, system_clock

THRESHOLDS = (80, 100)
"""Percent of a limit, the lowest first."""
_NEAR_PERCENT = 60
_LOOK_WHEN_NEAR_MS, _LOOK_MS = 15 * SECOND_MS, 5 * MINUTE_MS
_KNOWN_ORGANIZATIONS = 10_000


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read of an organization's month, and what this process counted since.

    Attributes:
        noticed: the highest threshold that its owners were notified of, or 0. look_ms: when to read again.
    """

    limit: int | None
    events: int
    noticed: int
    look_ms: int

    @property
    def reaches(self) -> int:
        """The highest threshold that is reached, or 0."""
        if self.limit is None:
            return 0
        return max((one for one in THRESHOLDS if self.events * 100 >= self.limit * one), default=0)


Known = MutableMapping[str, Seen]
_known: Known = LRUCache(_KNOWN_ORGANIZATIONS)
_lock = Lock()
"""Batches of several shards are counted by several threads."""


def watch(organization_id: str, added: int, *, clock: Clock = system_clock, known: Known | None = None) -> None:
    """Notes that events were counted.

    Args:
        known: what was read of each organization; that of this process by default.

    Raises:
        UpstreamError: the table does not answer; the same events may be noted again.
    """
    if stripe_account() is None:
        return
    kept = _known if known is None else known
    now_ms = clock()
    with _lock:
        seen = kept.get(organization_id)
    if seen is not None:
        seen = Seen(seen.limit, seen.events + added, seen.noticed, seen.look_ms)
    if seen is None or now_ms >= seen.look_ms or seen.reaches > seen.noticed:
        seen = _look(organization_id, clock)
    with _lock:
        kept[organization_id] = seen


def _look(organization_id: str, clock: Clock) -> Seen:
    now_ms = clock()
    entitlements, period = plan_and_period_of(organization_id, clock)
    limit, (start_ms, end_ms) = entitlements.monthly_events, period.hours
    if limit is None:
        return Seen(None, 0, 0, now_ms + _LOOK_MS)
    events = counted(hours_of(organization_id, start_ms, end_ms), start_ms, end_ms).events
    near = events * 100 >= limit * _NEAR_PERCENT
    seen = Seen(limit, events, 0, now_ms + (_LOOK_WHEN_NEAR_MS if near else _LOOK_MS))
    if reached := seen.reaches:
        notify(organization_id, entitlements, period, events, [one for one in THRESHOLDS if one <= reached], now_ms)
    return Seen(limit, events, reached, seen.look_ms)
