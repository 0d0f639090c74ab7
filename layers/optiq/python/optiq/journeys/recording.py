"""Takes a batch of accepted events into their customers' histories; the batch may be a replay of itself.

What is read and written for an event is bounded, whatever its customer did before (docs/decisions/0031): the items of
the identifiers it names and of those joined with them, the sealed facts of those it names of its UTC day and the days
beside it, and the item of its order.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from optiq.journeys.agents import agent_of_event, is_bot
from optiq.journeys.claims import Claims, Result
from optiq.journeys.customers.customer import Customer
from optiq.journeys.customers.linking import join
from optiq.journeys.customers.moves import Moves, moves
from optiq.journeys.customers.person import Person
from optiq.journeys.customers.table import Customers
from optiq.journeys.days import slot_of, slots_of
from optiq.journeys.erasing.returning import after_erasure
from optiq.journeys.history import Fact, fact_of
from optiq.journeys.links import LinkSource
from optiq.journeys.ordering import Told, load_orders, number_of, report, unverified, without_place
from optiq.journeys.orders.table import Orders
from optiq.journeys.visits import too_many
from optiq.kernel.clock import DAY_MS
from optiq.kernel.errors import UpstreamError
from optiq.kernel.events import EventAccepted, IdentityType
from optiq.tenancy.contracts import Site

_ATTEMPTS = 10

Names = dict[str, IdentityType]
"""The customers an event names, the one that holds its facts first."""
Named = Sequence[tuple[EventAccepted, Names]]


@dataclass(slots=True)
class Change:
    """What a batch brought to one person.

    Attributes:
        stored: the events of this batch that stand in the history by their own delivery, replayed ones included.
        beyond: the receipts of those that no history keeps, for the day has too many.
        again: the receipts of those that were known before this batch, which may be written already.
        moves: who belongs to the person since it was last written, and who no longer does.
    """

    person: Person
    stored: list[EventAccepted] = field(default_factory=list)
    beyond: set[str] = field(default_factory=set)
    again: set[str] = field(default_factory=set)
    moves: Moves = field(default_factory=Moves)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of each event, by its receipt, and of each person concerned.

    Attributes:
        customers, orders: as committed.
        goals: the stored events that report or correct an order.
        opted_out: stored events of browsers whose wish not to be tracked the site honours: nobody's.
        left_out: why stored events count in no report, by receipt; those that count are absent.
    """

    results: dict[str, Result]
    changes: list[Change]
    customers: Customers
    orders: Orders
    goals: Sequence[Told] = ()
    opted_out: Sequence[EventAccepted] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)


def record(site: Site, events: Sequence[EventAccepted]) -> Recorded:
    """Stores what is new, and says what of the batch stands.

    Raises:
        UpstreamError: others kept changing the same customers or orders; try again.
    """
    claims = Claims(site)
    opted_out = [event for event in events if event.opted_out and site.privacy_signals == "LEAVE_OUT"]
    claims.make([event for event in events if not event.own_id] + opted_out)
    results: dict[str, Result] = {event.receipt: "CONFLICT" for event in events if claims.conflicts(event)}
    results |= {event.receipt: claims.result(event) for event in opted_out}
    sent: Named = [(event, named(event)) for event in events if event.receipt not in results]
    customers = Customers(site.organization_id, site.site_id)
    numbers = {event.receipt: number for event, _ in sent if (number := number_of(event, site))}
    pending = {customer_id: kind for _, names in sent for customer_id, kind in names.items()}
    again: set[str] = set()
    for _ in range(_ATTEMPTS):
        customers.load(pending, afresh=True)
        accepted, gone = after_erasure(sent, customers)
        results |= dict.fromkeys(gone, "DUPLICATE")
        _load_around(customers, accepted, claims)
        orders = Orders(site.organization_id, site.site_id)
        load_orders({numbers[e.receipt] for e, _ in accepted if e.receipt in numbers}, customers, orders)
        again |= {event.receipt for event, names in accepted if _is_known(event, names, customers)}
        beyond = [event for event, names in accepted if not _apply(event, names, customers, results)]
        claims.make(beyond)
        results |= {event.receipt: claims.result(event) for event in beyond}
        stored = [(event, names) for event, names in accepted if results[event.receipt] == "STORED"]
        goals = [
            Told(event, next(iter(names)), numbers[event.receipt])
            for event, names in stored
            if event.receipt in numbers
        ]
        report(site, goals, customers, orders)
        lost = customers.commit(orders)
        if lost is None:
            repeated = [(event, names) for event, names in accepted if results[event.receipt] == "DUPLICATE"]
            changes = _changes(customers, stored, repeated, {event.receipt for event in beyond}, again)
            nobodys = [event for event in opted_out if results[event.receipt] == "STORED"]
            left_out = _left_out(
                changes, nobodys, without_place(goals, orders), unverified(site, goals, customers, orders)
            )
            return Recorded(results, changes, customers, orders, goals, nobodys, left_out)
        pending = lost
    raise UpstreamError("customers kept changing while their events were stored", retryable=True)


