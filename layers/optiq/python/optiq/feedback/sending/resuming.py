"""What was begun earlier goes on, but for what may be told no more: consent is read before each later attempt, too.

A batch may wait for days, for a person to connect again or for an answer. What may not leave any more is taken out of
it; the others are sent as they were.
"""

from optiq.feedback import reasons
from optiq.feedback.outbox import bodies
from optiq.feedback.outbox.contracts import Batch, Entry, Outcome
from optiq.feedback.outbox.stores import entries_of
from optiq.feedback.sending.building import Claimed, is_too_old
from optiq.feedback.sending.people import matched
from optiq.feedback.sending.splitting import split, without
from optiq.feedback.sending.working import Worker


def resume(worker: Worker, batch: Batch) -> list[Claimed]:
    """A batch with its body, or what is to go on in its place. Raises UpstreamError."""
    found = Claimed(batch, bodies.body_of(batch) or bodies.NOTHING)
    if batch.status != "SENDING" or not found.body.events:
        return [found]
    entries = entries_of(batch)
    ends = {place: _end_of(worker, batch, entries[ref]) for place, ref in enumerate(batch.refs)}
    ended = {place: end for place, end in ends.items() if end}
    if not ended:
        return [found]
    return split(worker, found, without(len(batch.refs), ended), ended, keeps_window=True)


def _end_of(worker: Worker, batch: Batch, entry: Entry) -> Outcome | None:
    """What becomes of an entry that may leave no more; None where it may."""
    not_taken = entry.status == "CLAIMED" and not batch.unsure
    if not_taken and not entry.is_change and is_too_old(worker, entry):
        return Outcome("EXPIRED", reasons.TOO_OLD)
    person = matched(entry, worker.clock)
    if not isinstance(person, str):
        return None
    return Outcome("SKIPPED", person) if not_taken else Outcome("UNKNOWN", reasons.WITHDRAWN)
