"""Links in the table, as a click reads them."""

from pynamodb.attributes import JSONAttribute, UnicodeAttribute

from optiq.kernel.records import record_of
from optiq.kernel.table import Record
from optiq.links.contracts import Link


class LinkPartRecord(record_of(Link)):  # type: ignore[misc]  # made from the dataclass
    """Any item of a link's partition: the link itself, or counts of its clicks."""

    counts = JSONAttribute(null=True)


class OldClicksRecord(Record):
    """Clicks that one shard brought, by opener, as 0.2.0 kept them (upgrading/)."""

    counts = JSONAttribute()
    watermark = UnicodeAttribute()
