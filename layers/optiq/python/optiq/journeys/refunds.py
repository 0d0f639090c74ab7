"""A refund made through the API, as the event a sender would have told."""

import secrets
from hashlib import blake2b

from optiq.journeys.contracts import Conversion
from optiq.journeys.journey import refund_of
from optiq.kernel.events import EventAccepted, Identity


def refund_event(conversion: Conversion, amount_micros: int | None, refund_id: str, now_ms: int) -> EventAccepted:
    """The event that takes an amount, or everything, off a conversion."""
    said = f"{conversion.conversion_id}:{refund_id}:{amount_micros}"
    return EventAccepted(
        organization_id=conversion.organization_id,
        site_id=conversion.site_id,
        event_id=f"refund.{conversion.conversion_id}.{refund_id}",
        # Nobody outside can take such an id from this conversion: it is looked for in its customer's history.
        own_id=True,
        receipt=secrets.token_urlsafe(6),
        digest=blake2b(said.encode(), digest_size=8).hexdigest(),
        kind="TRACK",
        name="Order Refunded",
        identities=(Identity(type="anonymous_id", hash=conversion.customer_id.removeprefix("cus_")),),
        occurred_ms=now_ms,
        received_ms=now_ms,
        value_micros=amount_micros,
        currency=conversion.currency,
        order_id=refund_of(conversion.conversion_id),
    )
