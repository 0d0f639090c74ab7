"""How far the night's sweep is."""

from pynamodb.attributes import UnicodeAttribute

from optiq.kernel.table import Put, Record, put_one
from optiq.retention import keys


class SweepRecord(Record):
    """`day` is the sweep's UTC day, `after` the organization that was swept last; `finished` is the last whole day."""

    day = UnicodeAttribute(default="")
    after = UnicodeAttribute(default="")
    finished = UnicodeAttribute(default="")


def sweep_of(day: str) -> SweepRecord:
    """The sweep of a day, as far as it is."""
    try:
        found = SweepRecord.get(*keys.SWEEP, consistent_read=True)
    except SweepRecord.DoesNotExist:
        found = SweepRecord(*keys.SWEEP)
    if found.day != day:
        found.day, found.after = day, ""
    return found


def keep(sweep: SweepRecord) -> None:
    put_one(Put(sweep, None))
