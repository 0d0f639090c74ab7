"""Takes a batch of accepted events into their customers' histories; the batch may be a replay of itself."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Literal

from optiq.journeys.customers import Customer, Customers, Person
from optiq.journeys.history import Fact, fact_of
from optiq.journeys.records import EventClaimRecord
from optiq.kernel import keys
from optiq.kernel.errors import UpstreamError
from optiq.kernel.events import EventAccepted
from optiq.tenancy.contracts import Site

_ATTEMPTS = 10

Result = Literal["STORED", "DUPLICATE", "CONFLICT"]


@dataclass(slots=True)
class Change:
    """What a batch brought to one person.

    Attributes:
        stored: the events of this batch that stand in the history by their own delivery, replayed ones included.
        linked: two customers became one person.
    """

    person: Person
    stored: list[EventAccepted] = field(default_factory=list)
    linked: bool = False


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of each event, by its receipt, and of each person concerned."""

    results: dict[str, Result]
    changes: list[Change]


def record(site: Site, events: Sequence[EventAccepted]) -> Recorded:
    """Stores what is new, and says what of the batch stands.

    Raises:
        UpstreamError: others kept changing the same customers; try again.
    """
    conflicts = _claim_ids(site, [event for event in events if not event.own_id])
    results: dict[str, Result] = dict.fromkeys(conflicts, "CONFLICT")
    accepted = [event for event in events if event.receipt not in results]
    customers = Customers(site.organization_id, site.site_id)
    pending: Iterable[str] = {c for event in accepted for c in _customer_ids(event)}
    for _ in range(_ATTEMPTS):
        customers.load(pending, afresh=True)
        for event in accepted:
            results[event.receipt] = _apply(event, customers)
        pending = customers.commit()
        if not pending:
            return Recorded(results, _changes(customers, accepted, results))
    raise UpstreamError("customers kept changing while their events were stored", retryable=True)


def _customer_ids(event: EventAccepted) -> list[str]:
    return [f"cus_{hashed}" for hashed in (event.user, event.anonymous) if hashed]


def _apply(event: EventAccepted, customers: Customers) -> Result:
    owner, *others = (customers.get(customer_id) for customer_id in _customer_ids(event))
    known = _find(event.event_id, [*customers.person_of(owner.customer_id).customers, *others])
    if known is None:
        owner.add(fact_of(event))
    elif known.receipt != event.receipt:
        return "DUPLICATE" if known.digest == event.digest else "CONFLICT"
    for anonymous in others:
        anonymous.link_to(owner, event.receipt)
    return "STORED"


def _find(event_id: str, customers: Iterable[Customer]) -> Fact | None:
    return next((c.by_event_id[event_id] for c in customers if event_id in c.by_event_id), None)


def _changes(customers: Customers, events: Sequence[EventAccepted], results: dict[str, Result]) -> list[Change]:
    by_owner: dict[str, list[EventAccepted]] = defaultdict(list)
    for event in events:
        if results[event.receipt] == "STORED":
            by_owner[_customer_ids(event)[0]].append(event)
    # Somebody else may have committed to another of a person's customers since we loaded it: whoever
    # commits last must see all of them.
    shared = {c.customer_id for owner in by_owner for c in customers.person_of(owner).customers}
    alone = {owner for owner in by_owner if len(customers.person_of(owner).customers) == 1}
    customers.load(shared - alone, afresh=True)
    changes: dict[str, Change] = {}
    for owner, stored in by_owner.items():
        person = customers.person_of(owner)
        change = changes.setdefault(person.customer_id, Change(person))
        change.stored += stored
        receipts = {event.receipt for event in stored}
        change.linked |= any(customer.linked_by in receipts for customer in person.customers)
    return list(changes.values())


def _claim_ids(site: Site, events: Sequence[EventAccepted]) -> set[str]:
    """Claims the ids that do not prove whose they are; returns the receipts of those that mean something else.

    Two consumers that claim one new id within the same instant both succeed; each still stores it once for
    its own customer.
    """
    said: dict[keys.Key, str] = {}
    for event in events:
        said.setdefault(_claim_key(site, event), event.digest)
    claimed = {
        keys.Key(record.pk, record.sk): str(record.digest)
        for record in EventClaimRecord.batch_get(list(said), consistent_read=True)
    }
    with EventClaimRecord.batch_write() as batch:
        for key, digest in said.items():
            if key not in claimed:
                batch.save(EventClaimRecord(key.pk, key.sk, digest=digest))
    said |= claimed
    return {event.receipt for event in events if said[_claim_key(site, event)] != event.digest}


def _claim_key(site: Site, event: EventAccepted) -> keys.Key:
    digest = blake2b(event.event_id.encode(), digest_size=12).hexdigest()
    return keys.event_claim(site.organization_id, site.site_id, digest)
