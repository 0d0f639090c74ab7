"""What becomes of deliveries: added, claimed by one attempt, settled, put off, dropped, reported of."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from optiq.kernel.clock import MINUTE_MS
from optiq.kernel.records import entity_in
from optiq.kernel.table import Put, Update, key_start, update_if, write_together
from optiq.kernel.turns import in_turn
from optiq.notifications import keys
from optiq.notifications.contracts import Delivery, State
from optiq.notifications.outbox.contracts import Envelope, Outcome
from optiq.notifications.outbox.items.records import (
    DeliveryRecord,
    DueRecord,
    due_of,
    envelope_in,
    record_of,
)

LEASE_MS = 2 * MINUTE_MS
"""How long an attempt has a delivery for itself."""
_LONGEST_REASON = 200
_A_TURN, _LOOKED_AT = 100, 10
"""Deliveries of an organization in a turn; and how many times what is wanted is looked at for others' that are due."""
_ERASED = "erased"
"""The target of a mail of somebody who was erased."""
_TOGETHER = 50
"""Deliveries of two items each, in one transaction."""
_AFTER: dict[State, tuple[State, ...]] = {
    # Reports come in any order, a bounce perhaps before the carrier's own answer is noted: the later in a mail's life
    # counts.
    "DELIVERED": ("SENDING", "SENT"),
    "BOUNCED": ("SENDING", "SENT", "DELIVERED"),
    "COMPLAINED": ("SENDING", "SENT", "DELIVERED", "BOUNCED"),
    "FAILED": ("SENDING", "SENT"),
}


def add(delivery: Delivery, envelope: Envelope | None) -> bool:
    """Writes a delivery that is tried at its `next_ms`. Whether it was not there.

    Args:
        envelope: None for one that is too large for the table: who adds it sends it.
    """
    record = record_of(delivery, envelope)
    puts = [Put(record, DeliveryRecord.pk.does_not_exist())]
    if envelope is not None:
        puts.append(Put(due_of(delivery, delivery.next_ms), None))
    return not write_together(puts)


def find(organization_id: str, delivery_id: str) -> Delivery | None:
    try:
        record = DeliveryRecord.get(*keys.delivery(organization_id, delivery_id), consistent_read=True)
    except DeliveryRecord.DoesNotExist:
        return None
    return entity_in(Delivery, record)


def claim(organization_id: str, delivery_id: str, now_ms: int) -> tuple[Delivery, Envelope | None] | None:
    """A delivery for this attempt alone, until LEASE_MS from now; None when it is over, or another attempt has it."""
    record = DeliveryRecord(*keys.delivery(organization_id, delivery_id))
    status, leased = DeliveryRecord.status, DeliveryRecord.leased_until_ms
    changes = [
        status.set("SENDING"),
        leased.set(now_ms + LEASE_MS),
        DeliveryRecord.attempts.set(DeliveryRecord.attempts + 1),
        DeliveryRecord.changed_ms.set(now_ms),
    ]
    # The record then has what the table has.
    if not update_if(Update(record, changes, (status == "PENDING") | ((status == "SENDING") & (leased <= now_ms)))):
        return None
    return entity_in(Delivery, record), envelope_in(record)


def settle(
    delivery: Delivery, outcome: Outcome, now_ms: int, *, keeps_envelope: bool = False, is_swept: bool = True
) -> Delivery:
    """Writes what came of an attempt. What was reported meanwhile, such as a bounce, counts more.

    Args:
        is_swept: it is in the index of what is due, unless it is over.
    """
    waits = outcome.status == "PENDING"
    changes = [
        DeliveryRecord.status.set(outcome.status),
        DeliveryRecord.reason.set(outcome.reason[:_LONGEST_REASON]),
        DeliveryRecord.answer.set(outcome.answer),
        DeliveryRecord.next_ms.set(outcome.at_ms if waits else 0),
        DeliveryRecord.changed_ms.set(now_ms),
        *([DeliveryRecord.carrier_id.set(outcome.carrier_id)] if outcome.carrier_id else []),
        *([DeliveryRecord.sent_ms.set(now_ms)] if outcome.status == "SENT" else []),
        *([] if waits or keeps_envelope else [DeliveryRecord.sealed.remove()]),
    ]
    record = DeliveryRecord(*keys.delivery(delivery.organization_id, delivery.delivery_id))
    update = Update(record, changes, DeliveryRecord.status == "SENDING")
    due = [Put(due_of(delivery, outcome.at_ms if waits else 0), None)] if is_swept else []
    if write_together([update, *due]) and is_swept:
        write_together([Put(due_of(delivery, 0), None)])
    return find(delivery.organization_id, delivery.delivery_id) or delivery


