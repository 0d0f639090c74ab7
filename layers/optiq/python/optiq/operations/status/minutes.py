"""Minutes in which components worked: a bit each. All else is counted from these."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from optiq.kernel.clock import DAY_MS, MINUTE_MS, iso_day
from optiq.operations.status.contracts import Component, StatusDay, Uptime

_OF_DAY = DAY_MS // MINUTE_MS


def marked(day: StatusDay, at_ms: int, works: Iterable[Component]) -> StatusDay:
    """The day with the minute of an instant good for these components."""
    bit = 1 << (at_ms % DAY_MS) // MINUTE_MS
    changed: dict[str, str] = {name: f"{_bits(day, name) | bit:x}" for name in works}
    return replace(day, good={**day.good, **changed})


def uptime(days: Mapping[str, StatusDay], component: Component, from_ms: int, until_ms: int) -> Uptime:
    """Of the whole minutes from one instant to before another. A minute that nobody counted is bad."""
    first, end = -(-from_ms // MINUTE_MS), until_ms // MINUTE_MS
    if end <= first:
        return Uptime(0, 0)
    good = 0
    for number in range(first // _OF_DAY, (end - 1) // _OF_DAY + 1):
        day = days.get(iso_day(number))
        if day is not None:
            wanted = _span(max(0, first - number * _OF_DAY), min(_OF_DAY, end - number * _OF_DAY))
            good += (_bits(day, component) & wanted).bit_count()
    return Uptime(end - first, end - first - good)


def _span(first: int, end: int) -> int:
    """Bits from one to before another."""
    return (1 << end) - (1 << first)


def _bits(day: StatusDay, component: Component) -> int:
    return int(day.good.get(component, "0"), 16)
