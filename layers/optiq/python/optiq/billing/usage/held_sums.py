"""How many events are held, kept in the items of a shard's days, which are read anyway. Pure.

A batch counts in the hour of its last event, and all batches of an hour end together: so what is held follows from the
sums and the clock, and no batch is read for it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from optiq.billing.usage.records import ShardUsage
from optiq.kernel.clock import DAY_MS, HOUR_MS

HELD_DAYS = 30
_HOURS = 24


def ends_ms(at_ms: int) -> int:
    """Until when events are held that count in the hour of an instant: for 30 days after the hour."""
    return (at_ms // HOUR_MS + 1) * HOUR_MS + HELD_DAYS * DAY_MS


def with_held(item: ShardUsage, at_ms: int, events: int) -> ShardUsage:
    """The item of a day with so many more held events in the hour of an instant."""
    hours = [*(item.held_by_hour or [0] * _HOURS)]
    hours[at_ms // HOUR_MS % _HOURS] += events
    return replace(item, held_by_hour=hours)


def held_in(days: Sequence[tuple[int, ShardUsage]], now_ms: int) -> Mapping[int, int]:
    """The events that are held now, by the instant that their hour begins at.

    Args:
        days: items, each with the instant that its day begins at.
    """
    found = Counter[int]()
    for day_ms, item in days:
        for hour, events in enumerate(item.held_by_hour):
            found[day_ms + hour * HOUR_MS] += events
    return {hour_ms: events for hour_ms, events in sorted(found.items()) if events and ends_ms(hour_ms) > now_ms}
