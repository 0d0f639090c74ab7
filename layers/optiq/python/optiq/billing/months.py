"""Months counted from an instant: the boundaries of billing periods, in UTC.

A month that has no such day ends at its last: after January 31 come February 28, March 31, April 30.
"""

from calendar import monthrange
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def months_after(anchor_ms: int, months: int) -> int:
    """The instant so many months after an anchor, at the same time of day."""
    anchor = _EPOCH + timedelta(milliseconds=anchor_ms)
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    day = min(anchor.day, monthrange(year, month + 1)[1])
    return (anchor.replace(year=year, month=month + 1, day=day) - _EPOCH) // _MILLISECOND


def period_at(anchor_ms: int, at_ms: int, months: int = 1) -> tuple[int, int]:
    """The period that an instant is in, from its start to before its end.

    Args:
        months: of a period.
    """
    anchor, moment = (_EPOCH + timedelta(milliseconds=each) for each in (anchor_ms, at_ms))
    passed = ((moment.year - anchor.year) * 12 + moment.month - anchor.month) // months
    if months_after(anchor_ms, passed * months) > at_ms:
        passed -= 1
    return months_after(anchor_ms, passed * months), months_after(anchor_ms, (passed + 1) * months)
