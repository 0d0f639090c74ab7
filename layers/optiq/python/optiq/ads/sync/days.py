"""Which days of an account are read, and what they are by then."""

from collections.abc import Sequence
from datetime import date, timedelta

from optiq.ads.sync.contracts import DayStatus
from optiq.kernel.clock import DAY_MS, HOUR_MS, day_bounds, day_end_ms, day_of, parse_day, parse_timezone

_LATE_MS = 3 * HOUR_MS
"""So long after a day's end the platforms still count clicks of it."""


def window(timezone: str, restate_days: int, now_ms: int) -> tuple[str, str]:
    """The days that a platform may have changed, and today."""
    today = day_of(now_ms, parse_timezone(timezone))
    return (today - timedelta(days=restate_days)).isoformat(), today.isoformat()


def earliest(timezone: str, history_months: int, now_ms: int) -> str:
    """The first day that a platform still knows."""
    today = day_of(now_ms, parse_timezone(timezone))
    months = today.year * 12 + today.month - 1 - history_months
    year, month = divmod(months, 12)
    return date(year, month + 1, min(today.day, 28)).isoformat()


def status_of(day: str, timezone: str, pulled_ms: int, settled_through: str, restate_days: int) -> DayStatus:
    """The status of a day that was read last at an instant."""
    one, zone = parse_day(day), parse_timezone(timezone)
    if pulled_ms < day_end_ms(one, zone) + _LATE_MS:
        return "PROVISIONAL"
    settled_by_then = (day_of(pulled_ms, zone) - timedelta(days=restate_days)).isoformat()
    return "SETTLED" if day <= max(settled_through, settled_by_then) else "SETTLING"


def over_through(timezone: str, at_ms: int) -> str:
    """The last day that was over at an instant, and late clicks of it counted."""
    return (day_of(at_ms - _LATE_MS, parse_timezone(timezone)) - timedelta(days=1)).isoformat()


def latest_turn_ms(timezone: str, hours: Sequence[int], spread_ms: int, now_ms: int) -> int:
    """The last instant that was one of these hours of a day of an account, and the account's own part of the hour."""
    zone = parse_timezone(timezone)
    today = day_of(now_ms, zone)
    midnights_ms = [day_bounds(day, day, zone)[0] for day in (today - timedelta(days=back) for back in range(3))]
    turns = (midnight_ms + hour * HOUR_MS + spread_ms for midnight_ms in midnights_ms for hour in hours)
    return max(turn_ms for turn_ms in turns if turn_ms <= now_ms)


def next_utc_day_ms(now_ms: int) -> int:
    """When the next UTC day begins, and platforms' quotas of a day with it."""
    return now_ms - now_ms % DAY_MS + DAY_MS
