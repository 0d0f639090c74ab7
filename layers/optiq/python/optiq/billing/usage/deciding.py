"""Which events of a batch may be stored, and which are held."""

from collections.abc import Sequence

from optiq.billing.usage.contracts import Decision, HeldEvent
from optiq.billing.usage.holding import hold, split
from optiq.billing.usage.watching import Known, known_here, note_held, room_for
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.events import EventAccepted, encode


def decide(
    organization_id: str,
    shard: str,
    events: Sequence[tuple[int, EventAccepted]],
    *,
    clock: Clock = system_clock,
    known: Known = known_here,
) -> Decision:
    """Which events of a shard may not be stored now. Reads nothing of an organization that is far from its limit.

    Args:
        events: each with its sequence number.

    Raises:
        UpstreamError: the table does not answer.
    """
    full = room_for(organization_id, len(events), clock=clock, known=known)
    if full is None:
        return Decision()
    asked = [HeldEvent(sequence, event.received_ms, encode(event)) for sequence, event in events]
    before, now = split(organization_id, shard, asked, full.room or 0)
    return Decision(frozenset(before), tuple(now), full.allowed.allowed or 0)


def keep(
    organization_id: str,
    shard: str,
    decision: Decision,
    *,
    clock: Clock = system_clock,
    known: Known = known_here,
) -> None:
    """Holds what was decided to be held, after what was stored before it is counted. Raises UpstreamError."""
    if decision.now:
        hold(organization_id, shard, decision.now, decision.allowed, clock())
        note_held(organization_id, len(decision.now), clock=clock, known=known)
