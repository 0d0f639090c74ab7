"""The ninety days of the sample, in the shop's timezone: day 0 is the first, and the last one is today."""

import random
from datetime import date, timedelta

from optiq.kernel.clock import HOUR_MS, day_bounds, day_of, parse_timezone

TIMEZONE = "Europe/Berlin"
DAYS = 90
"""Whole days before the present one."""
_WEEKEND = 0.65
"""How many newcomers a day of the weekend has for each one of a working day."""
_GROWTH = 0.3
"""How many more newcomers the last day has than the first one."""


class Season:
    """The calendar of one sample."""

    def __init__(self, until_ms: int) -> None:
        zone = parse_timezone(TIMEZONE)
        today = day_of(until_ms, zone)
        self.days = [today - timedelta(days=back) for back in range(DAYS, -1, -1)]
        self._weights = [
            (_WEEKEND if day.weekday() >= 5 else 1) * (1 + _GROWTH * number / DAYS)
            for number, day in enumerate(self.days)
        ]
        self._midnights_ms = [day_bounds(day, day, zone)[0] for day in self.days]

    @property
    def bad_tuesday(self) -> date:
        """The last Tuesday with a whole day after it: the shop took no order and no lead."""
        return max(day for day in self.days[:-2] if day.weekday() == 1)

    def first_day(self, chance: random.Random) -> int:
        """The day on which somebody comes for the first time."""
        (day,) = chance.choices(range(len(self.days)), self._weights)
        return day

    def moment(self, day: int, chance: random.Random) -> int:
        """An instant between 7 and 22 o'clock, so that no visit lasts until the next day."""
        return self._midnights_ms[day] + int((7 + 15 * chance.betavariate(2.2, 1.6)) * HOUR_MS)
