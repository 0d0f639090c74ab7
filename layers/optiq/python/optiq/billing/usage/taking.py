"""Gives out held events once there is room for them: after a larger plan, a higher cap, or a payment.

Where nobody pays any more all is taken in.
"""

from collections.abc import Iterator

from optiq.billing.subscribing.seeing import terms_of
from optiq.billing.usage import holding
from optiq.billing.usage.contracts import TakenBatch
from optiq.billing.usage.month import Seen, seen_of
from optiq.billing.usage.records import HeldBatch
from optiq.kernel.clock import Clock, system_clock


def held_batches(clock: Clock = system_clock) -> Iterator[TakenBatch]:
    """Batches that may be taken in now, those of a shard in their order; each until it is ended (`holding.end`).

    Raises:
        UpstreamError: the table does not answer.
    """
    for organization_id in holding.organizations(clock()):
        yield from _of_organization(organization_id, clock)


def _of_organization(organization_id: str, clock: Clock) -> Iterator[TakenBatch]:
    waiting = holding.batches(organization_id, clock())
    if not waiting:
        return
    terms = terms_of(organization_id, clock)
    seen = seen_of(organization_id, terms, clock())
    room, full = seen.room, set[str]()
    for batch in waiting:
        # What is behind a batch that waits on its shard waits too: numbers of a shard count in their order.
        if batch.shard in full or not (batch.taken_ms or _may_take(batch, seen, room)):
            full.add(batch.shard)
            continue
        taken = holding.begin(organization_id, batch, clock())
        if taken is None:
            full.add(batch.shard)
            continue
        room = None if room is None else room - batch.events
        yield taken


def _may_take(batch: HeldBatch, seen: Seen, room: int | None) -> bool:
    """Whether more is allowed than when it was held, and there is room. A new month alone takes nothing in."""
    allowed = seen.allowed.allowed
    return (allowed is None or allowed > batch.allowed) and (room is None or room >= batch.events)
