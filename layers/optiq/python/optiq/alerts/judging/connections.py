"""CONNECTION_ERROR, and NO_DATA of a connection: numbers of an advertising platform do not come, or are nothing."""

from collections.abc import Sequence
from statistics import mean, median

from optiq.alerts.judging.contracts import DayValues, Judgement, unjudged
from optiq.alerts.judging.silence import ENOUGH_EVENTS

MOST_FAILURES = 3
MOST_LATE_HOURS = 36
_WEEK, _WEEKS = 7, 4
_METRIC = "impressions"


def connection_error(title: str, reason: str, failures: int, failing: str, late_hours: float | None) -> Judgement:
    """Judges whether a connection needs somebody; `why` says in a sentence what is wrong.

    Args:
        title: of the platform. reason: why its permission does not last; "" for none.
        failures: in a row. failing: how, the last time. late_hours: since the last whole day; None where none is known.
    """
    if reason:
        return _breach(1, 1, reason[:1].upper() + reason[1:])
    if failures >= MOST_FAILURES:
        why = f"{title} could not be read {failures} times in a row"
        return _breach(failures, MOST_FAILURES, f"{why}: {failing}" if failing else why)
    if late_hours is not None and late_hours > MOST_LATE_HOURS:
        return _breach(round(late_hours), MOST_LATE_HOURS, f"The numbers of {title} are {late_hours:.0f} hours late")
    return Judgement("FINE", 0.0, 0.0, 1.0, "HIGH")


def silent_day(title: str, days: Sequence[DayValues]) -> Judgement:
    """Judges whether ads of a platform that are usually seen were not seen by anybody on the last of the days."""
    known = [day for day in days if not day.excluded and day.value(_METRIC) is not None]
    if not known or known[-1] is not days[-1]:
        return unjudged("NO_DATA", "The impressions of the day are not known.")
    before, last = known[-1 - _WEEK * _WEEKS : -1], known[-1]
    if len(before) < _WEEK:
        return unjudged("LEARNING", "A week of days is needed.")
    same = [_count(day) for day in before if day.day.weekday() == last.day.weekday()]
    usual = median(same) if len(same) > 1 else mean(map(_count, before))
    if usual < ENOUGH_EVENTS:
        return unjudged("TOO_LITTLE", f"Fewer than {ENOUGH_EVENTS} impressions are usual in a day.")
    seen = _count(last)
    return Judgement(
        "FINE" if seen else "BREACH", seen, usual, 0.0, "LOW", why="" if seen else f"No ad of {title} was seen"
    )


def _breach(value: float, bound: float, why: str) -> Judgement:
    return Judgement("BREACH", float(value), 0.0, float(bound), "HIGH", why=why)


def _count(day: DayValues) -> float:
    return day.value(_METRIC) or 0.0
