"""When an account is due, and for what. Every account has its own second, weekday and day of the month.

So a thousand accounts of a timezone do not begin together, and not all of them read a whole month on the same day.
"""

from hashlib import blake2b

from optiq.ads.connections.contracts import AdAccount
from optiq.ads.platforms.registry import kinds
from optiq.ads.sync.contracts import JobKind, Turn
from optiq.ads.sync.days import earliest, latest_turn_ms, window
from optiq.ads.sync.state import AccountState
from optiq.kernel.clock import SECOND_MS, day_of, days_before, parse_timezone

DAILY_HOUR = 4
"""Of the account's day: yesterday is then fairly settled on every platform."""
_INTRADAY_HOURS = (10, 16, 22)
_INTRADAY_DAYS_BACK = 2
_MONTHLY_DAYS_BACK = 90
"""What a platform may still change behind its usual window, such as Google's longest lookback of a conversion."""
_FIRST_MONTHS = 13
"""Read of an account that was just chosen: this month and the one a year ago."""
_HOUR_SECONDS, _WEEK_DAYS, _MONTH_DAYS = 3_600, 7, 28


def due(account: AdAccount, before: AccountState, now_ms: int) -> Turn | None:
    """What an account is due for; what is read every day comes first, and turns that were missed are one."""
    daily_ms = daily_turn_ms(account, now_ms)
    if (before.planned_ms or 0) < daily_ms:
        return Turn(_kind(account, before, daily_ms), daily_ms)
    intraday_ms = latest_turn_ms(account.timezone, _INTRADAY_HOURS, _spread_ms(account), now_ms)
    if intraday_ms > daily_ms and (before.intraday_ms or 0) < intraday_ms:
        return Turn("INTRADAY_SYNC", intraday_ms)
    return None


def daily_turn_ms(account: AdAccount, now_ms: int) -> int:
    """The last instant at which what is read every day was due."""
    return latest_turn_ms(account.timezone, (DAILY_HOUR,), _spread_ms(account), now_ms)


def days_of(kind: JobKind, account: AdAccount, before: AccountState, now_ms: int) -> tuple[str, str]:
    """The days to read for a turn, both included; after an outage also those since the last one that had settled."""
    capabilities, zone = kinds()[account.platform].capabilities, account.timezone
    if kind == "INTRADAY_SYNC":
        return window(zone, _INTRADAY_DAYS_BACK, now_ms)
    back = max(_MONTHLY_DAYS_BACK, capabilities.restate_days) if kind == "MONTHLY_SYNC" else capabilities.restate_days
    first, last = window(zone, back, now_ms)
    if kind == "BACKFILL":
        first = min(first, earliest(zone, _FIRST_MONTHS, now_ms))
    if before.settled_through:
        first = min(first, days_before(before.settled_through, -1))
    return max(first, earliest(zone, capabilities.history_months, now_ms)), last


def _kind(account: AdAccount, before: AccountState, turn_ms: int) -> JobKind:
    if before.planned_ms is None and not before.reads:
        return "BACKFILL"
    today, seed = day_of(turn_ms, parse_timezone(account.timezone)), _seed(account) // _HOUR_SECONDS
    if today.day == 1 + seed // _WEEK_DAYS % _MONTH_DAYS:
        return "MONTHLY_SYNC"
    return "WEEKLY_SYNC" if today.weekday() == seed % _WEEK_DAYS else "DAILY_SYNC"


def _spread_ms(account: AdAccount) -> int:
    return _seed(account) % _HOUR_SECONDS * SECOND_MS


def _seed(account: AdAccount) -> int:
    """The same number for an account at all times."""
    name = f"{account.platform}#{account.external_id}"
    return int.from_bytes(blake2b(name.encode(), digest_size=4).digest(), "big")