def drop(deliveries: Sequence[Delivery], status: State, reason: str, now_ms: int, *, part_of: str = "") -> int:
    """Takes deliveries that wait out of what is sent. Returns how many still waited."""
    dropped = 0
    for start in range(0, len(deliveries), _TOGETHER):
        together = deliveries[start : start + _TOGETHER]
        writes = [_dropped(each, status, reason, now_ms, part_of) for each in together]
        if write_together([write for pair in writes for write in pair]):
            dropped += sum(not write_together(pair) for pair in writes)
        else:
            dropped += len(together)
    return dropped


def put_off(delivery: Delivery, until_ms: int, *, merges: bool = False) -> None:
    """A delivery that waits is tried at another time.

    Args:
        merges: it becomes one message with what else waits until then.
    """
    record = DeliveryRecord(*keys.delivery(delivery.organization_id, delivery.delivery_id))
    changes = [DeliveryRecord.next_ms.set(until_ms), *([DeliveryRecord.waits.set(True)] if merges else [])]
    waiting = Update(record, changes, DeliveryRecord.status == "PENDING")
    write_together([waiting, Put(due_of(delivery, until_ms), None)])


def begin_again(delivery: Delivery, now_ms: int) -> bool:
    """A delivery that is over is tried again from the beginning. Whether it is over and its envelope is kept."""
    changes = [
        DeliveryRecord.status.set("PENDING"),
        DeliveryRecord.attempts.set(0),
        DeliveryRecord.next_ms.set(now_ms),
        DeliveryRecord.changed_ms.set(now_ms),
    ]
    record = DeliveryRecord(*keys.delivery(delivery.organization_id, delivery.delivery_id))
    over = ~DeliveryRecord.status.is_in("PENDING", "SENDING") & DeliveryRecord.sealed.exists()
    return not write_together([Update(record, changes, over), Put(due_of(delivery, now_ms), None)])


def report(organization_id: str, delivery_id: str, status: State, reason: str, now_ms: int) -> bool:
    """Notes a later report. False for an unknown delivery, or one with this or a later status."""
    changes = [
        DeliveryRecord.status.set(status),
        DeliveryRecord.reason.set(reason[:_LONGEST_REASON]),
        DeliveryRecord.changed_ms.set(now_ms),
    ]
    record = DeliveryRecord(*keys.delivery(organization_id, delivery_id))
    return update_if(Update(record, changes, DeliveryRecord.status.is_in(*_AFTER[status])))


def note_reading(organization_id: str, delivery_id: str, *, clicked: bool, now_ms: int) -> bool:
    """Notes that a mail was opened, or a link of it followed, for the first time."""
    attribute = DeliveryRecord.clicked_ms if clicked else DeliveryRecord.opened_ms
    record = DeliveryRecord(*keys.delivery(organization_id, delivery_id))
    return update_if(Update(record, [attribute.set(now_ms)], DeliveryRecord.pk.exists() & (attribute == 0)))


def due_by(now_ms: int, limit: int) -> list[Delivery]:
    """What is due, the longest due first, organizations in turn; right to a second or so."""
    found = DueRecord.by_second_key.query(keys.DUE, DueRecord.gsi1sk < f"{now_ms + 1:015d}", limit=_LOOKED_AT * limit)
    first = in_turn(found, lambda one: str(one.organization_id), _A_TURN)[:limit]
    keys_found = (keys.delivery(one.organization_id, one.delivery_id) for one in first)
    places = [(key.pk, key.sk) for key in keys_found]
    by_place = {(one.pk, one.sk): entity_in(Delivery, one) for one in DeliveryRecord.batch_get(places)}
    return [by_place[place] for place in places if place in by_place]


