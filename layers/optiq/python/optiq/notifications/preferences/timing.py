"""When a message is sent: at once, with the daily digest, or after quiet hours. Pure."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from optiq.kernel.clock import MINUTE_MS
from optiq.notifications.contracts import Severity
from optiq.notifications.preferences.contracts import Timing

DIGEST_AT = time(8)
GATHER_MS = MINUTE_MS
"""What may wait waits so long for more of the same, so that many become one."""


def due(
    severity: Severity, timing: Timing, now_ms: int, timezone: ZoneInfo, quiet_from: str = "", quiet_until: str = ""
) -> tuple[int, bool]:
    """When a message is due, and whether it waits for a digest or for the end of quiet hours.

    Args:
        quiet_from, quiet_until: times of day such as 22:00 and 07:00, or "".
    """
    if severity == "CRITICAL":
        return now_ms, False
    waits = severity == "INFO" or timing == "DIGEST"
    at_ms = _next(DIGEST_AT, now_ms, timezone) if waits else now_ms + GATHER_MS
    if quiet_from and quiet_until and _is_quiet(at_ms, timezone, quiet_from, quiet_until):
        return _next(time.fromisoformat(quiet_until), at_ms, timezone), True
    return at_ms, waits


def _is_quiet(at_ms: int, timezone: ZoneInfo, quiet_from: str, quiet_until: str) -> bool:
    now = _local(at_ms, timezone).strftime("%H:%M")
    if quiet_from < quiet_until:
        return quiet_from <= now < quiet_until
    return now >= quiet_from or now < quiet_until


def _next(at: time, after_ms: int, timezone: ZoneInfo) -> int:
    """The next instant at which clocks show a time of day. One that they jump over is when they have jumped."""
    day = _local(after_ms, timezone).date()
    for ahead in range(2):
        instant = datetime.combine(day + timedelta(days=ahead), at, timezone)
        if (found_ms := round(instant.timestamp() * 1000)) > after_ms:
            return found_ms
    raise AssertionError("each day has every time of day")


def _local(at_ms: int, timezone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, timezone)
