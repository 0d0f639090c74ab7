"""Odd hours of a count, for rules that ask for hours: two in a row that are far from what is usual at that hour.

The usual is a profile of 168 hours, each drawn to the same hour of all days while there are few weeks of it. Hours
scatter more than days, so an hour has to be further off than a day.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from statistics import median

from optiq.alerts.judging.contracts import Judgement, Side, unjudged
from optiq.alerts.judging.expecting import Expectation, dispersion_of
from optiq.alerts.judging.silence import HOURS_OF_WEEK

HISTORY_HOURS = 28 * 24
K_HOURS = 5.0
IN_A_ROW = 2
_LEARNING_HOURS = 14 * 24
_SHRINKS = 2
_LEAST_EXPECTED = 0.5
_LEAST_SHARE, _LEAST_VALUE = 0.2, 10


def odd_hours(counts: Sequence[float], hour_of_week: int) -> Judgement:
    """Judges the last two hours.

    Args:
        counts: of hours without a gap, the oldest first. hour_of_week: of the last one; 0 is Monday 00:00 to 01:00.
    """
    judged, history = counts[-IN_A_ROW:], counts[-IN_A_ROW - HISTORY_HOURS : -IN_A_ROW]
    if len(history) < _LEARNING_HOURS:
        days = math.ceil((_LEARNING_HOURS - len(history)) / 24)
        return unjudged("LEARNING", f"Learning: {days} more {'day is' if days == 1 else 'days are'} needed.")
    places = [(hour_of_week - back) % HOURS_OF_WEEK for back in range(len(history) + IN_A_ROW - 1, -1, -1)]
    usual = _profile(history, places)
    residuals = [
        abs(count - usual[place]) / math.sqrt(max(_LEAST_EXPECTED, usual[place]))
        for count, place in zip(history, places, strict=False)
    ]
    days_known = len(history) // 24
    expected = [
        Expectation(usual[place], dispersion_of(residuals, days_known), days_known) for place in places[-IN_A_ROW:]
    ]
    scores = [one.score(count) for one, count in zip(expected, judged, strict=True)]
    side: Side = "HIGH" if scores[-1] > 0 else "LOW"
    sign = 1 if side == "HIGH" else -1
    breach = all(sign * score >= K_HOURS for score in scores) and all(map(_matters, judged, expected))
    last = expected[-1]
    bound = last.bound(sign * K_HOURS)
    return Judgement("BREACH" if breach else "FINE", judged[-1], last.value, bound, side, scores[-1])


def _matters(count: float, expected: Expectation) -> bool:
    usual = expected.value
    return abs(count - usual) >= _LEAST_SHARE * usual and max(count, usual) >= _LEAST_VALUE


def _profile(history: Sequence[float], places: Sequence[int]) -> list[float]:
    """What is usual in each hour of the week."""
    by_place: defaultdict[int, list[float]] = defaultdict(list)
    by_hour: defaultdict[int, list[float]] = defaultdict(list)
    for count, place in zip(history, places, strict=False):
        by_place[place].append(count)
        by_hour[place % 24].append(count)
    of_hour = {hour: median(counts) for hour, counts in by_hour.items()}
    return [
        (_weighed(by_place[place]) + _SHRINKS * of_hour[place % 24]) / (len(by_place[place]) + _SHRINKS)
        for place in range(HOURS_OF_WEEK)
    ]


def _weighed(counts: Sequence[float]) -> float:
    return median(counts) * len(counts) if counts else 0.0
