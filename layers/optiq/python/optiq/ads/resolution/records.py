"""How far clicks were read and touches resolved, in the table."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from optiq.kernel.table import Record


class ClickDaysRecord(Record):
    """The days of an account whose clicks were read, without a gap."""

    first = UnicodeAttribute()
    last = UnicodeAttribute()


class ResolvedRecord(Record):
    """What the last resolving of a site's touches of all days began with, and when that was."""

    digest = UnicodeAttribute()
    resolved_ms = NumberAttribute()
