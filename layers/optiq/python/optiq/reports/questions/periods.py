"""Periods as a question names them, such as `last30d` or `2026-01-01..2026-01-31`, and what they are compared with."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from optiq.kernel.clock import parse_day
from optiq.kernel.errors import InvalidError
from optiq.reports.domain import DayRange, read_range
from optiq.reports.questions.wrong import wrong

COMPARISONS = ("NONE", "PREVIOUS_PERIOD", "SAME_WEEKDAYS", "PREVIOUS_YEAR")
DEFAULT_PERIOD = "last30d"
_LAST = re.compile(r"last([1-9][0-9]{0,2})d")
_YEAR_DAYS = 364
"""52 weeks: a Monday is compared with a Monday."""


def _month(day: date) -> date:
    return day.replace(day=1)


def _quarter(day: date) -> date:
    return date(day.year, day.month - (day.month - 1) % 3, 1)


def _year(day: date) -> date:
    return date(day.year, 1, 1)


def _week(day: date) -> date:
    return day - timedelta(days=day.weekday())


_STARTS: Mapping[str, Callable[[date], date]] = {"week": _week, "month": _month, "quarter": _quarter, "year": _year}
NAMED = ("today", "yesterday", *(f"{which}_{what}" for what in _STARTS for which in ("this", "last")))


def period_days(period: str, today: date, timezone: ZoneInfo) -> DayRange:
    """The days of a period: `last7d` to `last400d`, today included; one of NAMED; or `<first>..<last>`.

    What began and has not ended, such as `this_month`, ends today.

    Raises:
        InvalidError: the message begins with `period`.
    """
    if found := _LAST.fullmatch(period):
        return _range("period", today - timedelta(days=int(found[1]) - 1), today, timezone)
    if period in ("today", "yesterday"):
        day = today - timedelta(days=period == "yesterday")
        return _range("period", day, day, timezone)
    if period in NAMED:
        which, _, what = period.partition("_")
        start = _STARTS[what](today)
        before = _STARTS[what](start - timedelta(days=1))
        first, last = (start, today) if which == "this" else (before, start - timedelta(days=1))
        return _range("period", first, last, timezone)
    return _written("period", period, timezone, f"last30d, {', '.join(NAMED)} or 2026-01-01..2026-01-31")


def compared_days(compare: str, days: DayRange) -> DayRange | None:
    """The days that a period is compared with: one of COMPARISONS, or `<first>..<last>`; None for NONE.

    Raises:
        InvalidError: the message begins with `compare`.
    """
    count = (days.last - days.first).days + 1
    back = {"NONE": 0, "PREVIOUS_PERIOD": count, "SAME_WEEKDAYS": -(-count // 7) * 7, "PREVIOUS_YEAR": _YEAR_DAYS}
    if compare not in back:
        return _written("compare", compare, days.timezone, f"{', '.join(COMPARISONS)} or 2025-01-01..2025-01-31")
    if not back[compare]:
        return None
    shift = timedelta(days=back[compare])
    return _range("compare", days.first - shift, days.last - shift, days.timezone)


def _written(field: str, text: str, timezone: ZoneInfo, valid: str) -> DayRange:
    first, dots, last = text.partition("..")
    if not dots:
        raise wrong(field, f"'{text[:40]}' is unknown; use {valid}")
    try:
        return _range(field, parse_day(first), parse_day(last), timezone)
    except InvalidError as error:
        raise error if error.fields else wrong(field, str(error)) from error


def _range(field: str, first: date, last: date, timezone: ZoneInfo) -> DayRange:
    try:
        return read_range(first.isoformat(), last.isoformat(), timezone)
    except InvalidError as error:
        raise wrong(field, str(error)) from error