def waiting_envelopes(deliveries: Sequence[Delivery]) -> Iterator[tuple[Delivery, Envelope]]:
    """Those of several deliveries that still wait, with what they carry."""
    places = [tuple(keys.delivery(one.organization_id, one.delivery_id)) for one in deliveries]
    found = {record.delivery_id: record for record in DeliveryRecord.batch_get(places, consistent_read=True)}
    for one in deliveries:
        record = found.get(one.delivery_id)
        envelope = envelope_in(record) if record and record.status == "PENDING" else None
        if record and envelope:
            yield entity_in(Delivery, record), envelope


def to_target(target: str, limit: int, before: str = "") -> list[Delivery]:
    """The latest deliveries to a target, newest first; right to a second or so."""
    below = DeliveryRecord.gsi1sk < before if before else None
    found = DeliveryRecord.by_second_key.query(keys.deliveries_to(target), below, scan_index_forward=False, limit=limit)
    return [entity_in(Delivery, record) for record in found]


def of_channel(organization_id: str, channel: str, limit: int, after: str, now_ms: int) -> list[Delivery]:
    """An organization's deliveries on a channel, newest first, from `after` on."""
    start = keys.delivery(organization_id, f"{channel.lower()}_")
    found: Iterable[DeliveryRecord] = DeliveryRecord.query(
        start.pk,
        DeliveryRecord.sk.startswith(start.sk),
        filter_condition=DeliveryRecord.lasting(now_ms),
        scan_index_forward=False,
        limit=limit,
        last_evaluated_key=key_start(keys.delivery(organization_id, after)) if after else None,
    )
    return [entity_in(Delivery, record) for record in found]


def _dropped(delivery: Delivery, status: State, reason: str, now_ms: int, part_of: str) -> tuple[Update, Put]:
    changes = [
        DeliveryRecord.status.set(status),
        DeliveryRecord.reason.set(reason),
        DeliveryRecord.part_of.set(part_of),
        DeliveryRecord.next_ms.set(0),
        DeliveryRecord.changed_ms.set(now_ms),
        DeliveryRecord.sealed.remove(),
    ]
    record = DeliveryRecord(*keys.delivery(delivery.organization_id, delivery.delivery_id))
    return Update(record, changes, DeliveryRecord.status == "PENDING"), Put(due_of(delivery, 0), None)


def mails_of(organization_id: str, target: str) -> Iterator[DeliveryRecord]:
    """All mails of an organization to an address, as they are."""
    start = keys.delivery(organization_id, "mail_")
    to_it = DeliveryRecord.target == target
    yield from DeliveryRecord.query(start.pk, DeliveryRecord.sk.startswith(start.sk), to_it, consistent_read=True)


def records_to(target: str) -> Iterator[DeliveryRecord]:
    """All deliveries to a target, as they are."""
    for found in DeliveryRecord.by_second_key.query(keys.deliveries_to(target)):
        with suppress(DeliveryRecord.DoesNotExist):
            yield DeliveryRecord.get(found.pk, found.sk, consistent_read=True)


def erase(record: DeliveryRecord, now_ms: int) -> None:
    """Takes everything personal out of a mail's entry, which is sent no more."""
    changes = [
        DeliveryRecord.target.set(_ERASED),
        DeliveryRecord.gsi1pk.remove(),
        DeliveryRecord.gsi1sk.remove(),
        DeliveryRecord.sealed.remove(),
        *(each.set("") for each in (DeliveryRecord.subject, DeliveryRecord.user_id, DeliveryRecord.about)),
        *(each.set("") for each in (DeliveryRecord.reason, DeliveryRecord.carrier_id)),
        DeliveryRecord.status.set("SUPPRESSED" if record.status in ("PENDING", "SENDING") else record.status),
        DeliveryRecord.changed_ms.set(now_ms),
    ]
    write_together([Update(DeliveryRecord(record.pk, record.sk), changes, DeliveryRecord.pk.exists())])
    write_together([Put(due_of(entity_in(Delivery, record), 0), None)])
