"""What a report may be asked, and the days it covers."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import get_args
from zoneinfo import ZoneInfo

from optiq.attribution.contracts import Model
from optiq.kernel.clock import DAY_MS, day_bounds, day_of, parse_day, require_order
from optiq.kernel.errors import InvalidError
from optiq.reports.contracts import AttributionDimension, SpendDimension

BASE_CURRENCY = "EUR"
"""Rates are units of a currency per one EUR; between two others we go through it."""
MAX_RATE_AGE_DAYS = 7
"""The ECB publishes on working days; a rate older than this is no rate of the day."""
MAX_DAYS = 400
DEFAULT_DAYS = 30

MODELS = tuple(model.value for model in Model)
ATTRIBUTION_DIMENSIONS: tuple[AttributionDimension, ...] = get_args(AttributionDimension)
SPEND_DIMENSIONS: tuple[SpendDimension, ...] = get_args(SpendDimension)


@dataclass(frozen=True, slots=True)
class Offset:
    """From this instant on, the wall clock is this far ahead of UTC."""

    from_ms: int
    seconds: int


@dataclass(frozen=True, slots=True)
class DayRange:
    """Calendar days in a timezone, both ends included."""

    first: date
    last: date
    timezone: ZoneInfo

    @property
    def bounds_ms(self) -> tuple[int, int]:
        """The half-open range of instants [start, end)."""
        return day_bounds(self.first, self.last, self.timezone)

    @property
    def utc_days(self) -> tuple[str, str]:
        """The first and last UTC day that hold any of its instants."""
        start, end = self.bounds_ms
        utc = ZoneInfo("UTC")
        return day_of(start, utc).isoformat(), day_of(end - 1, utc).isoformat()

    @property
    def rate_days(self) -> tuple[str, str]:
        """The first and last day whose rates may count."""
        return (self.first - timedelta(days=MAX_RATE_AGE_DAYS)).isoformat(), self.last.isoformat()

    @property
    def offsets(self) -> tuple[Offset, ...]:
        """The wall clock's offsets from UTC over the range, oldest first; a new one at each change of the clocks."""
        return _offsets_of(self)


@lru_cache(maxsize=1_024)
def _offsets_of(days: DayRange) -> tuple[Offset, ...]:
    """Kept: one answer asks for those of the same days again and again, and looks at each day to find them."""
    start, end = days.bounds_ms
    known = _offset_at(start, days.timezone)
    found = [Offset(start, known)]
    for day_later in range(start, end + DAY_MS, DAY_MS):
        moment = min(day_later, end)
        if (seconds := _offset_at(moment, days.timezone)) != known:
            found.append(Offset(_change_before(moment, known, days.timezone), seconds))
            known = seconds
    return tuple(found)


def _change_before(after_ms: int, old_seconds: int, timezone: ZoneInfo) -> int:
    """The first second of the new offset, which is in force at `after_ms` and was not a day before."""
    before, after = after_ms // 1000 - 86_400, after_ms // 1000
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (middle, after) if _offset_at(middle * 1000, timezone) == old_seconds else (before, middle)
    return after * 1000


def _offset_at(instant_ms: int, timezone: ZoneInfo) -> int:
    offset = datetime.fromtimestamp(instant_ms // 1000, UTC).astimezone(timezone).utcoffset()
    return 0 if offset is None else round(offset.total_seconds())


def read_range(from_day: str, to_day: str, timezone: ZoneInfo) -> DayRange:
    """Raises InvalidError for what is no day, runs backwards or is longer than MAX_DAYS."""
    first, last = _day("from", from_day), _day("to", to_day)
    if first.year < 1971:
        raise InvalidError("days before 1971 cannot be reported")
    require_order(first, last)
    if (last - first).days >= MAX_DAYS:
        raise InvalidError(f"a report may cover at most {MAX_DAYS} days")
    return DayRange(first, last, timezone)


def first_of_recent(last_day: str) -> str:
    """The first of the DEFAULT_DAYS days that end with `last_day`. Raises InvalidError when that is no day."""
    return (_day("to", last_day) - timedelta(days=DEFAULT_DAYS - 1)).isoformat()


def _day(name: str, text: str) -> date:
    try:
        return parse_day(text)
    except InvalidError as error:
        raise InvalidError(f"{name}: {error}") from error


def check_choice(name: str, value: str, allowed: tuple[str, ...]) -> str:
    """Raises InvalidError that says what is allowed."""
    if value not in allowed:
        raise InvalidError(f"'{name}' must be one of {', '.join(allowed)}, not '{value[:40]}'")
    return value
