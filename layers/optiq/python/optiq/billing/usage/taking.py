"""Gives out held events once there is room for them: after a larger plan, a higher cap, or a payment.

Where nobody pays any more all is taken in. Organizations take turns, and of one that has no room the first batches are
read, however many it has.
"""

from collections import deque
from collections.abc import Iterator
from itertools import islice

from optiq.billing.subscribing.seeing import terms_of
from optiq.billing.usage import holding, waiting
from optiq.billing.usage.contracts import TakenBatch
from optiq.billing.usage.month import Seen, seen_of
from optiq.billing.usage.records import HeldBatch
from optiq.kernel.clock import Clock, system_clock

_MOST_PASSED = 500
"""Batches of a shard that ended and are read past at a time."""


def held_batches(clock: Clock = system_clock) -> Iterator[TakenBatch]:
    """Batches that may be taken in now, those of a shard in their order; each until it is ended (`waiting.end`).

    Raises:
        UpstreamError: the table does not answer.
    """
    lines = deque(_of_organization(one, clock) for one in holding.organizations(clock()))
    while lines:
        line = lines.popleft()
        for batch in line:
            yield batch
            lines.append(line)
            break


def _of_organization(organization_id: str, clock: Clock) -> Iterator[TakenBatch]:
    seen: Seen | None = None
    given = 0
    for shard in waiting.shards(organization_id):
        # What is behind a batch that waits on its shard waits too: numbers of a shard count in their order.
        for batch in _lasting(organization_id, shard, clock):
            seen = seen or seen_of(organization_id, terms_of(organization_id, clock), clock())
            if not (batch.taken_ms or _may_take(batch, seen, given)):
                break
            taken = waiting.begin(organization_id, batch, clock())
            if taken is None:
                break
            given += batch.events
            yield taken


def _lasting(organization_id: str, shard: str, clock: Clock) -> Iterator[HeldBatch]:
    """The batches of a shard that have not ended. Those before the first are not read again."""
    batches = waiting.of_shard(organization_id, shard)
    first, passed = _first_lasting(batches, clock())
    if passed:
        waiting.pass_by(organization_id, shard, passed, clock())
    if first:
        yield first
        yield from (one for one in batches if not waiting.has_ended(one, clock()))


def _first_lasting(batches: Iterator[HeldBatch], now_ms: int) -> tuple[HeldBatch | None, str]:
    """The first that has not ended, if it is near, and the place of the one before it."""
    passed = ""
    for batch in islice(batches, _MOST_PASSED):
        if not waiting.has_ended(batch, now_ms):
            return batch, passed
        passed = batch.sequence
    return None, passed


def _may_take(batch: HeldBatch, seen: Seen, given: int) -> bool:
    """Whether more is allowed than when it was held, and there is room. A new month alone takes nothing in."""
    allowed = seen.allowed.allowed
    return (allowed is None or allowed > batch.allowed) and (seen.room is None or seen.room - given >= batch.events)
