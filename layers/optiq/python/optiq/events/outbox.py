"""The outbox: events are written with the change that they are about, and handed on after it."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from optiq.events import keys
from optiq.events.contracts import Event
from optiq.events.facts import adapter_of
from optiq.events.records import OutboxRecord
from optiq.kernel.clock import DAY_MS, MINUTE_MS, Clock, system_clock
from optiq.kernel.ids import new_id
from optiq.kernel.manifest import published_by
from optiq.kernel.table import Put, Update, update_if, write_together
from optiq.ports import wiring
from optiq.ports.bus import BusEvent

_LARGEST = 200_000
"""Characters of an event; the bus takes 256 KB."""
_AT_ONCE = 10
_EVENT = adapter_of(Event)


def event_of(publisher: str, organization_id: str, fact: Any, now_ms: int) -> Event:
    """An event that tells a fact.

    Args:
        fact: of a class that the publisher's manifest names in `publishes`.

    Raises:
        ValueError: the manifest does not name it, or the fact is too large.
    """
    kind = type(fact)
    if kind not in published_by(publisher):
        raise ValueError(f"the manifest of {publisher} does not have {kind.__name__} in `publishes`")
    data = adapter_of(kind).dump_python(fact, mode="json")
    event = Event(new_id("event", now_ms), kind.__name__, publisher, organization_id, now_ms, data)
    if len(_EVENT.dump_json(event)) > _LARGEST:
        raise ValueError(f"the {kind.__name__} is too large for an event")
    return event


def outbox_items(events: Sequence[Event]) -> list[Put]:
    """What is written together with the change that the events are about."""
    return [
        Put(
            OutboxRecord(
                *keys.outbox_item(event.organization_id, event.event_id),
                gsi1pk=keys.WAITING,
                gsi1sk=event.event_id,
                event=_EVENT.dump_json(event).decode(),
            ),
            OutboxRecord.pk.does_not_exist(),
        )
        for event in events
    ]


def publish(writes: Sequence[Put | Update], events: Sequence[Event]) -> bool:
    """Makes all writes and publishes all events, or does nothing: then some condition is not met.

    A change that has an entry in the audit log publishes by `audit.commit`.
    """
    return not write_together([*writes, *outbox_items(events)])


def waiting_event(image: Mapping[str, Mapping[str, str]]) -> Event | None:
    """The event in a new outbox item, as the table's stream has it; None when it was handed on meanwhile."""
    text = image.get("event", {}).get("S")
    return _EVENT.validate_json(text) if text else None


def hand_on(events: Sequence[Event], clock: Clock = system_clock) -> None:
    """Puts events on the bus, in their order, and marks them as handed on.

    Killed in between, it hands an event on again at the next call.

    Raises:
        UpstreamError: the bus did not take them. Those before were handed on.
    """
    rest = iter(events)
    while together := list(islice(rest, _AT_ONCE)):
        wiring.bus().put([_on_bus(event) for event in together])
        for event in together:
            _settle(event, clock())


def _settle(event: Event, now_ms: int) -> None:
    """The event was handed on: its text goes, and the item ends a day later."""
    names = (OutboxRecord.gsi1pk, OutboxRecord.gsi1sk, OutboxRecord.event)
    changes = [*(name.remove() for name in names), OutboxRecord.forget_at.set((now_ms + DAY_MS) // 1000)]
    record = OutboxRecord(*keys.outbox_item(event.organization_id, event.event_id))
    update_if(Update(record, changes, OutboxRecord.event.exists()))


def hand_on_waiting(clock: Clock = system_clock, *, age_ms: int = 15 * MINUTE_MS) -> int:
    """Hands on the events that have waited so long, the oldest first; returns how many. Raises UpstreamError."""
    before = new_id("event", clock() - age_ms + 1)
    found = OutboxRecord.by_second_key.query(keys.WAITING, OutboxRecord.gsi1sk < before, limit=100)
    waiting = [_EVENT.validate_json(record.event) for record in found if record.event]
    hand_on(waiting, clock)
    return len(waiting)


def _on_bus(event: Event) -> BusEvent:
    return BusEvent(
        source=f"optiq.{event.publisher}",
        kind=event.name,
        key=event.organization_id or event.event_id,
        organization_id=event.organization_id,
        at_ms=event.at_ms,
        detail=_EVENT.dump_json(event).decode(),
    )
