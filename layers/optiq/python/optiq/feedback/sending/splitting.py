"""Smaller batches in place of one that was refused, or of which some events were: with them it is found which.

Bodies come first. Then the batch ends and its parts begin in one transaction.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from optiq.feedback.outbox import bodies
from optiq.feedback.outbox.contracts import Batch, Outcome
from optiq.feedback.outbox.stores import split_batch
from optiq.feedback.sending.building import Claimed
from optiq.feedback.sending.working import Worker
from optiq.kernel.ids import new_id

Places = Sequence[int]


def halves(size: int) -> list[Places]:
    middle = (size + 1) // 2
    return [range(middle), range(middle, size)]


def without(size: int, decided: Collection[int]) -> list[Places]:
    """Those of which it is known what becomes of them, and the others."""
    return [sorted(decided), [place for place in range(size) if place not in decided]]


def groups(size: int, each: int) -> list[Places]:
    return [range(start, min(start + each, size)) for start in range(0, size, each)]


def split(
    worker: Worker,
    parent: Claimed,
    parts: Sequence[Places],
    decided: Mapping[int, Outcome] | None = None,
    *,
    keeps_window: bool = False,
) -> list[Claimed]:
    """Writes a batch for each part; returns those that are written.

    Args:
        decided: events of which it is known what becomes of them. They are a part of their own.
        keeps_window: the platform may have taken events of the batch already.
    """
    now_ms, before = worker.clock(), parent.batch
    children = [_child(before, parent.body, places, decided or {}, now_ms) for places in parts if places]
    if not keeps_window:
        children = [replace(one, batch=replace(one.batch, first_ms=None, unsure=False)) for one in children]
    for one in children:
        bodies.write(one.batch, bodies.sealed(worker.where[0], one.batch.batch_id, one.body), now_ms)
    closed = replace(before, status="CLOSED", due_ms=None)
    if not split_batch(before, closed, [one.batch for one in children]):
        return []
    bodies.empty(before, now_ms)
    return children


def _child(parent: Batch, body: bodies.Body, places: Places, decided: Mapping[int, Outcome], now_ms: int) -> Claimed:
    part = body.part(places)
    outcomes = tuple(decided[place] for place in places if place in decided)
    batch = replace(
        parent,
        batch_id=new_id("fbatch", now_ms),
        refs=tuple(parent.refs[place] for place in places),
        status="ANSWERED" if outcomes else "SENDING",
        outcomes=outcomes,
        created_ms=now_ms,
        due_ms=now_ms,
        digest=part.digest,
        asked=0,
        tries=0,
        version=0,
    )
    return Claimed(batch, part)
