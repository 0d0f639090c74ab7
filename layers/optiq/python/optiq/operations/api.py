"""The operations context: keeps what runs in order; here the lake's files.

Many small files of a partition become one (compaction.py). Readers see the same rows before, while and after:
decision 26 says why that holds at any moment a machine may stop.
"""

from collections.abc import Callable
from datetime import timedelta

from optiq.kernel.clock import DAY_MS, days_before, parse_day, utc_day
from optiq.kernel.lake_tables import PLATFORM
from optiq.kernel.manifest import lake_tables
from optiq.operations.compaction import compact_partition
from optiq.operations.contracts import Compaction
from optiq.operations.errors.contracts import KEPT_DAYS
from optiq.operations.lake import ERRORS, METRICS
from optiq.operations.listing import partitions
from optiq.ports import wiring

__all__ = ["compact_all_days", "compact_recent_days", "forget_old"]


def compact_recent_days(now_ms: int) -> Compaction:
    """Merges small files of today, yesterday and tomorrow (UTC), where live events land.

    Raises:
        UpstreamError: the lake does not answer. What was done stands; the next run goes on.
    """
    return _compact(now_ms, (utc_day(now_ms - DAY_MS), utc_day(now_ms + DAY_MS)), closed_before="", stop=_never)


def compact_all_days(now_ms: int, *, closed: bool, stop: Callable[[], bool]) -> Compaction:
    """Merges small files of every day. It ends early, between two partitions, when `stop` says so.

    Args:
        closed: makes one file of each day that ended, however few its files are.

    Raises:
        UpstreamError: as above.
    """
    today = utc_day(now_ms) if closed else ""
    return _compact(now_ms, ("", (parse_day(utc_day(now_ms)) + timedelta(days=2)).isoformat()), today, stop)


def forget_old(now_ms: int) -> int:
    """Removes Optiq's own errors and metrics of more than KEPT_DAYS ago from the lake; how many files of them there
    were. Organizations' errors are removed by the sweep of retention, after the days that each has set.

    Raises UpstreamError: the next run goes on.
    """
    lake, last = wiring.lake(), days_before(utc_day(now_ms), KEPT_DAYS + 1)
    removed = 0
    for table in (ERRORS, METRICS):
        for file in lake.files(table.name, PLATFORM, last=last):
            lake.remove(file)
            removed += 1
    return removed


def _never() -> bool:
    return False


def _compact(now_ms: int, days: tuple[str, str], closed_before: str, stop: Callable[[], bool]) -> Compaction:
    lake, done = wiring.lake(), Compaction()
    for table in (table for table in lake_tables().values() if not table.whole_days):
        for organization_id in lake.organizations(table.name):
            for files in partitions(lake.files(table.name, organization_id, *days)):
                if stop():
                    return done
                done += compact_partition(lake, table, files, now_ms, closed=files[0].day < closed_before)
    return done
