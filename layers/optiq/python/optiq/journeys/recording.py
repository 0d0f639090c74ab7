"""Takes a batch of accepted events into their customers' histories; the batch may be a replay of itself."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Literal

from optiq.journeys.customers import Customer, Customers, Person
from optiq.journeys.history import Fact, fact_of
from optiq.journeys.records import EventClaimRecord
from optiq.kernel import keys
from optiq.kernel.errors import UpstreamError
from optiq.kernel.events import EventAccepted, IdentityType
from optiq.kernel.table import Put, put_each
from optiq.tenancy.contracts import Site

_ATTEMPTS = 10
_NOT_THERE = EventClaimRecord.pk.does_not_exist()

Result = Literal["STORED", "DUPLICATE", "CONFLICT"]
Names = dict[str, IdentityType]
"""The customers an event names, the one that holds its facts first."""


@dataclass(slots=True)
class Change:
    """What a batch brought to one person.

    Attributes:
        stored: the events of this batch that stand in the history by their own delivery, replayed ones included.
        linked: who belongs to the person changed, or may have.
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
    named = [(event, _named(event)) for event in accepted]
    pending = {customer_id: kind for _, names in named for customer_id, kind in names.items()}
    for _ in range(_ATTEMPTS):
        customers.load(pending, afresh=True)
        for event, names in named:
            results[event.receipt] = _apply(event, names, customers)
        pending = customers.commit()
        if not pending:
            return Recorded(results, _changes(customers, named, results))
    raise UpstreamError("customers kept changing while their events were stored", retryable=True)


def _named(event: EventAccepted) -> Names:
    return {f"cus_{identity.hash}": identity.type for identity in event.identities}


def _apply(event: EventAccepted, names: Names, customers: Customers) -> Result:
    owner, *others = map(customers.get, names)
    known = _find(event.event_id, (owner, *others))
    if known is None:
        owner.add(fact_of(event))
    elif known.receipt != event.receipt:
        return "DUPLICATE" if known.digest == event.digest else "CONFLICT"
    source = "login" if event.kind == "IDENTIFY" else "sdk"
    for other in others:
        customers.join(owner, other, source, event.occurred_ms, event.event_id)
    return "STORED"


def _be_the_latest(
    customers: Customers, owners: Mapping[str, IdentityType], everybody: Mapping[str, IdentityType]
) -> None:
    """Makes this batch's customers the last changed of their persons.

    Two consumers may change two customers of one person at once, and the one whose clock is behind sees both
    changes under a revision that the other has told without its own. Changing its customer again, it is later.
    """
    for _ in range(_ATTEMPTS):
        for person in {p.customer_id: p for p in map(customers.person_of, owners)}.values():
            mine = [customer for customer in person.customers if customer.customer_id in owners]
            latest_other = max((c.version for c in person.customers if c.customer_id not in owners), default=-1)
            if max(customer.version for customer in mine) <= latest_other:
                mine[0].version, mine[0].changed = latest_other, True
        if not customers.has_changes():
            return
        customers.commit()
        customers.load(everybody, afresh=True)
    raise UpstreamError("customers kept changing while their events were told", retryable=True)


def _linked(owner: Customer, names: Iterable[str], customers: Customers) -> Iterator[Customer]:
    """The customers named with an owner that know of their link to it."""
    return (other for name in names if owner.customer_id in (other := customers.get(name)).links)


def _find(event_id: str, customers: Iterable[Customer]) -> Fact | None:
    return next((c.by_event_id[event_id] for c in customers if event_id in c.by_event_id), None)


def _changes(
    customers: Customers, named: Sequence[tuple[EventAccepted, Names]], results: Mapping[str, Result]
) -> list[Change]:
    stored = [(event, names) for event, names in named if results[event.receipt] == "STORED"]
    owners = dict(next(iter(names.items())) for _, names in stored)
    # Somebody else may have committed to another of a person's customers since we loaded it: whoever
    # commits last must see all of them.
    joined = [p for p in map(customers.person_of, owners) if len(p.customers) > 1]
    everybody = {c.customer_id: c.identity_type for p in joined for c in p.customers}
    customers.load(everybody, afresh=True)
    _be_the_latest(customers, owners, everybody)
    changes: dict[str, Change] = {}
    linked: set[str] = set()
    for event, names in stored:
        owner = customers.get(next(iter(names)))
        person = customers.person_of(owner.customer_id)
        changes.setdefault(person.customer_id, Change(person)).stored.append(event)
        # The event that made a link is known by it, so that a replay tells the same persons of it.
        if any(other.links[owner.customer_id].event_id == event.event_id for other in _linked(owner, names, customers)):
            linked.update(names)
    for person in customers.neighbourhood(linked):
        changes.setdefault(person.customer_id, Change(person)).linked = True
    return list(changes.values())


def _claim_ids(site: Site, events: Sequence[EventAccepted]) -> set[str]:
    """Claims the ids that do not prove whose they are; returns the receipts of those that mean something else."""
    said: dict[keys.Key, str] = {}
    for event in events:
        said.setdefault(_claim_key(site, event), event.digest)
    claimed = _claimed(said)
    fresh = [key for key in said if key not in claimed]
    taken = put_each([Put(EventClaimRecord(*key, digest=said[key]), _NOT_THERE) for key in fresh])
    # Somebody else claimed these in the same instant: theirs counts.
    claimed |= _claimed(fresh[position] for position in taken)
    said |= claimed
    return {event.receipt for event in events if said[_claim_key(site, event)] != event.digest}


def _claimed(wanted: Iterable[keys.Key]) -> dict[keys.Key, str]:
    found = EventClaimRecord.batch_get(list(wanted), consistent_read=True)
    return {keys.Key(record.pk, record.sk): str(record.digest) for record in found}


def _claim_key(site: Site, event: EventAccepted) -> keys.Key:
    digest = blake2b(event.event_id.encode(), digest_size=12).hexdigest()
    return keys.event_claim(site.organization_id, site.site_id, digest)
