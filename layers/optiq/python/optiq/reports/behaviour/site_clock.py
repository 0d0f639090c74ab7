"""The site's calendar in SQL, over instants `t` in milliseconds since 1970 (UTC).

AT TIME ZONE means different things in the two engines, so the offsets of the clock stand in the text.
"""

from collections.abc import Sequence
from typing import Literal

from optiq.reports.domain import Offset

Bucket = Literal["DAY", "WEEK", "MONTH"]
_DAY_MS = 86_400_000
_MONDAY = 3
"""1970-01-01, day 0, was a Thursday."""


def day_number(t: str, offsets: Sequence[Offset]) -> str:
    """SQL of the site's day that an instant falls on, counted from 1970-01-01."""
    return f"CAST(floor(({t} + {_offset_ms(t, offsets)}) / {_DAY_MS}.0) AS BIGINT)"


def bucket_number(bucket: Bucket, t: str, offsets: Sequence[Offset]) -> str:
    """SQL of the day, week (from Monday) or month that an instant falls on; numbers run without gaps."""
    day = day_number(t, offsets)
    if bucket == "DAY":
        return day
    if bucket == "WEEK":
        return f"CAST(floor(({day} + {_MONDAY}) / 7.0) AS BIGINT)"
    date = f"date_add('day', {day}, DATE '1970-01-01')"
    return f"(CAST(year({date}) AS BIGINT) * 12 + CAST(month({date}) AS BIGINT) - 1)"


def _offset_ms(t: str, offsets: Sequence[Offset]) -> str:
    first, *later = offsets
    if not later:
        return str(first.seconds * 1000)
    cases = "".join(f" WHEN {t} >= {offset.from_ms} THEN {offset.seconds * 1000}" for offset in reversed(later))
    return f"(CASE{cases} ELSE {first.seconds * 1000} END)"
