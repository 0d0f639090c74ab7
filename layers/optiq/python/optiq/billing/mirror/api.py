"""The mirror of Stripe, for the functions that bring it up to date."""

from collections.abc import Iterable

from optiq.billing.gateways.api import gateway
from optiq.billing.gateways.contract import Reading
from optiq.billing.mirror.mirroring import Mirror
from optiq.billing.mirror.performing import Performer
from optiq.billing.mirror.shelf import TableShelf
from optiq.billing.webhooks.contracts import StripeChanged
from optiq.kernel.clock import Clock, system_clock


def mirror_changes(changes: Iterable[StripeChanged], clock: Clock = system_clock, asked: Reading | None = None) -> None:
    """Mirrors what changed, once for each event; what cannot be read is noted for staff.

    Raises:
        UpstreamError: Stripe or the table does not answer. The same changes may come again.
    """
    found = asked or gateway()
    shelf = TableShelf(clock)
    mirror = Mirror(found, shelf, Performer(found, clock))
    for change in changes:
        if not shelf.was_seen(change.event_id):
            mirror.mirror_or_note(change.kind, change.object_id)
            shelf.mark_seen(change.event_id)


def mirror_now(kind: str, object_id: str, asked: Reading, clock: Clock = system_clock) -> None:
    """Mirrors an object that was just changed, so that nobody waits for its event. Raises UpstreamError."""
    Mirror(asked, TableShelf(clock), Performer(asked, clock)).mirror(kind, object_id)
