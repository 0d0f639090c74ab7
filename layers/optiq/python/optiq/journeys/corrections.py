"""A refund or an adjustment made through the API, as the event a sender would have told."""

import secrets
from hashlib import blake2b

from optiq.journeys.contracts import Conversion
from optiq.journeys.ordering import number_of_conversion
from optiq.kernel.events import OF_API, REFUNDED, UPDATED, EventAccepted, Identity


def refund_event(conversion: Conversion, amount_micros: int | None, refund_id: str, now_ms: int) -> EventAccepted:
    """The event that takes an amount, or everything, off a conversion."""
    event_id = f"{OF_API}refund.{conversion.conversion_id}.{refund_id}"
    return _event(conversion, REFUNDED, event_id, amount_micros, now_ms, refund_id)


def adjustment_event(conversion: Conversion, value_micros: int, adjustment_id: str, now_ms: int) -> EventAccepted:
    """The event that says what a conversion is worth from now on."""
    event_id = f"{OF_API}adjustment.{conversion.conversion_id}.{adjustment_id}"
    return _event(conversion, UPDATED, event_id, value_micros, now_ms)


def _event(
    conversion: Conversion, name: str, event_id: str, micros: int | None, now_ms: int, refund_id: str = ""
) -> EventAccepted:
    return EventAccepted(
        organization_id=conversion.organization_id,
        site_id=conversion.site_id,
        event_id=event_id,
        from_server=True,
        receipt=secrets.token_urlsafe(6),
        digest=blake2b(f"{event_id}:{micros}".encode(), digest_size=8).hexdigest(),
        kind="TRACK",
        name=name,
        identities=(Identity(type="anonymous_id", hash=conversion.customer_id.removeprefix("cus_")),),
        occurred_ms=now_ms,
        received_ms=now_ms,
        value_micros=micros,
        currency=conversion.currency,
        order_id=number_of_conversion(conversion),
        refund_id=refund_id,
    )
