"""NO_DATA: nothing comes in although it should."""

from collections.abc import Mapping, Sequence
from statistics import median

from optiq.alerts.judging.contracts import Judgement, unjudged

WINDOWS_HOURS = (1, 3, 6, 12, 24)
ENOUGH_EVENTS = 20
HOURS_OF_WEEK = 168


def silence(profile: Mapping[int, float], hour_of_week: int, quiet_hours: int) -> Judgement:
    """Judges how long nothing has come in.

    Args:
        profile: events usual in each hour of the week; 0 is Monday 00:00 to 01:00 in the site's timezone.
        hour_of_week: the last hour that is over. quiet_hours: whole hours up to it without an event.
    """
    window = _window(profile, hour_of_week)
    if window is None:
        return unjudged("TOO_LITTLE", f"Fewer than {ENOUGH_EVENTS} events are usual in a day.")
    usual = _expected(profile, hour_of_week, window)
    return Judgement(
        "BREACH" if quiet_hours >= window else "FINE", float(quiet_hours), 0.0, float(window), "HIGH", usual
    )


def _window(profile: Mapping[int, float], hour_of_week: int) -> int | None:
    """The shortest time in which so many events are usual that none is a fault."""
    return next((hours for hours in WINDOWS_HOURS if _expected(profile, hour_of_week, hours) >= ENOUGH_EVENTS), None)


def _expected(profile: Mapping[int, float], hour_of_week: int, hours: int) -> float:
    return sum(profile.get((hour_of_week - back) % HOURS_OF_WEEK, 0.0) for back in range(hours))


def usual_week(hours: Sequence[tuple[int, float]]) -> dict[int, float]:
    """The profile of a week: the median of each hour of the week over what was counted, as (hour of week, events)."""
    by_hour: dict[int, list[float]] = {}
    for hour, events in hours:
        by_hour.setdefault(hour, []).append(events)
    return {hour: float(median(counts)) for hour, counts in by_hour.items()}
