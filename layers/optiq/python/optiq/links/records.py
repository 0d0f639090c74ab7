"""Clicks in the table, beside the link they are of."""

from pynamodb.attributes import JSONAttribute, UnicodeAttribute

from optiq.kernel.records import record_of
from optiq.kernel.table import Record
from optiq.links.contracts import Link


class ClicksRecord(Record):
    """What one shard of the stream brought to a link: clicks by opener, and the last record counted."""

    counts = JSONAttribute()
    watermark = UnicodeAttribute()


class LinkPartRecord(record_of(Link)):  # type: ignore[misc]  # made from the dataclass
    """Any item of a link's partition: the link itself, or counts of its clicks."""

    counts = JSONAttribute(null=True)
