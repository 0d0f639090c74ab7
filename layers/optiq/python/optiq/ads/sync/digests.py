"""What every written day looked like, a month in one item: what reads the same again writes nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from optiq.ads import keys
from optiq.ads.keys import Account
from optiq.ads.sync.records import DigestsRecord
from optiq.kernel.table import Put, put_each

_MONTH = len("2026-10")


@dataclass(frozen=True, slots=True)
class WrittenDay:
    """A day as it was written last.

    Attributes:
        probe: digest of the account's own row. rows: digest of the rows of all levels, and of the hours.
        hours: those were written too.
    """

    probe: str
    rows: str
    spend_micros: int
    revision: int
    pulled_ms: int
    hours: bool = False


def written(account: Account, days: Iterable[str]) -> dict[str, WrittenDay]:
    """Those of the days that were written."""
    wanted = set(days)
    return {day: one for month in _months(wanted) for day, one in _of_month(account, month).items() if day in wanted}


def keep(account: Account, days: Mapping[str, WrittenDay]) -> None:
    """Adds days to those that were written; whoever holds the account's lease may."""
    puts = []
    for month in _months(days):
        all_days = _of_month(account, month) | {day: one for day, one in days.items() if day.startswith(month)}
        stored = {day: asdict(one) for day, one in sorted(all_days.items())}
        puts.append(Put(DigestsRecord(*keys.digests(*account, month), days=stored), None))
    put_each(puts)


def _months(days: Iterable[str]) -> list[str]:
    return sorted({day[:_MONTH] for day in days})


def _of_month(account: Account, month: str) -> dict[str, WrittenDay]:
    try:
        record = DigestsRecord.get(*keys.digests(*account, month), consistent_read=True)
    except DigestsRecord.DoesNotExist:
        return {}
    return {day: WrittenDay(**one) for day, one in record.days.items()}
