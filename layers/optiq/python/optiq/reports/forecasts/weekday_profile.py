"""A forecast of daily sums by their weekdays. Pure: numbers in, numbers out.

Each weekday is expected to be as its mean over eight weeks, and all of them as much larger or smaller as the last four
weeks were. A day counts at most CAP times its weekday's median, so that one campaign does not repeat itself for ever.
The band is of the differences that this makes with the past, of all days to come together: their noise, and how
unsure their level is. Four of five months end within it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from statistics import fmean, median

WEEKS, LEAST_DAYS = 8, 28
CAP = 3
_QUANTILE = 1.2816
"""Of the normal distribution, at 90 %: the band between both sides has 80 %."""


@dataclass(frozen=True, slots=True)
class Profile:
    """
    Attributes:
        by_weekday: what is expected, Monday first.
        spread: the standard deviation of a day around it. days: of the past that it is made of.
    """

    by_weekday: tuple[float, ...]
    spread: float
    days: int

    def expected(self, day: date) -> float:
        return self.by_weekday[day.weekday()]

    def margin(self, days: int) -> float:
        """How far the sum of so many days may be from what is expected, to either side."""
        level = self.spread / sqrt(LEAST_DAYS)
        return _QUANTILE * sqrt(days * self.spread**2 + (days * level) ** 2)


def profile_of(past: Mapping[date, float]) -> Profile:
    """Args: past: LEAST_DAYS days at least, of WEEKS weeks at most, without gaps."""
    by_weekday: dict[int, list[float]] = {}
    for day, value in past.items():
        by_weekday.setdefault(day.weekday(), []).append(value)
    middles = {weekday: median(values) for weekday, values in by_weekday.items()}
    capped = {day: _capped(value, middles[day.weekday()]) for day, value in past.items()}
    means = [fmean(value for day, value in capped.items() if day.weekday() == weekday) for weekday in range(7)]
    days = sorted(capped)
    factor = _ratio([capped[day] for day in days[-LEAST_DAYS:]], [means[day.weekday()] for day in days[-LEAST_DAYS:]])
    expected = tuple(mean * factor for mean in means)
    squares = [(value - expected[day.weekday()]) ** 2 for day, value in past.items()]
    return Profile(expected, sqrt(sum(squares) / (len(squares) - 1)), len(past))


def _capped(value: float, middle: float) -> float:
    return min(value, CAP * middle) if middle > 0 else value


def _ratio(values: Sequence[float], means: Sequence[float]) -> float:
    whole = sum(means)
    return sum(values) / whole if whole else 1.0
