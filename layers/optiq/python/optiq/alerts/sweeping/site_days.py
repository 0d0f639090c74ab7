"""Which days of a site may be judged: those that are over, and of which all numbers have come."""

from collections.abc import Sequence
from datetime import date, timedelta

from optiq.kernel.clock import HOUR_MS, MINUTE_MS, day_end_ms, day_of, parse_timezone
from optiq.reports.questions.api import CATALOGUE

_OWN_MS, _OF_PLATFORMS_MS, _CLAIMED_MS = 30 * MINUTE_MS, 6 * HOUR_MS, 24 * HOUR_MS
"""How long after a day's end its numbers still change: our own, spend and clicks, and what platforms claim. Google has
spend within 3 hours and conversions within 15 (support.google.com/google-ads/answer/2544985)."""


def settle_ms(columns: Sequence[str]) -> int:
    """How long after its end a day is judged that has these metrics."""
    if any(column.startswith("claimed") for column in columns):
        return _CLAIMED_MS
    return _OF_PLATFORMS_MS if any(CATALOGUE.metrics[one].source == "ads" for one in columns) else _OWN_MS


def last_settled(timezone: str, columns: Sequence[str], until_ms: int, now_ms: int) -> date:
    """The last day of which everything has come.

    Args:
        until_ms: what came in until then is counted.
    """
    zone = parse_timezone(timezone)
    day = day_of(now_ms - settle_ms(columns), zone) - timedelta(days=1)
    while day_end_ms(day, zone) > until_ms:
        day -= timedelta(days=1)
    return day
