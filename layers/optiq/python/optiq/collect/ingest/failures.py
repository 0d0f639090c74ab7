"""Keeps failed events, many in one write: a flood of them must not take longer than as many good events."""

import zlib
from collections.abc import Iterator, Sequence

from optiq.collect.ingest import keys
from optiq.collect.ingest.contracts import FailedEvent
from optiq.collect.ingest.records import FailedEventRecord
from optiq.kernel.clock import DAY_MS, utc_day
from optiq.kernel.table import Put, put_each

KEPT_DAYS = 90
"""Failed events: a quarter's close can still correct and replay them, and no longer than the mails' log are people's
data kept that nobody uses."""
UNCLAIMED_DAYS = 7
"""Of senders that named no site: nobody can replay them, and anybody can send them."""
_MAX_BODY_BYTES = 350_000
_WRITE_BYTES = 2_000_000
"""Packed bodies in one write at most; a transaction takes 4 MB."""


def keep(events: Sequence[FailedEvent]) -> None:
    """The same delivery again changes nothing."""
    for part in _parts([_record(event) for event in events]):
        put_each([Put(record, FailedEventRecord.pk.does_not_exist()) for record in part])


def _record(event: FailedEvent) -> FailedEventRecord:
    key = (
        keys.failed_event(event.organization_id, event.site_id, event.failed_event_id)
        if event.site_id
        else keys.unclaimed_event(utc_day(event.received_ms), event.failed_event_id)
    )
    packed, reason = zlib.compress(event.body), event.reason
    if len(packed) > _MAX_BODY_BYTES:
        packed = zlib.compress(event.body[:_MAX_BODY_BYTES])
        reason += f" (the first {_MAX_BODY_BYTES} of {len(event.body)} bytes are kept)"
    return FailedEventRecord(
        key.pk,
        key.sk,
        failed_event_id=event.failed_event_id,
        received_ms=event.received_ms,
        source=event.source,
        reason=reason,
        body=packed,
        user_agent=event.user_agent,
        refused=event.refused,
        forget_at=(event.received_ms + (KEPT_DAYS if event.site_id else UNCLAIMED_DAYS) * DAY_MS) // 1000,
    )


def _parts(records: Sequence[FailedEventRecord]) -> Iterator[list[FailedEventRecord]]:
    part: list[FailedEventRecord] = []
    size = 0
    for record in records:
        if part and size + len(record.body) > _WRITE_BYTES:
            yield part
            part, size = [], 0
        part.append(record)
        size += len(record.body)
    if part:
        yield part
