"""What a period is expected to end with. Pure.

The last days, each of 24 whole hours up to now, say what the coming ones bring: those of the same weekday where two
weeks are known, else all alike. The band follows from how far the known days were off, and widens with what is left.
"""

from collections.abc import Mapping
from math import sqrt

from optiq.billing.usage.contracts import UsageForecast
from optiq.kernel.clock import DAY_MS, HOUR_MS

LOOK_BACK_DAYS = 28
_LEAST_DAYS = 2
_WEEK = 7
_BAND = 1.2816
"""Standard deviations to each side, within which four of five normal values are."""


def forecast(hours: Mapping[int, int], start_ms: int, end_ms: int, now_ms: int) -> UsageForecast | None:
    """The events of [start, end) when it ends; None before there are two days to judge by.

    Args:
        hours: events by the instant their hour begins at, of LOOK_BACK_DAYS before now and of the period.
    """
    used = sum(events for hour_ms, events in hours.items() if start_ms <= hour_ms < end_ms)
    if now_ms >= end_ms:
        return UsageForecast(used, used, used)
    past = _past_days(hours, now_ms)
    if len(past) < _LEAST_DAYS:
        return None
    every = _WEEK if len(past) >= 2 * _WEEK else 1
    usual = [_mean(past[place::every]) for place in range(every)]
    rest = sum(share * usual[-(day + 1) % every] for day, share in enumerate(_days_left(end_ms - now_ms)))
    off = sum((events - usual[place % every]) ** 2 for place, events in enumerate(past))
    left = (end_ms - now_ms) / DAY_MS
    each = sqrt(off / max(len(past) - every, 1))
    # The days themselves vary, and so does what the known ones say of the usual day.
    band = _BAND * each * sqrt(left + left * left / len(past))
    return UsageForecast(round(used + rest), round(used + max(rest - band, 0)), round(used + rest + band))


def _past_days(hours: Mapping[int, int], now_ms: int) -> list[int]:
    """Events of the last days, the newest first, back to the first hour that had any."""
    until_ms = now_ms - now_ms % HOUR_MS
    known = [hour_ms for hour_ms, events in hours.items() if events and hour_ms < until_ms]
    if not known:
        return []
    days = min((until_ms - min(known)) // DAY_MS, LOOK_BACK_DAYS)
    found = [0] * days
    for hour_ms in known:
        place = (until_ms - 1 - hour_ms) // DAY_MS
        if place < days:
            found[place] += hours[hour_ms]
    return found


def _days_left(left_ms: int) -> list[float]:
    """Whole days as 1, and what is left of the last."""
    whole, rest = divmod(left_ms, DAY_MS)
    return [1.0] * whole + ([rest / DAY_MS] if rest else [])


def _mean(values: list[int]) -> float:
    return sum(values) / len(values)
