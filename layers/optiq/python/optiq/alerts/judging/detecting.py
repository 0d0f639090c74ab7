"""Which days of a series are odd, day after day, with nothing kept but the days."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

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
        is_new_level: the level has changed in the days that this one was compared with.
    """

    value: float
    expected: Expectation | None
    level_changed: bool = False
    is_new_level: bool = False

    @property
    def score(self) -> float:
        return self.expected.score(self.value) if self.expected else 0.0

    def is_odd(self, k: float) -> bool:
        """Whether it is so far off that somebody should know."""
        if self.expected is None or abs(self.score) < self.expected.threshold(k):
            return False
        usual = self.expected.value
        return abs(self.value - usual) >= _LEAST_SHARE * usual and max(self.value, usual) >= _LEAST_VALUE


@dataclass(frozen=True, slots=True)
class _State:
    """What is known after some days.

    Attributes:
        history: those that later ones are compared with. level_from: the first of them that is of the present level.
        sides: on which the last days were off: 1 for too many, -1 for too few, 0 for neither.
    """

    history: tuple[Day, ...] = ()
    level_from: int = 0
    sides: tuple[int, ...] = ()
    latest: tuple[Day, ...] = ()
    verdict: Verdict | None = None


def judge(days: Sequence[Day], first: int) -> list[Verdict]:
    """What came of each day from the place `first` on.

    A day that is far off enters the history of those after it as what was expected, so that it makes no odd day usual.
    Three of them on one side are a new level: they enter as they are, and the level begins with them.
    """
    state, verdicts = _State(), []
    for place, day in enumerate(days):
        state = _after(state, day)
        if place >= first and state.verdict:
            verdicts.append(state.verdict)
    return verdicts


def judge_last(days: Sequence[Day]) -> Verdict:
    """What came of the last of the days. Those before it are judged once, however many series begin with them."""
    flat = tuple(part for day in days for part in (day.weekday, day.value))
    verdict = _known(flat).verdict
    if verdict is None:
        raise ValueError("there is no day")
    return verdict


@lru_cache(maxsize=2_048)
def _known(flat: tuple[float, ...]) -> _State:
    """What is known after days, each given by its weekday and its value."""
    return _after(_known(flat[:-2]), Day(int(flat[-2]), flat[-1])) if flat else _State()


def _after(before: _State, day: Day) -> _State:
    expected = expect(before.history, day.weekday, before.level_from)
    score = expected.score(day.value) if expected else 0.0
    off = expected is not None and abs(score) >= expected.threshold(_OUTLIER)
    sides = (*before.sides[-_NEW_LEVEL_DAYS + 1 :], (1 if score > 0 else -1) if off else 0)
    latest = (*before.latest[-_NEW_LEVEL_DAYS + 1 :], day)
    changed = off and len(sides) == _NEW_LEVEL_DAYS and len(set(sides)) == 1
    history = (*before.history, Day(day.weekday, expected.value) if expected and off else day)
    level_from = before.level_from
    if changed:
        level_from = len(history) - _NEW_LEVEL_DAYS
        history, sides = (*history[:level_from], *latest), ()
    if len(history) > HISTORY_DAYS:
        history, level_from = history[1:], max(0, level_from - 1)
    return _State(history, level_from, sides, latest, Verdict(day.value, expected, changed, level_from > 0))
