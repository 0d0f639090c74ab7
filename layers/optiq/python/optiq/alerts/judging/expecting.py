"""What a day of a series is expected to be, and how far a day is from it.

Counts scatter more than Poisson's law has it, weekdays differ, and levels move. So a day is expected to be the level of
the last two weeks times its weekday's effect, both as medians of logarithms; its distance is Anscombe's for counts
(Biometrika 35, 1948: 2√(y + 3/8) has variance 1), divided by how much more than Poisson this series has scattered.
"""

import math
from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

LEARNING_DAYS = 21
"""Fewer days of history expect nothing."""
_SURE_DAYS = 28
_UNSURE = 1.3
_LEVEL_DAYS = 14
_SMOOTHED = 7
_PRIOR_DAYS, _PRIOR_DISPERSION = 14, 4
_MAD_TO_SIGMA = 1.4826
_ANSCOMBE = 3 / 8
_LEAST_EXPECTED = 0.5
"""A residual is divided by the root of what was expected."""


@dataclass(frozen=True, slots=True)
class Day:
    """A closed day of a series: `weekday` is 0 for Monday, `value` is a count or counts' worth, 0 or more."""

    weekday: int
    value: float


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the next day is expected to be.

    Attributes:
        value: the median of such days.
        dispersion: how many times Poisson's the variance is, 1 or more.
        days: of history behind it.
    """

    value: float
    dispersion: float
    days: int

    def score(self, value: float) -> float:
        """How far a day with this value is off, in standard deviations; below 0 for too little."""
        off = math.sqrt(value + _ANSCOMBE) - math.sqrt(self.value + _ANSCOMBE)
        return 2 * off / math.sqrt(self.dispersion)

    def bound(self, score: float) -> float:
        """The value that has a score; 0 where none is so low."""
        root = math.sqrt(self.value + _ANSCOMBE) + score * math.sqrt(self.dispersion) / 2
        return max(0.0, root * root - _ANSCOMBE) if root > 0 else 0.0

    def threshold(self, k: float) -> float:
        """From which score a day is odd, for one that asks for k: more while the history is short."""
        return k if self.days >= _SURE_DAYS else k * _UNSURE


def expect(history: Sequence[Day], weekday: int, level_from: int = 0) -> Expectation | None:
    """What a day after these is expected to be; None while there are too few.

    Args:
        history: closed days, the oldest first. level_from: the first of them that is of the present level.
    """
    if len(history) < LEARNING_DAYS:
        return None
    logs = [math.log1p(day.value) for day in history]
    effects = _weekday_effects(history, logs)
    levels = [log - effects[day.weekday] for log, day in zip(logs, history, strict=True)]
    recent = levels[max(level_from, len(levels) - _LEVEL_DAYS) :]
    value = max(0.0, math.expm1(median(recent) + effects[weekday]))
    return Expectation(value, _dispersion(history, levels, effects), len(history))


def _weekday_effects(history: Sequence[Day], logs: Sequence[float]) -> list[float]:
    """How far a weekday is from the days around it, as a difference of logarithms; less sure of few days."""
    around = _smoothed(logs)
    off: list[list[float]] = [[] for _ in range(7)]
    for day, log, level in zip(history, logs, around, strict=True):
        off[day.weekday].append(log - level)
    return [median(each) * len(each) / (len(each) + 2) if each else 0.0 for each in off]


def _smoothed(logs: Sequence[float]) -> list[float]:
    """The running median of a week around each day. The first and the last day are repeated at the ends."""
    half = _SMOOTHED // 2
    padded = [logs[0]] * half + list(logs) + [logs[-1]] * half
    window = sorted(padded[:_SMOOTHED])
    smoothed = [window[half]]
    for leaving, coming in zip(padded, padded[_SMOOTHED:], strict=False):
        window.remove(leaving)
        insort(window, coming)
        smoothed.append(window[half])
    return smoothed


def _dispersion(history: Sequence[Day], levels: Sequence[float], effects: Sequence[float]) -> float:
    """From each day's residual against the two weeks before it, held towards 4 while there are few."""
    residuals = []
    window = sorted(levels[:_SMOOTHED])
    for place in range(_SMOOTHED, len(history)):
        expected = max(_LEAST_EXPECTED, math.expm1(_middle(window) + effects[history[place].weekday]))
        residuals.append(abs(history[place].value - expected) / math.sqrt(expected))
        if place >= _LEVEL_DAYS:
            window.remove(levels[place - _LEVEL_DAYS])
        insort(window, levels[place])
    return dispersion_of(residuals, len(history))


def dispersion_of(residuals: Sequence[float], days: int) -> float:
    """How many times Poisson's the variance is, by residuals in units of their root; more with few days of history."""
    seen = (_MAD_TO_SIGMA * median(residuals)) ** 2
    count = len(residuals)
    held = (count * seen + _PRIOR_DAYS * _PRIOR_DISPERSION) / (count + _PRIOR_DAYS)
    return max(held, 1.0) * (1 + _SMOOTHED / days)


def _middle(ordered: Sequence[float]) -> float:
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
