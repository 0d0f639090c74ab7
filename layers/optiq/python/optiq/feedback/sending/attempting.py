"""One attempt to send a batch, and what its answer makes of it.

That it is sent is written before it is, so nobody who is killed leaves a request that nothing is known of.
"""

from dataclasses import replace

from optiq.ads.connections.upload_contracts import Upload
from optiq.feedback import reasons
from optiq.feedback.outbox.contracts import Batch, Outcome
from optiq.feedback.outbox.stores import change_batch
from optiq.feedback.sending.building import IN_FLIGHT_MS, Claimed
from optiq.feedback.sending.splitting import halves, split, without
from optiq.feedback.sending.working import Worker
from optiq.feedback.vendors.contract import Answer
from optiq.kernel.clock import HOUR_MS, SECOND_MS

_FIRST_PAUSE_MS, _LONGEST_PAUSE_MS = 30 * SECOND_MS, HOUR_MS


def is_too_late(worker: Worker, batch: Batch) -> bool:
    """Whether a batch that may have been taken can be sent again no more: the platform would take it for another."""
    resend_ms = worker.vendor.rules.resend_ms
    return bool(batch.unsure and resend_ms and batch.first_ms and worker.clock() >= batch.first_ms + resend_ms)


def lost(batch: Batch) -> Batch | None:
    """Notes that nobody knows what became of a batch."""
    return _answered(batch, tuple(Outcome("UNKNOWN", reasons.NO_ANSWER) for _ in batch.refs))


def attempt(worker: Worker, claimed: Claimed) -> list[Claimed]:
    """Sends a batch; returns what goes on at once: the batch that is ANSWERED, or the parts of one that was refused.

    Raises:
        ValueError: the body is not the one that was claimed.
    """
    before, body, now_ms = claimed.batch, claimed.body, worker.clock()
    if body.digest != before.digest:
        raise ValueError("a batch is sent as it was claimed, or not at all")
    sent = change_batch(
        before,
        replace(
            before,
            attempts=before.attempts + 1,
            first_ms=before.first_ms if before.first_ms is not None else now_ms,
            last_ms=now_ms,
            # Until an answer says otherwise.
            unsure=True,
            due_ms=now_ms + IN_FLIGHT_MS,
        ),
    )
    if sent is None:
        return []
    answered = worker.ask(Upload("POST", body.frame.path, body.content))
    answer = answered if isinstance(answered, Answer) else worker.vendor.read(answered, len(body.events))
    sent = replace(sent, answer=answer.code, trace=answer.trace)
    return _after(worker, before, Claimed(sent, body), answer)


def _after(worker: Worker, before: Batch, sent: Claimed, answer: Answer) -> list[Claimed]:
    batch, size = sent.batch, len(sent.body.events)
    if answer.outcome in ("RETRY", "WAIT"):
        if answer.outcome == "WAIT":
            # It was not taken for certain, so it is as unsure as before, and can wait for as long as it has to.
            batch = replace(batch, unsure=before.unsure, first_ms=before.first_ms)
        pause_ms = min(_FIRST_PAUSE_MS * 2 ** min(batch.attempts - 1, 10), _LONGEST_PAUSE_MS)
        due_ms = worker.clock() + max(pause_ms, answer.wait_seconds * SECOND_MS)
        change_batch(sent.batch, replace(batch, due_ms=due_ms))
        return []
    if answer.outcome == "ACCEPTED":
        return _going_on(batch, sent, [Outcome("ACCEPTED", over=not worker.vendor.rules.confirms)] * size)
    if size == 1:
        return _going_on(batch, sent, [Outcome("REJECTED", answer.refused.get(0, answer.code))])
    rejected = {place: Outcome("REJECTED", code) for place, code in answer.refused.items()}
    if answer.outcome == "PARTIAL" and rejected:
        return _going_on(batch, sent, [rejected.get(place, Outcome("ACCEPTED")) for place in range(size)])
    if rejected:
        return split(worker, sent, without(size, rejected), rejected)
    # What was partly taken may be sent again, as the platform knows what it has.
    return split(worker, sent, halves(size), keeps_window=answer.outcome == "PARTIAL")


def _going_on(batch: Batch, sent: Claimed, outcomes: list[Outcome]) -> list[Claimed]:
    answered = _answered(batch, tuple(outcomes))
    return [replace(sent, batch=answered)] if answered else []


def _answered(batch: Batch, outcomes: tuple[Outcome, ...]) -> Batch | None:
    return change_batch(batch, replace(batch, status="ANSWERED", outcomes=outcomes, unsure=False))
