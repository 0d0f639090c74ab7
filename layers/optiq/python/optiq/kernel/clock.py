"""Time as the project holds it: whole milliseconds since the Unix epoch, UTC.

Instants are RFC 3339 with milliseconds on the wire; days are calendar days in a named timezone.
"""

import os
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from optiq.kernel.errors import InvalidError

Clock = Callable[[], int]
"""Returns the current instant in milliseconds; passed in, so that a test or a demonstration can choose it."""

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS

_DAY = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
_FIRST_YEAR, _LAST_YEAR = 1970, 2200
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


# For demonstrations that span several days on one machine; never set on AWS.
_offset_ms = int(os.environ.get("OPTIQ_CLOCK_OFFSET_MS", "0"))


def system_clock() -> int:
    return time.time_ns() // 1_000_000 + _offset_ms


def to_rfc3339(instant_ms: int) -> str:
    """1767225600123 -> '2026-01-01T00:00:00.123Z'."""
    moment = _EPOCH + timedelta(milliseconds=instant_ms)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def to_rfc3339_or_none(instant_ms: int | None) -> str | None:
    """None for what has not happened, or has no end."""
    return None if instant_ms is None else to_rfc3339(instant_ms)


def utc_day(instant_ms: int) -> str:
    """The calendar day of an instant in UTC, such as 2026-01-31."""
    return iso_day(instant_ms // DAY_MS)


@lru_cache(maxsize=1_024)
def iso_day(number: int) -> str:
    """A UTC day, such as 2026-01-31, by its number from 1970-01-01, which is 0."""
    return (_EPOCH.date() + timedelta(days=number)).isoformat()


@lru_cache(maxsize=1_024)
def day_number(day: str) -> int:
    """The number of a UTC day such as 2026-01-31, counted from 1970-01-01."""
    return (date.fromisoformat(day) - _EPOCH.date()).days


def from_rfc3339(text: str) -> int:
    """Milliseconds since the epoch; an instant without an offset is read as UTC.

    Raises:
        InvalidError: not an RFC 3339 instant, or outside the years 1970 to 9999.
    """
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        # In UTC, where an instant of the year 9999 may be of the year after.
        instant_ms = (moment.astimezone(UTC) - _EPOCH) // timedelta(milliseconds=1)
    except (ValueError, OverflowError) as error:
        raise InvalidError(f"'{text[:40]}' is not an RFC 3339 instant such as 2026-01-31T09:30:00Z") from error
    if instant_ms < 0:
        raise InvalidError(f"'{text[:40]}' is before 1970")
    return instant_ms


def parse_day(text: str) -> date:
    """Raises InvalidError when `text` is not a calendar day such as 2026-01-31, between 1970 and 2200."""
    try:
        # date.fromisoformat would take week dates too.
        day = date.fromisoformat(text) if _DAY.match(text) else None
    except ValueError:
        day = None
    if day is None or not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise InvalidError(
            f"'{text[:40]}' is not a calendar day such as 2026-01-31, between {_FIRST_YEAR} and {_LAST_YEAR}"
        )
    return day


def days_before(day: str, days: int) -> str:
    """The day so many days before a day, or after it where they are less than 0."""
    return (parse_day(day) - timedelta(days=days)).isoformat()


def each_day(first: date, last: date) -> Iterator[date]:
    """The days of a range, both ends included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def halves(first: str, last: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """A range of two days and more as two ranges. Both ends of each are included."""
    middle = days_before(last, (parse_day(last) - parse_day(first)).days // 2)
    return (first, days_before(middle, 1)), (middle, last)


def require_order(first: date, last: date) -> None:
    """Raises InvalidError when a range of days runs backwards."""
    if first > last:
        raise InvalidError(f"'from' ({first}) must not be after 'to' ({last})")


def parse_timezone(name: str) -> ZoneInfo:
    """Raises InvalidError when `name` is not an IANA timezone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidError(f"'{name[:60]}' is not an IANA timezone such as Europe/Berlin") from error


def day_of(instant_ms: int, timezone: ZoneInfo) -> date:
    """The calendar day on which an instant falls in a timezone."""
    return (_EPOCH + timedelta(milliseconds=instant_ms)).astimezone(timezone).date()


def day_bounds(first: date, last: date, timezone: ZoneInfo) -> tuple[int, int]:
    """The half-open range [start, end) in milliseconds that covers both days, in a timezone."""
    start = datetime(first.year, first.month, first.day, tzinfo=timezone)
    after = last + timedelta(days=1)
    end = datetime(after.year, after.month, after.day, tzinfo=timezone)
    return int(start.timestamp() * 1000), int(end.timestamp() * 1000)


def day_end_ms(day: date, timezone: ZoneInfo) -> int:
    """When a day ends in a timezone: the first instant of the next."""
    return day_bounds(day, day, timezone)[1]


def parse_as_of(text: str, timezone: ZoneInfo, now_ms: int) -> int | None:
    """The instant of an RFC 3339 text, or the last one of a day in the timezone; None for "".

    Raises:
        InvalidError: neither, or after today: nobody knows yet how things will be then.
    """
    if not text:
        return None
    try:
        as_of_ms = from_rfc3339(text) if len(text) > len("2026-01-31") else day_end_ms(parse_day(text), timezone) - 1
    except InvalidError as error:
        raise InvalidError(f"as_of: {error}") from error
    today = day_of(now_ms, timezone)
    if as_of_ms >= day_end_ms(today, timezone):
        raise InvalidError(f"as_of: '{text[:40]}' is in the future; the latest day is today, {today}")
    return as_of_ms
