"""Which days of a series are odd, day after day, with nothing kept but the days."""

from collections.abc import Sequence
from dataclasses import dataclass

from optiq.alerts.judging.expecting import Day, Expectation, expect

HISTORY_DAYS = 84
K = {"LOW": 4.5, "MEDIUM": 3.5, "HIGH": 3.0}
"""From how many standard deviations a day is odd, by a rule's sensitivity."""
_OUTLIER = K["MEDIUM"]
_NEW_LEVEL_DAYS = 3
_LEAST_SHARE, _LEAST_VALUE = 0.2, 10
"""A day has to be off by a fifth, and it or what was expected has to be ten: less is nobody's concern."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a day.

    Attributes:
        expected: None while the history is too short.
        level_changed: the day is the third in a row that is off on one side. From here on this is the usual.
    """

    value: float
    expected: Expectation | None
    level_changed: bool = False

    @property
    def score(self) -> float:
        return self.expected.score(self.value) if self.expected else 0.0

    def is_odd(self, k: float) -> bool:
        """Whether it is so far off that somebody should know."""
        if self.expected is None or abs(self.score) < self.expected.threshold(k):
            return False
        usual = self.expected.value
        return abs(self.value - usual) >= _LEAST_SHARE * usual and max(self.value, usual) >= _LEAST_VALUE


def judge(days: Sequence[Day], first: int) -> list[Verdict]:
    """What came of each day from the place `first` on.

    A day that is far off enters the history of those after it as what was expected, so that it makes no odd day usual.
    Three of them on one side are a new level: they enter as they are, and the level begins with them.
    """
    history: list[Day] = []
    verdicts: list[Verdict] = []
    sides: list[int] = []
    level_from = 0
    for place, day in enumerate(days):
        expected = expect(history, day.weekday, level_from)
        score = expected.score(day.value) if expected else 0.0
        off = expected is not None and abs(score) >= expected.threshold(_OUTLIER)
        sides = [*sides[-_NEW_LEVEL_DAYS + 1 :], (1 if score > 0 else -1) if off else 0]
        changed = off and len(sides) == _NEW_LEVEL_DAYS and len(set(sides)) == 1
        history.append(Day(day.weekday, expected.value) if expected and off else day)
        if changed:
            level_from = len(history) - _NEW_LEVEL_DAYS
            history[level_from:] = days[place + 1 - _NEW_LEVEL_DAYS : place + 1]
            sides = []
        if len(history) > HISTORY_DAYS:
            history.pop(0)
            level_from = max(0, level_from - 1)
        if place >= first:
            verdicts.append(Verdict(day.value, expected, changed))
    return verdicts
