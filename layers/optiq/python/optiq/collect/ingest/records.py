"""Ingest counts and failed events in the table."""

from pynamodb.attributes import BinaryAttribute, BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from optiq.kernel.table_ending import Temporary


class IngestCountRecord(Temporary):
    """What one shard brought for a site on one day, counted up to `watermark` (a sequence number).

    `tokens` holds, for each ingestion token, how many of the events came by it, and when the last did; `left_out`, for
    each reason, how many stored events count in no report; `not_kept` is how many of the failed are only counted;
    `held` is less than 0 where more were taken in that another item counts as held.
    """

    accepted = NumberAttribute(default=0)
    stored = NumberAttribute(default=0)
    duplicates = NumberAttribute(default=0)
    failed = NumberAttribute(default=0)
    watermark = UnicodeAttribute()
    tokens = JSONAttribute(default=dict)
    left_out = JSONAttribute(default=dict)
    warned = NumberAttribute(default=0)
    not_kept = NumberAttribute(default=0)
    held = NumberAttribute(default=0)


class FailedEventRecord(Temporary):
    """A failed event; the body is compressed. One that a replay took in stands on without its body, so that the
    delivery that brought it can come again without bringing it back.
    """

    failed_event_id = UnicodeAttribute()
    received_ms = NumberAttribute()
    source = UnicodeAttribute()
    reason = UnicodeAttribute()
    body = BinaryAttribute(legacy_encoding=False, null=True)
    user_agent = UnicodeAttribute(default="")
    refused = BooleanAttribute(default=False)
    replayed_ms = NumberAttribute(null=True)
