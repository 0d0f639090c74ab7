"""A platform's quota of operations for a UTC day, shared by all organizations of a system."""

from optiq.ads import keys
from optiq.ads.platforms.registry import kinds, setting
from optiq.ads.sync.records import BudgetRecord
from optiq.kernel.clock import DAY_MS, SECOND_MS, utc_day
from optiq.kernel.table import Update, update_if

PULL = 5
"""Operations of one pull: the account, its campaigns and its ads by day, and the lists of campaigns and of ads."""
_SETTING = "operations_per_day"


def take(platform: str, now_ms: int, operations: int = PULL) -> bool:
    """Whether today's quota had so many left; then they are taken. A platform without a quota always has."""
    if _SETTING not in kinds()[platform].defaults:
        return True
    record, used = BudgetRecord(*keys.budget(platform, utc_day(now_ms))), BudgetRecord.used
    most = int(setting(platform, _SETTING)) - operations
    counting = [used.add(operations), BudgetRecord.forget_at.set((now_ms + 2 * DAY_MS) // SECOND_MS)]
    return update_if(Update(record, counting, used.does_not_exist() | (used <= most)))
