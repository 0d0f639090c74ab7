"""Writes what came of a batch with its entries. Doing it again changes nothing."""

from dataclasses import replace

from optiq.feedback.outbox import bodies
from optiq.feedback.outbox.contracts import Batch, Entry, Outcome
from optiq.feedback.outbox.stores import change_batch, entries_of, put_entries
from optiq.feedback.sending.working import Worker
from optiq.kernel.clock import MINUTE_MS

FIRST_ASKED_MS = 30 * MINUTE_MS
"""After an answer, before a platform can say more of it."""


def settle(worker: Worker, batch: Batch) -> None:
    """Notes the outcomes of a batch that is ANSWERED; it is over, or is asked about later."""
    entries, now_ms = entries_of(batch), worker.clock()
    outcomes = dict(zip(batch.refs, batch.outcomes, strict=True))
    changes = [(entry, _settled(entry, batch, outcomes[ref])) for ref, entry in entries.items() if not entry.over]
    put_entries([(before, after) for before, after in changes if after != before])
    if any(not one.over for one in batch.outcomes):
        after = replace(batch, status="CONFIRMING", outcomes=(), due_ms=now_ms + FIRST_ASKED_MS, asked=0)
        change_batch(batch, after)
        return
    bodies.empty(batch, now_ms)
    change_batch(batch, replace(batch, status="CLOSED", outcomes=(), due_ms=None))


def _settled(entry: Entry, batch: Batch, outcome: Outcome) -> Entry:
    return replace(
        entry,
        status=outcome.status,
        reason=outcome.reason,
        over=outcome.over,
        click_ids=() if outcome.over else entry.click_ids,
        due_ms=None,
        attempts=batch.attempts,
        sent_ms=batch.first_ms if entry.sent_ms is None else entry.sent_ms,
        answered_ms=batch.last_ms,
        answer=batch.answer,
        trace=batch.trace,
        digest=batch.digest,
    )
