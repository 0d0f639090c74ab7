"""Credits in the table."""

from pynamodb.attributes import NumberAttribute

from optiq.kernel.table import Record


class HeadRecord(Record):
    """Where an organization's ledger is now."""

    available = NumberAttribute()
    held = NumberAttribute()
