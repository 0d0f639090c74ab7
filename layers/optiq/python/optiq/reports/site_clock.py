"""The site's calendar in SQL, over instants in milliseconds since 1970 (UTC).

AT TIME ZONE means different things in the two engines, so the offsets of the clock stand in the text.
"""

from collections.abc import Sequence
from typing import Literal

from optiq.reports.domain import Offset

Bucket = Literal["DAY", "WEEK", "MONTH"]
_DAY_MS, _HOUR_MS = 86_400_000, 3_600_000
_MONDAY = 3
"""1970-01-01, day 0, was a Thursday."""


def milliseconds(timestamp: str) -> str:
    """SQL of a timestamp's instant."""
    return f"date_diff('millisecond', TIMESTAMP '1970-01-01 00:00:00', {timestamp})"


def day_number(t: str, offsets: Sequence[Offset]) -> str:
    """SQL of the site's day that an instant falls on, counted from 1970-01-01."""
    return f"CAST(floor(({local_ms(t, offsets)}) / {_DAY_MS}.0) AS BIGINT)"


def hour_number(t: str, offsets: Sequence[Offset]) -> str:
    """SQL of the hour by the site's clock that an instant falls in, counted from 1970-01-01T00:00."""
    return f"CAST(floor(({local_ms(t, offsets)}) / {_HOUR_MS}.0) AS BIGINT)"


def bucket_of_day(bucket: Bucket, day: str) -> str:
    """SQL of the day, week (from Monday) or month that holds a day; numbers run without gaps."""
    if bucket == "DAY":
        return day
    if bucket == "WEEK":
        return f"CAST(floor(({day} + {_MONDAY}) / 7.0) AS BIGINT)"
    date = f"date_add('day', {day}, DATE '1970-01-01')"
    return f"(CAST(year({date}) AS BIGINT) * 12 + CAST(month({date}) AS BIGINT) - 1)"


def bucket_number(bucket: Bucket, t: str, offsets: Sequence[Offset]) -> str:
    """SQL of the bucket that an instant falls on."""
    return bucket_of_day(bucket, day_number(t, offsets))


def local_ms(t: str, offsets: Sequence[Offset]) -> str:
    """SQL of an instant by the wall clock of the site."""
    first, *later = offsets
    if not later:
        return f"{t} + {first.seconds * 1000}"
    cases = "".join(f" WHEN {t} >= {offset.from_ms} THEN {offset.seconds * 1000}" for offset in reversed(later))
    return f"{t} + (CASE{cases} ELSE {first.seconds * 1000} END)"
