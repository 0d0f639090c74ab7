"""What days of `steps` were made of, in the table."""

from collections.abc import Iterator

from pynamodb.attributes import UnicodeAttribute, UnicodeSetAttribute

from optiq.kernel.table import Record
from optiq.reports import keys


class StepsDayRecord(Record):
    """A UTC day of an organization.

    Attributes:
        stamp: what lay in the lake for the day. people: which links between customers were known.
        file: the stamp of the file that was written.
        damaged: files of the sources that could not be read.
    """

    day = UnicodeAttribute()
    stamp = UnicodeAttribute()
    people = UnicodeAttribute()
    file = UnicodeAttribute()
    damaged = UnicodeSetAttribute(null=True)

    @classmethod
    def at(cls, organization_id: str, day: str) -> "StepsDayRecord":
        return cls(*keys.steps_day(organization_id, day), day=day)


def known_days(organization_id: str, first: str = "0", last: str = "9") -> Iterator[StepsDayRecord]:
    """The days that were made, from the first to the last."""
    start, end = (keys.steps_day(organization_id, day) for day in (first, last))
    return iter(StepsDayRecord.query(start.pk, StepsDayRecord.sk.between(start.sk, end.sk)))
