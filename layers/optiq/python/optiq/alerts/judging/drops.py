"""CONVERSION_DROP: fewer conversions than usual, by more than chance."""

from collections.abc import Sequence
from statistics import mean, median

from optiq.alerts.judging.contracts import DayValues, Judgement, learning, unjudged
from optiq.alerts.judging.detecting import HISTORY_DAYS, Verdict, judge_last
from optiq.alerts.judging.expecting import LEARNING_DAYS, Day, Expectation, expect

_ENOUGH = 10
"""Fewer expected conversions say nothing by themselves: days are put together until there are so many."""
_MOST_DAYS = 7
_SCORE = -2.5
_FEWEST_WEEKS, _MOST_WEEKS = 4, 8
_METRIC = "conversions"


def conversion_drop(days: Sequence[DayValues], percent: int, comparison_days: int) -> Judgement:
    """Judges the last of the days: together with those before it while few conversions are usual.

    Args:
        days: the oldest first. percent: so many percent fewer than usual are a breach.
        comparison_days: so many days before are the usual while there are less than four of the same weekday.
    """
    known = [day for day in days if not day.excluded and day.value(_METRIC) is not None]
    if not known or known[-1] is not days[-1]:
        return unjudged("NO_DATA", "The number of conversions is not known.")
    if len(known) <= LEARNING_DAYS:
        return learning(len(known))
    verdict = judge_last([Day(day.day.weekday(), _count(day)) for day in known])
    if verdict.is_new_level and verdict.expected and verdict.expected.value >= _ENOUGH:
        return _of_new_level(verdict, verdict.expected, percent)
    for count in range(1, _MOST_DAYS + 1):
        before, judged = known[:-count], known[-count:]
        usual = sum(_usual(before, day, comparison_days) for day in judged)
        if usual >= _ENOUGH:
            return _judged(before[-HISTORY_DAYS:], judged, usual, percent)
    return unjudged("TOO_LITTLE", f"Fewer than {_ENOUGH} conversions are usual in {_MOST_DAYS} days.")


def _of_new_level(verdict: Verdict, expected: Expectation, percent: int) -> Judgement:
    """Weeks before the level changed say nothing of the days since."""
    value, usual, score = verdict.value, expected.value, verdict.score
    bound = usual * (1 - percent / 100)
    breach = value < bound and score <= _SCORE
    return Judgement(
        "BREACH" if breach else "FINE", value, usual, bound, "LOW", score, level_changed=verdict.level_changed
    )


def _judged(before: Sequence[DayValues], judged: Sequence[DayValues], usual: float, percent: int) -> Judgement:
    history = [Day(day.day.weekday(), _count(day)) for day in before]
    expected = [found for day in judged if (found := expect(history, day.day.weekday())) is not None]
    if len(expected) < len(judged):
        return learning(len(history))
    value = sum(_count(day) for day in judged)
    # Independent days: their sum scatters as much more than Poisson's law as each of them.
    together = Expectation(sum(each.value for each in expected), expected[0].dispersion, expected[0].days)
    score, bound = together.score(value), usual * (1 - percent / 100)
    breach = value < bound and score <= _SCORE
    return Judgement("BREACH" if breach else "FINE", value, usual, bound, "LOW", score)


def _usual(before: Sequence[DayValues], day: DayValues, comparison_days: int) -> float:
    """The median of the same weekday; with fewer than four of them the mean of the days before."""
    first = day.day.toordinal() - _MOST_WEEKS * 7
    same = [
        _count(each) for each in before if each.day.toordinal() >= first and each.day.weekday() == day.day.weekday()
    ]
    return median(same) if len(same) >= _FEWEST_WEEKS else mean(_count(each) for each in before[-comparison_days:])


def _count(day: DayValues) -> float:
    return day.value(_METRIC) or 0.0
