"""What cannot be accepted, as it is kept: its beginning at most where it is too large or of nobody we know."""

import base64
import secrets

from optiq.collect.contracts import Delivery, OversizeError, Sender
from optiq.collect.hiding import Hider
from optiq.collect.kept_bodies import kept_body
from optiq.kernel.errors import OptiqError
from optiq.kernel.events import EventRejected, encode
from optiq.ports import wiring
from optiq.ports.stream import Record

MAX_KEPT_BYTES = 512 * 1024
"""How much of a refused body is kept; more can only be something that was never an event."""
MAX_BEGINNING_BYTES = 8 * 1024
"""And of one that names no site we know, because anybody can send those, or that is refused for its size."""
MAX_REASON = 500


def rejection(
    delivery: Delivery, error: OptiqError, sender: Sender | None, *, refused: bool = False, not_kept: int = 0
) -> Record:
    """The record of a request, or of one event of it.

    Args:
        refused: its sender may not send.
        not_kept: how many were only counted since the last that was kept.
    """
    hider = Hider(wiring.platform_secret(), sender.organization_id if sender else "", kept=True)
    most = MAX_KEPT_BYTES if sender and not isinstance(error, OversizeError) else MAX_BEGINNING_BYTES
    body = kept_body(delivery.body, delivery.source, delivery.encoding, hider, most)
    rejected = EventRejected(
        organization_id=sender.organization_id if sender else "",
        site_id=sender.site_id if sender else "",
        token_id=sender.token_id if sender else "",
        receipt=secrets.token_urlsafe(9),
        received_ms=delivery.received_ms,
        source=delivery.source,
        user_agent=hider.text(delivery.user_agent),
        refused=refused,
        reason=hider.text(str(error))[:MAX_REASON],
        not_kept=not_kept,
        body=base64.b64encode(body).decode(),
    )
    return Record(f"{rejected.site_id}:{rejected.receipt}", rejected.type, encode(rejected), rejected.organization_id)
