"""Asks a platform what became of a batch that it accepted. It counts failures by reason and names none of the events.

So what failed in part is sent again in smaller groups, and in the end one by one: the platform knows each event, and
what it has taken it does not take twice.
"""

from collections.abc import Mapping
from dataclasses import replace

from optiq.ads.connections.upload_contracts import Upload
from optiq.feedback import reasons
from optiq.feedback.outbox import bodies
from optiq.feedback.outbox.contracts import Batch, Outcome
from optiq.feedback.outbox.stores import change_batch, entries_of, put_entries
from optiq.feedback.sending.building import Claimed
from optiq.feedback.sending.splitting import groups, split
from optiq.feedback.sending.working import Worker
from optiq.feedback.vendors.contract import Answer, Confirming
from optiq.kernel.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS

_PAUSE_MS, _LONGEST_PAUSE_MS = 30 * MINUTE_MS, 6 * HOUR_MS
_ASKED_FOR_MS = 3 * DAY_MS
_MOST_TRIES = 4


def ask(worker: Worker, batch: Batch) -> list[Claimed]:
    """Asks about a batch; returns what goes on at once."""
    vendor = worker.vendor
    if not isinstance(vendor, Confirming):
        raise TypeError(f"{vendor.title} confirms nothing")
    answered = worker.ask(Upload("GET", vendor.status_path(batch.trace)))
    found = None if isinstance(answered, Answer) else vendor.read_status(answered)
    if found is None or found.state == "PROCESSING":
        return _later(worker, batch)
    body = bodies.body_of(batch)
    if body is None:
        return _all(batch, body, Outcome("ACCEPTED", reasons.NO_STATUS))
    return _after(worker, vendor, Claimed(batch, body), found.failed)


def _later(worker: Worker, batch: Batch) -> list[Claimed]:
    now_ms = worker.clock()
    if now_ms - (batch.last_ms or now_ms) >= _ASKED_FOR_MS:
        return _all(batch, bodies.body_of(batch), Outcome("ACCEPTED", reasons.NO_STATUS))
    pause_ms = min(_PAUSE_MS * 2 ** min(batch.asked, 10), _LONGEST_PAUSE_MS)
    change_batch(batch, replace(batch, asked=batch.asked + 1, due_ms=now_ms + pause_ms))
    return []


def _after(worker: Worker, vendor: Confirming, claimed: Claimed, failed: Mapping[str, int]) -> list[Claimed]:
    batch, size = claimed.batch, len(claimed.batch.refs)
    count = sum(failed.values())
    if not count:
        return _all(batch, claimed.body, Outcome("CONFIRMED"))
    waits = [vendor.wait_of(reason) for reason in failed]
    if all(wait is not None for wait in waits) and batch.tries < _MOST_TRIES:
        due_ms = worker.clock() + max(wait or 0 for wait in waits) * SECOND_MS
        change_batch(batch, replace(batch, status="SENDING", tries=batch.tries + 1, unsure=False, due_ms=due_ms))
        return []
    if len(failed) == 1 and count >= size:
        return _all(batch, claimed.body, Outcome("REJECTED", next(iter(failed))))
    each = next((each for each in vendor.rules.groups if each < size), 1)
    changes = [(one, replace(one, status="INDETERMINATE")) for one in entries_of(batch).values() if not one.over]
    put_entries([*changes])
    return split(worker, claimed, groups(size, each))


def _all(batch: Batch, body: bodies.Body | None, outcome: Outcome) -> list[Claimed]:
    after = change_batch(batch, replace(batch, status="ANSWERED", outcomes=(outcome,) * len(batch.refs)))
    return [Claimed(after, body or bodies.NOTHING)] if after else []
