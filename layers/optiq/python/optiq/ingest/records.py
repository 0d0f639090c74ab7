"""Ingest counts and failed events in the table."""

from pynamodb.attributes import BinaryAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from optiq.kernel.table import Record


class IngestCountRecord(Record):
    """What one shard brought for a site on one day, counted up to `watermark` (a sequence number).

    `tokens` holds, for each ingestion token, how many of the events came by it, and when the last did.
    """

    accepted = NumberAttribute(default=0)
    stored = NumberAttribute(default=0)
    duplicates = NumberAttribute(default=0)
    failed = NumberAttribute(default=0)
    watermark = UnicodeAttribute()
    tokens = JSONAttribute(default=dict)


class FailedEventRecord(Record):
    """A failed event; the body is compressed."""

    failed_event_id = UnicodeAttribute()
    received_ms = NumberAttribute()
    source = UnicodeAttribute()
    reason = UnicodeAttribute()
    body = BinaryAttribute(legacy_encoding=False)
