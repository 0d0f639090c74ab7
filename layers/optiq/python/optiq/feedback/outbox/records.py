"""What the outbox has besides entries and batches: bodies, and who works on a destination."""

from pynamodb.attributes import BinaryAttribute, NumberAttribute

from optiq.kernel.table import Record
from optiq.kernel.table_ending import Temporary


class BodyRecord(Temporary):
    """The events of a batch, sealed. It is emptied when the batch is over."""

    sealed = BinaryAttribute(null=True, legacy_encoding=False)


class LeaseRecord(Record):
    """Until when one worker has a destination for itself."""

    until_ms = NumberAttribute()
