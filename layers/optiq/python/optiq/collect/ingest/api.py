"""Ingest: what became of the events that reached us.

Counts that a replay cannot change, and the failed events. Apart from collection, so that taking
events in needs no table. Management takes a `Caller`; consumers, which call `count`, `keep_failed` and `still_failed`
for every event, pass ids.
"""

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from operator import attrgetter

from optiq.collect.ingest import counting, failures, keys
from optiq.collect.ingest.contracts import FailedEvent, IngestCounts, Outcome, TokenUse
from optiq.collect.ingest.records import FailedEventRecord, IngestCountRecord
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, system_clock
from optiq.kernel.paging import Page, list_of, page_of, place_after
from optiq.kernel.table import Condition, key_start

_PAGE_ITEMS = 100
"""Read at once, because those that were replayed are passed over."""


def count(organization_id: str, site_id: str, day: date, shard: str, outcomes: Sequence[Outcome]) -> None:
    """Adds the outcomes of one shard's records to a day of a site (counting.py).

    Raises:
        TableError: somebody else counted the same records; let them come again.
    """
    counting.count(organization_id, site_id, day, shard, outcomes)


def counts(caller: Caller, site_id: str, *, first: date, last: date) -> IngestCounts:
    """The counts of the days from first to last, both included."""
    accepted = stored = duplicates = failed = warned = not_kept = held = 0
    left_out: Counter[str] = Counter()
    for record in _count_records(caller.organization_id, site_id, first, last):
        accepted += int(record.accepted)
        stored += int(record.stored)
        duplicates += int(record.duplicates)
        failed += int(record.failed)
        warned += int(record.warned)
        not_kept += int(record.not_kept)
        held += int(record.held)
        left_out.update(record.left_out)
    by_reason = dict(sorted(left_out.items()))
    return IngestCounts(accepted, stored, duplicates, failed, by_reason, warned, not_kept, held)


def held_by_day(caller: Caller, site_id: str, *, first: date, last: date) -> dict[date, int]:
    """How many events of a site the plan had no room for, from first to last; less those that were taken in since."""
    held = Counter[date]()
    for record in _count_records(caller.organization_id, site_id, first, last):
        held[date.fromisoformat(record.sk.split("#")[1])] += int(record.held)
    return held


def token_uses(caller: Caller, site_id: str, *, first: date, last: date) -> dict[str, list[TokenUse]]:
    """How each ingestion token of a site was used from first to last, both included; the days in order."""
    by_day: dict[str, dict[date, TokenUse]] = defaultdict(dict)
    for record in _count_records(caller.organization_id, site_id, first, last):
        day = date.fromisoformat(record.sk.split("#")[1])
        for token_id, (events, last_ms) in record.tokens.items():
            use = by_day[token_id].get(day, TokenUse(day, 0, 0))
            by_day[token_id][day] = TokenUse(day, use.events + events, max(use.last_ms, last_ms))
    return {token_id: list(uses.values()) for token_id, uses in by_day.items()}


def _count_records(organization_id: str, site_id: str, first: date, last: date) -> Iterator[IngestCountRecord]:
    prefix = keys.ingest_count(organization_id, site_id, "", "")
    start, end = f"INGEST#{first.isoformat()}", f"INGEST#{last.isoformat()}#~"
    now_ms = system_clock()
    for record in IngestCountRecord.query(prefix.pk, IngestCountRecord.sk.between(start, end), consistent_read=True):
        if not record.has_ended(now_ms):
            yield record


def unclaimed_counts(day: date) -> IngestCounts:
    """What came on a day (in UTC) and named no known site: `accepted` is all of it, and so is `failed`."""
    found = list(IngestCountRecord.query(keys.unclaimed_count(day.isoformat(), "").pk, consistent_read=True))
    failed = sum(int(record.failed) for record in found)
    return IngestCounts(failed, 0, 0, failed, not_kept=sum(int(record.not_kept) for record in found))


def keep_failed(events: Sequence[FailedEvent]) -> None:
    """Keeps failed events; the same delivery again changes nothing, not even one that was replayed since."""
    failures.keep(events)


def still_waiting(organization_id: str, site_id: str, failed_event_ids: Sequence[str]) -> set[str]:
    """Which of these are failed events that no replay has brought in; "" is none."""
    return counting.replayable(organization_id, site_id, [one for one in failed_event_ids if one])


def still_failed(organization_id: str, site_id: str, failed_event_id: str, reason: str) -> bool:
    """Says why a failed event failed again when it was replayed; False when it is none any more."""
    if not counting.replayable(organization_id, site_id, [failed_event_id]):
        return False
    key = keys.failed_event(organization_id, site_id, failed_event_id)
    FailedEventRecord(key.pk, key.sk).update(actions=[FailedEventRecord.reason.set(reason)])
    return True


def find_failed(caller: Caller, site_id: str, failed_event_ids: Sequence[str]) -> dict[str, FailedEvent]:
    """Those of a site's failed events that still are, by their ids."""
    wanted = [tuple(keys.failed_event(caller.organization_id, site_id, one)) for one in set(failed_event_ids)]
    found = FailedEventRecord.batch_get(wanted, consistent_read=True)
    now_ms = system_clock()
    waiting = (record for record in found if record.replayed_ms is None and not record.has_ended(now_ms))
    return {record.failed_event_id: _contract(caller, site_id, record) for record in waiting}


def past(now_ms: int) -> Condition:
    """Holds of failed events of before they were given an end."""
    old = FailedEventRecord.received_ms < now_ms - failures.KEPT_DAYS * DAY_MS
    condition: Condition = (
        FailedEventRecord.forget_at.does_not_exist() & FailedEventRecord.failed_event_id.exists() & old
    )
    return condition


def failed_events(caller: Caller, site_id: str, *, limit: int = 50, cursor: str | None = None) -> Page[FailedEvent]:
    """A page of a site's failed events, newest first. Raises InvalidError for another list's cursor."""
    of_list = list_of("failed events", site_id)
    start, after = keys.failed_event(caller.organization_id, site_id, ""), place_after(cursor, of_list)
    last_key = key_start(keys.failed_event(caller.organization_id, site_id, after)) if after else None
    found = FailedEventRecord.query(
        start.pk,
        FailedEventRecord.sk.startswith(start.sk),
        filter_condition=FailedEventRecord.replayed_ms.does_not_exist() & FailedEventRecord.lasting(system_clock()),
        page_size=_PAGE_ITEMS,
        scan_index_forward=False,
        limit=limit + 1,
        last_evaluated_key=last_key,
    )
    events = [_contract(caller, site_id, record) for record in found]
    return page_of(of_list, events, limit, attrgetter("failed_event_id"))


def _contract(caller: Caller, site_id: str, record: FailedEventRecord) -> FailedEvent:
    return FailedEvent(
        organization_id=caller.organization_id,
        site_id=site_id,
        failed_event_id=record.failed_event_id,
        received_ms=int(record.received_ms),
        source=record.source,
        reason=record.reason,
        body=zlib.decompress(record.body),
        user_agent=record.user_agent,
        refused=record.refused,
    )
