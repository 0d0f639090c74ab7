"""A step that makes data of 0.2.0 data of today. The same part again changes nothing."""

from collections.abc import Iterator

from optiq.kernel.stream_counts import take_over
from optiq.kernel.table_walk import walk
from optiq.links.records import OldClicksRecord

_CLICKS = "CLICKS#"


def move_clicks(cursor: str) -> Iterator[str]:
    """Counts of clicks go on under the sort key that all counts have."""
    for records, after in walk(OldClicksRecord, OldClicksRecord.sk.startswith(_CLICKS), cursor):
        for record in records:
            take_over(record.pk, record.sk.removeprefix(_CLICKS), record.counts, record.watermark)
            record.delete()
        yield after
