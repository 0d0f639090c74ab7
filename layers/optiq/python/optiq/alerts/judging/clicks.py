"""CLICK_ANOMALY, and any other count whose odd days somebody wants to know."""

from collections.abc import Sequence

from optiq.alerts.judging.contracts import DayValues, Judgement, learning, unjudged
from optiq.alerts.judging.detecting import judge_last
from optiq.alerts.judging.expecting import Day


def odd_count(days: Sequence[DayValues], metric: str, k: float) -> Judgement:
    """Judges the last of the days, too many and too few. `k` is how many standard deviations are odd."""
    if not days or days[-1].excluded or days[-1].value(metric) is None:
        return unjudged("NO_DATA", "The number of the day is not known.")
    known = [
        Day(day.day.weekday(), value) for day in days if not day.excluded and (value := day.value(metric)) is not None
    ]
    verdict = judge_last(known)
    if verdict.expected is None:
        return learning(len(known))
    usual = verdict.expected.value
    side = "HIGH" if verdict.value > usual else "LOW"
    bound = verdict.expected.bound(verdict.expected.threshold(k) * (1 if side == "HIGH" else -1))
    return Judgement(
        "BREACH" if verdict.is_odd(k) else "FINE",
        verdict.value,
        usual,
        bound,
        "HIGH" if side == "HIGH" else "LOW",
        verdict.score,
        level_changed=verdict.level_changed,
    )
