"""Claims in the table."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from optiq.kernel.table import Record


class ClaimRecord(Record):
    """Which entity has what is claimed; "" when it was given up. Nothing of the table is deleted."""

    holder = UnicodeAttribute()
    until_ms = NumberAttribute(null=True)
