"""Counts the outcomes of a shard's records, each once, however often it is delivered.

The item of a shard's day remembers the last sequence number counted, and changes only from what was read. A failed
event that a replay took in goes in the same transaction: it came to us once, so `accepted` stays, `failed` falls by one
and what became of it rises by one. A replay of what is no failed event any more is a delivery like another.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from optiq.collect.ingest import keys
from optiq.collect.ingest.contracts import Outcome
from optiq.collect.ingest.records import FailedEventRecord, IngestCountRecord
from optiq.kernel.clock import DAY_MS, day_number, system_clock
from optiq.kernel.stream_batch import place_of
from optiq.kernel.table import Update, update_together

KEPT_DAYS = 731
"""Counts: this year's can be held against last year's."""
_REPLAYS_AT_ONCE = 10
"""A transaction may touch 4 MB, and a failed event may have 350 KB."""


def count(organization_id: str, site_id: str, day: date, shard: str, outcomes: Sequence[Outcome]) -> None:
    """Adds outcomes, in the order of their records, to a day of a site. What came by which token, what is left out of
    reports and what had a warning is counted in the same write.
    """
    ordered = sorted(outcomes, key=lambda outcome: outcome.sequence)
    key = (
        keys.ingest_count(organization_id, site_id, day.isoformat(), shard)
        if site_id
        else keys.unclaimed_count(day.isoformat(), shard)
    )
    forget_at = (day_number(day.isoformat()) + KEPT_DAYS) * DAY_MS // 1000
    try:
        item = IngestCountRecord.get(key.pk, key.sk, consistent_read=True)
        watermark, tokens, left_out = item.watermark, item.tokens, item.left_out
    except IngestCountRecord.DoesNotExist:
        watermark, tokens, left_out = "", {}, {}
    for part in _parts([outcome for outcome in ordered if place_of(outcome.sequence) > watermark]):
        tokens = _with_uses(tokens, part)
        known = IngestCountRecord.watermark == watermark if watermark else IngestCountRecord.watermark.does_not_exist()
        watermark = place_of(part[-1].sequence)
        replayed = replayable(organization_id, site_id, [outcome.replay_of for outcome in part if outcome.replay_of])
        settled, counted = _settle(part, replayed)
        results = [outcome.result for outcome in counted]
        stored = [outcome for outcome in counted if outcome.result == "STORED"]
        left_out = _with_reasons(left_out, stored)
        not_kept = sum(outcome.not_kept for outcome in counted)
        were_held = sum(outcome.was_held for outcome in counted)
        actions = [
            IngestCountRecord.accepted.add(len(counted) - were_held + not_kept - len(settled)),
            IngestCountRecord.held.add(results.count("HELD") - were_held),
            IngestCountRecord.stored.add(len(stored)),
            IngestCountRecord.duplicates.add(results.count("DUPLICATE")),
            IngestCountRecord.failed.add(results.count("FAILED") + not_kept - len(settled)),
            IngestCountRecord.not_kept.add(not_kept),
            IngestCountRecord.tokens.set(tokens),
            IngestCountRecord.left_out.set(left_out),
            IngestCountRecord.warned.add(sum(outcome.warned for outcome in stored)),
            IngestCountRecord.watermark.set(watermark),
            IngestCountRecord.forget_at.set(forget_at),
        ]
        record = IngestCountRecord(key.pk, key.sk)
        if settled:
            removals = [_removal(organization_id, site_id, failed_event_id) for failed_event_id in settled]
            update_together([Update(record, actions, known), *removals])
        else:
            record.update(actions=[*actions], condition=known)


def replayable(organization_id: str, site_id: str, failed_event_ids: Sequence[str]) -> set[str]:
    """Which of these are failed events still."""
    if not failed_event_ids:
        return set()
    wanted = [tuple(keys.failed_event(organization_id, site_id, one)) for one in set(failed_event_ids)]
    found = FailedEventRecord.batch_get(
        wanted, consistent_read=True, attributes_to_get=["failed_event_id", "replayed_ms", "forget_at"]
    )
    now_ms = system_clock()
    return {r.failed_event_id for r in found if r.replayed_ms is None and not r.has_ended(now_ms)}


def _settle(outcomes: Sequence[Outcome], replayed: set[str]) -> tuple[list[str], list[Outcome]]:
    """The failed events that are none any more, and the outcomes to count."""
    settled: list[str] = []
    counted: list[Outcome] = []
    for outcome in outcomes:
        stands = outcome.replay_of in replayed and outcome.replay_of not in settled
        if stands and outcome.result == "FAILED":
            continue
        if stands:
            settled.append(outcome.replay_of)
        counted.append(outcome)
    return settled, counted


def _removal(organization_id: str, site_id: str, failed_event_id: str) -> Update:
    key = keys.failed_event(organization_id, site_id, failed_event_id)
    return Update(
        FailedEventRecord(key.pk, key.sk),
        [FailedEventRecord.body.remove(), FailedEventRecord.replayed_ms.set(system_clock())],
        FailedEventRecord.pk.exists() & FailedEventRecord.replayed_ms.does_not_exist(),
    )


def _parts(outcomes: Sequence[Outcome]) -> Iterator[list[Outcome]]:
    """All of them at once, unless there are more replays than a transaction takes."""
    part: list[Outcome] = []
    replays = 0
    for outcome in outcomes:
        if outcome.replay_of and replays == _REPLAYS_AT_ONCE:
            yield part
            part, replays = [], 0
        part.append(outcome)
        replays += bool(outcome.replay_of)
    if part:
        yield part


def _with_uses(tokens: Mapping[str, tuple[int, int]], outcomes: Sequence[Outcome]) -> dict[str, tuple[int, int]]:
    """Events and the last instant by token, these outcomes added."""
    uses = dict(tokens)
    for outcome in outcomes:
        if outcome.token_id:
            events, last_ms = uses.get(outcome.token_id, (0, 0))
            uses[outcome.token_id] = (events + 1, max(last_ms, outcome.received_ms))
    return uses


def _with_reasons(left_out: Mapping[str, int], stored: Sequence[Outcome]) -> dict[str, int]:
    """Events by the reason they are left out for, these added."""
    return dict(Counter(left_out) + Counter(outcome.left_out for outcome in stored if outcome.left_out))
