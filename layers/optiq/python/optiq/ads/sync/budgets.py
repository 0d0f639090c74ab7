"""A platform's quota of operations for a UTC day, shared by all organizations of a system."""

from optiq.ads import keys
from optiq.ads.platforms.registry import kinds, setting
from optiq.ads.sync.records import BudgetRecord
from optiq.kernel.clock import DAY_MS, SECOND_MS, utc_day
from optiq.kernel.table import Update, update_if

PULL = 5
"""Operations of one pull: the account, its campaigns and its ads by day, and the lists of campaigns and of ads."""
INTRADAY = 3
"""Of a reading within the day, which is left out for want of quota, and reads no lists."""
_SETTING = "operations_per_day"


def take(platform: str, now_ms: int, operations: int) -> bool:
    """Whether today's quota had so many left; then they are taken. A platform without a quota always has."""
    return not _has_quota(platform) or _take(platform, now_ms, operations, 0)


def take_spare(platform: str, now_ms: int, operations: int) -> bool:
    """As `take`, and leaves what is reserved."""
    if not _has_quota(platform):
        return True
    try:
        reserved = int(BudgetRecord.get(*keys.budget(platform, utc_day(now_ms))).reserved or 0)
    except BudgetRecord.DoesNotExist:
        reserved = 0
    return _take(platform, now_ms, operations, reserved)


def reserve(platform: str, now_ms: int, operations: int) -> None:
    """Keeps so many of today's operations, in place of those that were kept."""
    if _has_quota(platform):
        reserved = BudgetRecord.reserved
        record = BudgetRecord(*keys.budget(platform, utc_day(now_ms)))
        differs = reserved.does_not_exist() | (reserved != operations)
        update_if(Update(record, [reserved.set(operations), BudgetRecord.forget_at.set(_end(now_ms))], differs))


def _take(platform: str, now_ms: int, operations: int, reserved: int) -> bool:
    record, used = BudgetRecord(*keys.budget(platform, utc_day(now_ms))), BudgetRecord.used
    most = int(setting(platform, _SETTING)) - operations - reserved
    if most < 0:
        return False
    counting = [used.add(operations), BudgetRecord.forget_at.set(_end(now_ms))]
    return update_if(Update(record, counting, used.does_not_exist() | (used <= most)))


def _has_quota(platform: str) -> bool:
    return _SETTING in kinds()[platform].defaults


def _end(now_ms: int) -> int:
    return (now_ms + 2 * DAY_MS) // SECOND_MS