def _left_out(
    changes: Sequence[Change],
    opted_out: Sequence[EventAccepted],
    without_place: Iterable[EventAccepted],
    doubted: Container[str],
) -> dict[str, str]:
    """Why stored events count in no report, by receipt; `doubted` are pages' reports of orders no server reports."""
    reasons = {event.receipt: "OPTED_OUT" for event in opted_out}
    reasons |= {event.receipt: "MANY_REPORTS" for event in without_place}
    for change in changes:
        for event in change.stored:
            if is_bot(agent_of_event(event)):
                reasons[event.receipt] = "BOT"
            elif event.receipt in doubted:
                reasons[event.receipt] = "UNVERIFIED"
            elif event.receipt in change.beyond:
                reasons[event.receipt] = "OVER_LIMIT"
    return reasons


def named(event: EventAccepted) -> Names:
    return {f"cus_{identity.hash}": identity.type for identity in event.identities}


def _owner(names: Names, customers: Customers) -> Customer:
    return customers.get(next(iter(names)))


def _load_around(customers: Customers, accepted: Named, claims: Claims) -> None:
    """Sealed facts near the events, of those they name: what they may repeat."""
    customers.load_days(
        (customer, slot)
        for event, names in accepted
        for customer in map(customers.get, names)
        if customer.sealed
        for at_ms in (event.occurred_ms, claims.first_ms(event))
        for slot in slots_of(at_ms // DAY_MS - 1, at_ms // DAY_MS + 1)
    )


def _is_known(event: EventAccepted, names: Names, customers: Customers) -> bool:
    known = _owner(names, customers).by_event_id.get(event.event_id)
    return known is not None and known.receipt == event.receipt


def _apply(event: EventAccepted, names: Names, customers: Customers, results: dict[str, Result]) -> bool:
    """Takes one event in; whether a history keeps it, or knew it. Otherwise it says nothing in `results`."""
    owner, *others = map(customers.get, names)
    known = owner.by_event_id.get(event.event_id) or _find(event.event_id, others)
    if known is not None and known.receipt != event.receipt:
        results[event.receipt] = "DUPLICATE" if known.digest == event.digest else "CONFLICT"
        if known.digest == event.digest and event.event_id not in owner.by_event_id:
            # The same purchase, sent once more when the buyer had signed in.
            _join(event, owner, others, customers)
        return True
    _join(event, owner, others, customers)
    # One more than the limit is kept, so that the day shows that it has too many.
    kept = known is not None or not too_many(owner.count_on(slot_of(event)))
    if kept:
        results[event.receipt] = "STORED"
    if known is None and kept:
        owner.add(fact_of(event))
    return kept


def _join(event: EventAccepted, owner: Customer, others: Iterable[Customer], customers: Customers) -> None:
    source: LinkSource = "login" if event.kind == "IDENTIFY" else "sdk"
    if event.from_server:
        for customer in (owner, *others):
            customers.name_by_server(customer)
    for other in others:
        join(customers, owner, other, source, event)


def _find(event_id: str, customers: Iterable[Customer]) -> Fact | None:
    return next((c.by_event_id[event_id] for c in customers if event_id in c.by_event_id), None)


def _changes(customers: Customers, stored: Named, repeated: Named, beyond: set[str], again: set[str]) -> list[Change]:
    # Of the others, the owner holds the event itself, which named the same identifiers.
    joining = [
        (event, names) for event, names in repeated if event.event_id not in _owner(names, customers).by_event_id
    ]
    owners = dict(next(iter(names.items())) for _, names in (*stored, *joining))
    # Somebody else may have committed to another of a person's customers since we loaded it: whoever
    # commits last must see all of them.
    joined = [p for p in map(customers.person_of, owners) if len(p.customers) > 1]
    everybody = {c.customer_id: c.identity_type for p in joined for c in p.customers}
    customers.refresh(everybody)
    _be_the_latest(customers, owners, everybody)
    changes: dict[str, Change] = {}
    for event, names in stored:
        person = customers.person_of(next(iter(names)))
        change = changes.get(person.customer_id) or changes.setdefault(person.customer_id, Change(person))
        change.stored.append(event)
        if event.receipt in beyond:
            change.beyond.add(event.receipt)
        if event.receipt in again:
            change.again.add(event.receipt)
    for person, moved in moves(customers):
        changes.setdefault(person.customer_id, Change(person)).moves = moved
    return list(changes.values())


def _be_the_latest(
    customers: Customers, owners: Mapping[str, IdentityType], everybody: Mapping[str, IdentityType]
) -> None:
    """Makes this batch's customers the last changed of their persons.

    Two consumers may change two customers of one person at once, and the one whose clock is behind sees both
    changes under a revision that the other has told without its own. Changing its customer again, it is later. What
    one commit changed together has one version, and nobody else told of it.
    """
    for _ in range(_ATTEMPTS):
        for person in {p.customer_id: p for p in map(customers.person_of, owners)}.values():
            mine: list[Customer] = []
            latest_other = -1
            for customer in person.customers:
                if customer.customer_id in owners or customers.has_committed(customer):
                    mine.append(customer)
                else:
                    latest_other = max(latest_other, customer.version)
            if max(customer.version for customer in mine) <= latest_other:
                mine[0].version, mine[0].changed = latest_other, True
        if not customers.has_changes():
            return
        customers.commit()
        customers.refresh(everybody)
    raise UpstreamError("customers kept changing while their events were told", retryable=True)
