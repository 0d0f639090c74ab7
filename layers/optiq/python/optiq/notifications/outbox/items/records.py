"""Deliveries in the table, and when each is due. A delivery is forgotten after KEPT_DAYS.

A delivery that is to be tried has a second item, which alone is in the index of what is due: the delivery's own place
in the index is among those to its target.
"""

from dataclasses import replace

from pydantic import TypeAdapter
from pynamodb.attributes import BinaryAttribute, BooleanAttribute, NumberAttribute, UnicodeAttribute

from optiq.kernel.clock import DAY_MS, SECOND_MS
from optiq.kernel.records import values_of
from optiq.kernel.sealing import seal, unseal
from optiq.kernel.table import BySecondKey
from optiq.kernel.table_ending import Temporary
from optiq.notifications import keys
from optiq.notifications.contracts import Delivery
from optiq.notifications.outbox.contracts import Envelope

KEPT_DAYS = 90
_ENVELOPE = TypeAdapter(Envelope)
_PURPOSE = "delivery"


class DeliveryRecord(Temporary):
    """One delivery; a target's by time. `sealed` is its envelope, until it needs none any more."""

    by_second_key = BySecondKey()

    organization_id = UnicodeAttribute(default="")
    delivery_id = UnicodeAttribute()
    channel = UnicodeAttribute()
    target = UnicodeAttribute()
    kind = UnicodeAttribute()
    subject = UnicodeAttribute()
    about = UnicodeAttribute(default="")
    user_id = UnicodeAttribute(default="")
    site_id = UnicodeAttribute(default="")
    topic = UnicodeAttribute(default="")
    needs = UnicodeAttribute(default="")
    severity = UnicodeAttribute(default="INFO")
    merges = BooleanAttribute(default=False)
    waits = BooleanAttribute(default=False)
    status = UnicodeAttribute()
    reason = UnicodeAttribute(default="")
    attempts = NumberAttribute(default=0)
    answer = NumberAttribute(default=0)
    part_of = UnicodeAttribute(default="")
    next_ms = NumberAttribute(default=0)
    valid_until_ms = NumberAttribute(default=0)
    sent_ms = NumberAttribute(default=0)
    opened_ms = NumberAttribute(default=0)
    clicked_ms = NumberAttribute(default=0)
    created_ms = NumberAttribute()
    changed_ms = NumberAttribute()
    leased_until_ms = NumberAttribute(default=0)
    carrier_id = UnicodeAttribute(default="")
    sealed = BinaryAttribute(legacy_encoding=False, null=True)


class DueRecord(Temporary):
    """When a delivery is tried next; out of the index once it is over."""

    by_second_key = BySecondKey()

    organization_id = UnicodeAttribute(default="")
    delivery_id = UnicodeAttribute(default="")


def record_of(delivery: Delivery, envelope: Envelope | None) -> DeliveryRecord:
    """The item of a delivery; `envelope` is sealed in it."""
    key = keys.delivery(delivery.organization_id, delivery.delivery_id)
    delivery = replace(delivery, changed_ms=delivery.changed_ms or delivery.created_ms)
    sealed = envelope and seal(_ENVELOPE.dump_json(envelope), "/".join(key), _PURPOSE, delivery.organization_id)
    return DeliveryRecord(
        *key,
        gsi1pk=keys.deliveries_to(delivery.target),
        gsi1sk=delivery.delivery_id,
        sealed=sealed,
        forget_at=_forget_at(delivery),
        **values_of(delivery),
    )


def envelope_in(record: DeliveryRecord) -> Envelope | None:
    if record.sealed is None:
        return None
    return _ENVELOPE.validate_json(unseal(record.sealed, f"{record.pk}/{record.sk}", _PURPOSE, record.organization_id))


def due_of(delivery: Delivery, at_ms: int) -> DueRecord:
    """When a delivery is tried next; 0 for never."""
    record = DueRecord(*keys.due(delivery.organization_id, delivery.delivery_id), forget_at=_forget_at(delivery))
    record.organization_id, record.delivery_id = delivery.organization_id, delivery.delivery_id
    if at_ms:
        record.gsi1pk, record.gsi1sk = keys.DUE, f"{at_ms:015d}#{delivery.delivery_id}"
    return record


def _forget_at(delivery: Delivery) -> int:
    return (delivery.created_ms + KEPT_DAYS * DAY_MS) // SECOND_MS
