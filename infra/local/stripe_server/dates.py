"""Boundaries of periods as Stripe has them: the anchor's day, or the last one of a shorter month, at the same time."""

import calendar
from datetime import UTC, datetime


def after(anchor: int, months: int) -> int:
    """The second so many months after an anchor."""
    start = datetime.fromtimestamp(anchor, UTC)
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return int(start.replace(year=year, month=month + 1, day=day).timestamp())
