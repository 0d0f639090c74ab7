"""Usage: the events that each organization stored, counted behind the stream, and what follows from how many."""

from collections.abc import Sequence

from optiq.billing.usage import counting
from optiq.billing.usage.admitting import require_room
from optiq.billing.usage.contracts import StoredEvent
from optiq.billing.usage.deciding import decide, keep
from optiq.billing.usage.held_sums import HELD_DAYS
from optiq.billing.usage.holding import may_hold
from optiq.billing.usage.leaving import leave_out_sites
from optiq.billing.usage.marking import note_marks
from optiq.billing.usage.seeing import usage_of, usage_of_invoice
from optiq.billing.usage.simulating import simulate
from optiq.billing.usage.spending import note_spend, spend_month_of
from optiq.billing.usage.stopping import let_in_again
from optiq.billing.usage.taking import held_batches
from optiq.billing.usage.waiting import end
from optiq.billing.usage.watching import watch

__all__ = [
    "HELD_DAYS",
    "count",
    "decide",
    "end",
    "held_batches",
    "keep",
    "leave_out_sites",
    "let_in_again",
    "may_hold",
    "note_marks",
    "note_spend",
    "require_room",
    "simulate",
    "spend_month_of",
    "usage_of",
    "usage_of_invoice",
]


def count(organization_id: str, shard: str, stored: Sequence[StoredEvent]) -> set[int]:
    """Adds a shard's stored events to what its organization used, each once, and watches its limit.

    Returns:
        The sequence numbers of those that another consumer held before: they count when they are taken in.

    Raises:
        UpstreamError: let the same events come again.
    """
    held = counting.count(organization_id, shard, stored)
    watch(organization_id, len(stored))
    return held
