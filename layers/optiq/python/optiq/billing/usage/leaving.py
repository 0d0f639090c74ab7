"""Removes the held events of sites that are deleted: no report has them, so nothing of them stays."""

from collections.abc import Collection

from optiq.billing.usage import waiting
from optiq.billing.usage.contracts import HeldEvent
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.events import EventAccepted, decode


def leave_out_sites(organization_id: str, site_ids: Collection[str], place: str, *, clock: Clock = system_clock) -> str:
    """Goes through some batches, and says where to go on; "" once it is through. Repeated, it changes nothing.

    Raises:
        UpstreamError: a batch is taken in just then; try again.
    """
    found, behind = waiting.page(organization_id, place)
    now_ms = clock()
    for batch in found:
        if not waiting.has_ended(batch, now_ms):
            waiting.leave_out(organization_id, batch, lambda one: _site_of(one) not in site_ids, now_ms)
    return behind


def _site_of(held: HeldEvent) -> str:
    event = decode(held.body)
    return event.site_id if isinstance(event, EventAccepted) else ""
