"""Refunds and new values of conversions, which go the way of every event."""

from optiq.audit import api as audit
from optiq.audit.contracts import Change, Fields
from optiq.journeys import conversions
from optiq.journeys.contracts import Conversion
from optiq.journeys.corrections import adjustment_event, refund_event
from optiq.kernel.caller import Caller
from optiq.kernel.clock import system_clock
from optiq.kernel.errors import InvalidError
from optiq.kernel.events import EventAccepted, encode
from optiq.ports import wiring
from optiq.ports.stream import Record
from optiq.tenancy import api as tenancy


def refund_conversion(
    organization_id: str,
    site_id: str,
    conversion_id: str,
    amount_micros: int | None,
    refund_id: str,
    *,
    by: Caller | None = None,
) -> None:
    """Takes an amount of the conversion's currency off it, or all of it; its credits follow soon after.

    The refund goes the way of every event, so it is counted, kept and replayed like one; the same `refund_id`
    again is a duplicate. The entry of who made it stands in the organization's book before it goes.

    Args:
        by: who makes it; without, it is the operator.

    Raises:
        NotFoundError: there is no such conversion.
        InvalidError: an amount that is not positive.
        UpstreamError: it was not taken in; send it again.
    """
    if amount_micros is not None and amount_micros <= 0:
        raise InvalidError("amount: must be positive")
    conversion = conversions.get(organization_id, site_id, conversion_id)
    said: Fields = {"refund_id": refund_id, "amount_micros": amount_micros}
    _note(by or tenancy.operator(organization_id), "conversion.refunded", conversion, said)
    _tell(refund_event(conversion, amount_micros, refund_id, system_clock()), conversion)


def adjust_conversion(
    organization_id: str,
    site_id: str,
    conversion_id: str,
    value_micros: int,
    adjustment_id: str,
    *,
    by: Caller | None = None,
) -> None:
    """Says what a conversion is worth from now on, in its currency; its credits follow soon after.

    What was refunded before is in that value; what is refunded later comes off it. Otherwise it goes as a refund does.

    Raises:
        NotFoundError: there is no such conversion.
        InvalidError: a value below zero.
        UpstreamError: it was not taken in; send it again.
    """
    if value_micros < 0:
        raise InvalidError("value: must not be negative")
    conversion = conversions.get(organization_id, site_id, conversion_id)
    said: Fields = {"adjustment_id": adjustment_id, "value_micros": value_micros}
    _note(by or tenancy.operator(organization_id), "conversion.adjusted", conversion, said)
    _tell(adjustment_event(conversion, value_micros, adjustment_id, system_clock()), conversion)


def _note(by: Caller, action: str, conversion: Conversion, said: Fields) -> None:
    before: Fields = {"value_micros": conversion.value_micros, "currency": conversion.currency}
    audit.commit([], [Change(by.organization_id, by.actor, action, conversion.conversion_id, before, said, by.origin)])


def _tell(event: EventAccepted, conversion: Conversion) -> None:
    wiring.stream().put(
        [Record(f"{event.site_id}:{conversion.customer_id}", event.type, encode(event), event.organization_id)]
    )
