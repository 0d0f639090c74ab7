"""When something happened, in the spellings that senders use for it. The management API stays strict (`kernel.clock`).

What has no time zone is UTC. A number counts from 1970; its unit is the one in which it lies between 2000 and 2100, so
seconds in a field of milliseconds are seconds. Days of ambiguous spelling (03/04/2026) are not guessed.
"""

import re
from datetime import UTC, datetime
from decimal import Decimal

from optiq.kernel.clock import from_rfc3339
from optiq.kernel.errors import InvalidError

UNDATED = (None, "")
"""What says nothing of an instant."""
FIRST_MS = 946_684_800_000
"""2000-01-01: what is dated before is a clock that was never set, or a value of another unit."""
_LAST_MS = 4_102_444_800_000
_PER_MS = (Decimal("0.001"), Decimal(1), Decimal(1_000), Decimal(1_000_000))
"""How many seconds, milliseconds, microseconds and nanoseconds one millisecond has."""

_LONGEST = 100
_NUMBER = re.compile(r"[0-9]{1,20}(\.[0-9]{1,20})?")
_DOT_NET = re.compile(r"/Date\(([0-9]{1,20})([+-][0-9]{4})?\)/")
_ZONE_NAME = re.compile(r"(.*(?:[zZ]|[+-][0-9]{2}:?[0-9]{2}))\s*(?:\[[^\[\]]*\]|\([^()]*\))", re.DOTALL)
_UTC = re.compile(r"\s*\b(?:UTC|GMT)(?: m=[+\-0-9.]+)?$")
_BEFORE_OFFSET = re.compile(r"(?<=[0-9])\s+(?=[+-][0-9]{2}:?[0-9]{2}$)")
_YEAR_FIRST = re.compile(r"^([0-9]{4})[/-]([0-9]{1,2})[/-]([0-9]{1,2})(?![0-9])")
_LEAP_SECOND = re.compile(r"(:[0-9]{2}):60")
_WRITTEN_OUT = (
    "%a %b %d %Y %H:%M:%S GMT%z",
    "%a %b %d %Y %H:%M:%S",
    "%a, %d %b %Y %H:%M:%S%z",
    "%a, %d %b %Y %H:%M:%S",
    "%a %b %d %H:%M:%S %Y",
    "%d %b %Y %H:%M:%S%z",
    "%d %b %Y %H:%M:%S",
)
"""JavaScript's Date.toString, RFC 1123 and 2822, C's asctime."""


def read_instant(field: str, value: object, warnings: list[str]) -> int | None:
    """Milliseconds since 1970, or None for nothing, and, with a warning, for what cannot be read."""
    if value in UNDATED:
        return None
    try:
        return from_rfc3339(value)  # type: ignore[arg-type] # what is no text is caught
    except (InvalidError, TypeError):
        instant_ms = _read(value)
    if instant_ms is None:
        warnings.append(f"{field}: is not an instant such as 2026-01-31T09:30:00Z; left out")
    return instant_ms


def _read(value: object) -> int | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = f"{value:f}" if isinstance(value, float) else str(value)
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    text = value.strip(" \t\r\n\"'")
    if found := _DOT_NET.fullmatch(text):
        text = found[1]
    if _NUMBER.fullmatch(text):
        return _counted(text) or _compact(text)
    return _iso(text) if text else None


def _counted(text: str) -> int | None:
    number = Decimal(text)
    for per_ms in _PER_MS:
        if FIRST_MS <= number / per_ms < _LAST_MS:
            return int(number / per_ms)
    return None


def _compact(text: str) -> int | None:
    """20260131093000 is 2026-01-31 09:30:00."""
    if len(text) != len("20260131093000") or not text.isdecimal():
        return None
    return _iso(f"{text[:8]}T{text[8:]}")


def _iso(text: str) -> int | None:
    zone = _ZONE_NAME.fullmatch(text)
    plain = _BEFORE_OFFSET.sub("", _UTC.sub("", zone[1] if zone else text))
    plain = _LEAP_SECOND.sub(r"\1:59", _YEAR_FIRST.sub(_dashed, plain))
    try:
        return from_rfc3339(plain.upper())
    except InvalidError:
        return _written_out(plain)


def _dashed(found: re.Match[str]) -> str:
    year, month, day = found.groups()
    return f"{year}-{month:0>2}-{day:0>2}"


def _written_out(text: str) -> int | None:
    for form in _WRITTEN_OUT:
        try:
            moment = datetime.strptime(text, form)  # noqa: DTZ007 - the zone is set below
        except ValueError:
            continue
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        try:
            return from_rfc3339(moment.isoformat())
        except InvalidError:
            return None
    return None
