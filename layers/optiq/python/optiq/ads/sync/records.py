"""What is known of an account's days, and who reads it now, in the table."""

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from optiq.kernel.table import Record
from optiq.kernel.table_ending import Temporary


class AccountStateRecord(Record):
    """How far an account was read. `lease` names the job that reads it now, until `lease_ms`.

    `planned_ms` and `intraday_ms` are the turns of the clock that jobs were created for, of the day and within it.
    `reads`: [first day, last day, instant] of what was read whole lately, the latest last.
    `days_read` and `days_whole` are spans of days.
    `failures`: how often the platform failed since it was read last; `failing`: how, the last time.
    """

    lease = UnicodeAttribute(null=True)
    lease_ms = NumberAttribute(null=True)
    planned_ms = NumberAttribute(null=True)
    intraday_ms = NumberAttribute(null=True)
    reads = JSONAttribute(null=True)
    settled_through = UnicodeAttribute(null=True)
    days_read = JSONAttribute(null=True)
    days_whole = JSONAttribute(null=True)
    failures = NumberAttribute(null=True)
    failing = UnicodeAttribute(null=True)


class DigestsRecord(Record):
    """The days of a month that were written: by day its digests, its spend, its revision, and when it was read."""

    days = JSONAttribute()


class BudgetRecord(Temporary):
    """How many operations of a platform's quota a UTC day has used, and how many are kept for its daily readings."""

    used = NumberAttribute(null=True)
    reserved = NumberAttribute(null=True)


class RunsRecord(Temporary):
    """The report runs by which a job reads its days (runs.py); none once they were read."""

    reading = JSONAttribute(null=True)


class ThrottleRecord(Temporary):
    """Until when a platform is not asked for an account, or for anything of the app, and why."""

    until_ms = NumberAttribute(default=0)
    reason = UnicodeAttribute(default="")
