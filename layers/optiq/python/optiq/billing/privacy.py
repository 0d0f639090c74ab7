"""Events of a person that are held for want of room in the plan (kernel/person.py).

They are in no report, so nothing of them stays, whatever the mode. An event is the person's when it names them.
"""

import json
from collections.abc import Iterator, Mapping

from optiq.billing.usage import waiting
from optiq.billing.usage.contracts import HeldEvent
from optiq.billing.usage.records import HeldBatch
from optiq.kernel.clock import system_clock, to_rfc3339
from optiq.kernel.events import EventAccepted, decode
from optiq.kernel.person import Mode, Person, Row


def find(person: Person) -> Mapping[str, int]:
    return {"held_events": sum(1 for _ in _events_of(person))}


def export(person: Person) -> Iterator[tuple[str, Row]]:
    for _, event in _events_of(person):
        yield (
            "held_events",
            {
                "site_id": event.site_id,
                "event_id": event.event_id,
                "kind": event.kind,
                "name": event.name,
                "occurred_at": to_rfc3339(event.occurred_ms),
                "received_at": to_rfc3339(event.received_ms),
                "url": event.url,
                "value_micros": event.value_micros,
                "currency": event.currency,
                "order_id": event.order_id,
                "country": event.country,
                "city": event.city,
                "user_agent": event.user_agent,
                "properties": json.loads(event.properties or "{}"),
            },
        )


def erase(person: Person, mode: Mode) -> None:  # noqa: ARG001 - what is held is in no report
    """Raises UpstreamError where a batch is taken in just then: what was stored of it is found there the next time."""
    hashes, now_ms = _hashes_by_site(person), system_clock()
    for batch in {(batch.shard, batch.sequence): batch for batch, _ in _events_of(person)}.values():
        waiting.leave_out(person.organization_id, batch, lambda one: not _is_of(_read(one), person, hashes), now_ms)


def _events_of(person: Person) -> Iterator[tuple[HeldBatch, EventAccepted]]:
    hashes = _hashes_by_site(person)
    for batch in waiting.batches(person.organization_id, system_clock()):
        for one in waiting.opened(person.organization_id, batch):
            event = _read(one)
            if event is not None and _is_of(event, person, hashes):
                yield batch, event


def _read(held: HeldEvent) -> EventAccepted | None:
    event = decode(held.body)
    return event if isinstance(event, EventAccepted) else None


def _is_of(event: EventAccepted | None, person: Person, hashes: Mapping[str, frozenset[str]]) -> bool:
    if event is None or event.received_ms > person.erased_ms > 0:
        return False
    named = {identity.hash for identity in event.identities}
    return not named.isdisjoint(hashes.get(event.site_id, frozenset()) | {*person.hashes})


def _hashes_by_site(person: Person) -> dict[str, frozenset[str]]:
    """The identifiers that are the person's on each site, as events have them."""
    return {one.site_id: frozenset(name.removeprefix("cus_") for name in one.customers) for one in person.traces}
