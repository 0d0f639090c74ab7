"""Days of a report: their bounds in UTC, and the wall clock over them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from optiq.kernel.clock import from_rfc3339
from optiq.kernel.errors import InvalidError
from optiq.reports.domain import DayRange, first_of_recent, read_range

ZONES = ["UTC", "Europe/Berlin", "America/Los_Angeles", "Pacific/Auckland", "Australia/Lord_Howe", "Africa/Casablanca"]


def test_a_zone_without_summer_time_has_one_offset() -> None:
    days = DayRange(date(2026, 1, 1), date(2026, 12, 31), ZoneInfo("Asia/Kathmandu"))
    assert [offset.seconds for offset in days.offsets] == [20_700]


def test_a_change_of_the_clocks_is_found_to_the_second() -> None:
    days = DayRange(date(2026, 3, 1), date(2026, 11, 30), ZoneInfo("America/Los_Angeles"))
    assert [(offset.from_ms, offset.seconds) for offset in days.offsets[1:]] == [
        (from_rfc3339("2026-03-08T10:00:00Z"), -7 * 3600),
        (from_rfc3339("2026-11-01T09:00:00Z"), -8 * 3600),
    ]


@given(
    zone=st.sampled_from(ZONES),
    first=st.dates(date(2000, 1, 1), date(2035, 1, 1)),
    length=st.integers(0, 399),
    place=st.floats(0, 1, exclude_max=True),
)
def test_offsets_say_the_wall_clock_of_every_instant(zone: str, first: date, length: int, place: float) -> None:
    # GIVEN a range and an instant within it
    days = DayRange(first, date.fromordinal(first.toordinal() + length), ZoneInfo(zone))
    start, end = days.bounds_ms
    instant = start + int((end - start) * place)

    # WHEN the last offset before the instant is taken THEN it is the one the timezone has there
    seconds = [offset.seconds for offset in days.offsets if offset.from_ms <= instant][-1]
    local = datetime.fromtimestamp(instant // 1000, UTC).astimezone(ZoneInfo(zone)).utcoffset()
    assert local is not None
    assert seconds == local.total_seconds()
    # AND its UTC day is within the partitions that are read
    assert days.utc_days[0] <= datetime.fromtimestamp(instant // 1000, UTC).date().isoformat() <= days.utc_days[1]


def test_a_year_may_be_reported_and_more_may_not() -> None:
    assert read_range("2025-01-01", "2026-02-04", ZoneInfo("UTC")).utc_days == ("2025-01-01", "2026-02-04")
    with pytest.raises(InvalidError, match="400"):
        read_range("2025-01-01", "2026-02-05", ZoneInfo("UTC"))


def test_recent_days_are_thirty() -> None:
    assert first_of_recent("2026-01-30") == "2026-01-01"
