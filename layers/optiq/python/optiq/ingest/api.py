"""The ingest context: what became of the events that reached us.

Counts that a replay cannot change, and the failed events, kept whole. Apart from collection, so that taking
events in needs no table.
"""

import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from optiq.ingest.contracts import FailedEvent, FailedEventPage, IngestCounts, Outcome, TokenUse
from optiq.ingest.records import FailedEventRecord, IngestCountRecord
from optiq.kernel import keys
from optiq.kernel.clock import to_rfc3339
from optiq.kernel.errors import InvalidError
from optiq.kernel.ids import id_from

_SEQUENCE_DIGITS = 64
_MAX_BODY_BYTES = 350_000


def count(organization_id: str, site_id: str, day: date, shard: str, outcomes: Sequence[Outcome]) -> None:
    """Adds the outcomes of one shard's records, in their order, to a day of a site.

    A record counts once, however often it is replayed: the item remembers the last sequence number counted. What came
    by which token is counted in the same write, so it costs nothing and is as exact.
    """
    ordered = sorted(outcomes, key=lambda outcome: outcome.sequence)
    key = keys.ingest_count(organization_id, site_id, day.isoformat(), shard)
    try:
        standing = IngestCountRecord.get(key.pk, key.sk, consistent_read=True)
    except IngestCountRecord.DoesNotExist:
        standing = IngestCountRecord(key.pk, key.sk, watermark="")
    watermark = standing.watermark
    new = [outcome for outcome in ordered if _padded(outcome.sequence) > watermark]
    if not new:
        return
    fresh = [outcome.result for outcome in new]
    known = IngestCountRecord.watermark == watermark if watermark else IngestCountRecord.watermark.does_not_exist()
    IngestCountRecord(key.pk, key.sk).update(
        actions=[
            IngestCountRecord.accepted.add(len(fresh)),
            IngestCountRecord.stored.add(fresh.count("STORED")),
            IngestCountRecord.duplicates.add(fresh.count("DUPLICATE")),
            IngestCountRecord.failed.add(fresh.count("FAILED")),
            IngestCountRecord.tokens.set(_with_uses(standing.tokens, new)),
            IngestCountRecord.watermark.set(_padded(ordered[-1].sequence)),
        ],
        condition=known,
    )


def counts(organization_id: str, site_id: str, first: date, last: date) -> IngestCounts:
    """The counts of the days from first to last, both included."""
    accepted = stored = duplicates = failed = 0
    for record in _count_records(organization_id, site_id, first, last):
        accepted += int(record.accepted)
        stored += int(record.stored)
        duplicates += int(record.duplicates)
        failed += int(record.failed)
    return IngestCounts(accepted, stored, duplicates, failed)


def token_uses(organization_id: str, site_id: str, first: date, last: date) -> dict[str, list[TokenUse]]:
    """How each ingestion token of a site was used from first to last, both included; the days in order."""
    by_day: dict[str, dict[date, TokenUse]] = defaultdict(dict)
    for record in _count_records(organization_id, site_id, first, last):
        day = date.fromisoformat(record.sk.split("#")[1])
        for token_id, (events, last_ms) in record.tokens.items():
            use = by_day[token_id].get(day, TokenUse(day, 0, 0))
            by_day[token_id][day] = TokenUse(day, use.events + events, max(use.last_ms, last_ms))
    return {token_id: list(uses.values()) for token_id, uses in by_day.items()}


def _count_records(organization_id: str, site_id: str, first: date, last: date) -> Iterator[IngestCountRecord]:
    prefix = keys.ingest_count(organization_id, site_id, "", "")
    start, end = f"INGEST#{first.isoformat()}", f"INGEST#{last.isoformat()}#~"
    yield from IngestCountRecord.query(prefix.pk, IngestCountRecord.sk.between(start, end), consistent_read=True)


def _with_uses(tokens: Mapping[str, tuple[int, int]], outcomes: Sequence[Outcome]) -> dict[str, tuple[int, int]]:
    """Events and the last instant by token, these outcomes added."""
    uses = dict(tokens)
    for outcome in outcomes:
        if outcome.token_id:
            events, last_ms = uses.get(outcome.token_id, (0, 0))
            uses[outcome.token_id] = (events + 1, max(last_ms, outcome.received_ms))
    return uses


def keep_failed(
    organization_id: str, site_id: str, *, received_ms: int, receipt: str, source: str, reason: str, body: bytes
) -> None:
    """Keeps a failed event; the same receipt again replaces it."""
    failed_event_id = id_from("fail", received_ms, receipt)
    key = (
        keys.failed_event(organization_id, site_id, failed_event_id)
        if site_id
        else keys.unclaimed_event(to_rfc3339(received_ms)[:10], failed_event_id)
    )
    packed = zlib.compress(body)
    if len(packed) > _MAX_BODY_BYTES:
        packed = zlib.compress(body[:_MAX_BODY_BYTES])
        reason += f" (the first {_MAX_BODY_BYTES} of {len(body)} bytes are kept)"
    FailedEventRecord(
        key.pk,
        key.sk,
        failed_event_id=failed_event_id,
        received_ms=received_ms,
        source=source,
        reason=reason,
        body=packed,
    ).save()


def failed_events(organization_id: str, site_id: str, limit: int, cursor: str | None) -> FailedEventPage:
    """A page of a site's failed events, newest first. Raises InvalidError for a cursor we did not give."""
    start = keys.failed_event(organization_id, site_id, "")
    last_key: dict[str, Any] | None = None
    if cursor is not None:
        if not cursor.startswith("fail_") or len(cursor) != 31:
            raise InvalidError("cursor: not one of ours")
        last_key = {"pk": {"S": start.pk}, "sk": {"S": f"{start.sk}{cursor}"}}
    found = FailedEventRecord.query(
        start.pk,
        FailedEventRecord.sk.startswith(start.sk),
        scan_index_forward=False,
        limit=limit,
        last_evaluated_key=last_key,
    )
    items = tuple(
        FailedEvent(r.failed_event_id, int(r.received_ms), r.source, r.reason, zlib.decompress(r.body)) for r in found
    )
    return FailedEventPage(items, items[-1].failed_event_id if len(items) == limit else None)


def _padded(sequence: int) -> str:
    return f"{sequence:0{_SEQUENCE_DIGITS}d}"
