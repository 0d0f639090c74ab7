"""What tenancy keeps in the table beside its entities."""

from pynamodb.attributes import NumberAttribute

from optiq.kernel.table import Record


class OwnersRecord(Record):
    """How many owners an organization has, so that the last cannot be lost."""

    owners = NumberAttribute()
