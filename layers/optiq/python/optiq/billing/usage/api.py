"""Usage: the events that each organization stored, counted behind the stream, and what follows from how many."""

from collections.abc import Sequence

from optiq.billing.usage import counting
from optiq.billing.usage.contracts import StoredEvent
from optiq.billing.usage.seeing import usage_of, usage_of_invoice
from optiq.billing.usage.simulating import simulate
from optiq.billing.usage.watching import watch

__all__ = ["count", "simulate", "usage_of", "usage_of_invoice"]


def count(organization_id: str, shard: str, stored: Sequence[StoredEvent]) -> None:
    """Adds a shard's stored events to what its organization used, each once, and watches its limit.

    Raises:
        UpstreamError: let the same events come again.
    """
    counting.count(organization_id, shard, stored)
    watch(organization_id, len(stored))
