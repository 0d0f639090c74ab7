"""Customers as they stand in the table, loaded and committed many at a time.

A customer is named by the keyed hash of one identifier (a user id, an anonymous id, a mail address …) and holds the
facts of the events it was the strongest identifier of. A person is all customers that counting links join
(links.py): one history, whose facts stay where they were stored.
"""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from optiq.journeys.contracts import CERTAIN, Grade, IdentityLink
from optiq.journeys.history import Fact, pack, unpack
from optiq.journeys.links import Link, confidence, counting, dump_links, load_links, strength, with_link
from optiq.journeys.records import CustomerRecord, HistoryRecord
from optiq.kernel import keys
from optiq.kernel.clock import system_clock
from optiq.kernel.events import IdentityType
from optiq.kernel.table import Put, put_each

SEAL_AT_BYTES = 8 * 1024
"""A write costs a unit per KB, so recent facts beyond this are sealed into an item that is not written again."""


@dataclass(slots=True)
class Customer:
    """One customer as loaded; `changed` when something of it is not committed yet.

    `version` is when it last changed, in milliseconds, and always later than the change before.
    """

    customer_id: str
    identity_type: IdentityType
    version: int = 0
    read_version: int = 0
    recent: list[Fact] = field(default_factory=list)
    sealed: list[Fact] = field(default_factory=list)
    chunks: list[str] = field(default_factory=list)
    links: dict[str, Link] = field(default_factory=dict)
    changed: bool = False
    by_event_id: dict[str, Fact] = field(init=False)
    _counting: dict[str, Link] | None = field(default=None, repr=False)
    _counted: dict[str, Link] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.by_event_id = {fact.event_id: fact for fact in self.recent}

    def add(self, fact: Fact) -> None:
        self.recent.append(fact)
        self.by_event_id[fact.event_id] = fact
        self.changed = True

    def counting_links(self) -> dict[str, Link]:
        if self._counting is None or self._counted is not self.links:
            self._counting, self._counted = counting(self.identity_type, self.links.values()), self.links
        return self._counting

    def first_seen(self) -> tuple[int, int, str]:
        """Orders the customers of a person: the strongest identifier first, then the earliest."""
        times = [fact.occurred_ms for fact in (*self.sealed, *self.recent)]
        times += [link.since_ms for link in self.links.values()]
        return strength(self.identity_type), min(times, default=0), self.customer_id


@dataclass(frozen=True, slots=True)
class Person:
    """Customers that are the same person, the one that names them first: one history."""

    customers: tuple[Customer, ...]

    @property
    def customer_id(self) -> str:
        return self.customers[0].customer_id

    @property
    def revision(self) -> int:
        """When anything of the person last changed; what is told of a person carries it."""
        return max(customer.version for customer in self.customers)

    def facts(self) -> list[Fact]:
        """Every fact once, in no order, with how sure it is that it is this person's."""
        grades = evidence_of(self.customers)
        return list(
            {
                event_id: replace(fact, evidence=grade) if (grade := grades[customer.customer_id]) != CERTAIN else fact
                for customer in self.customers
                for event_id, fact in customer.by_event_id.items()
            }.values()
        )


class Customers:
    """The customers of one site that a piece of work needs."""

    def __init__(self, organization_id: str, site_id: str) -> None:
        self._organization_id = organization_id
        self._site_id = site_id
        self._loaded: dict[str, Customer] = {}
        self._persons: dict[str, Person] = {}

    def load(self, customers: Mapping[str, IdentityType], *, afresh: bool = False) -> None:
        """Loads customers with everybody they are linked to; unknown ones come as new.

        `afresh` forgets what was loaded of them.
        """
        wanted = dict(customers)
        if afresh:
            for customer_id in wanted:
                self._loaded.pop(customer_id, None)
        while wanted := {c: kind for c, kind in wanted.items() if c not in self._loaded}:
            found = self._read(wanted)
            self._loaded.update(found)
            self._persons.clear()
            # Whoever a device is linked to is loaded even where the link does not count: it may have till now.
            wanted = {link.other: link.other_type for customer in found.values() for link in customer.links.values()}

    def get(self, customer_id: str) -> Customer:
        return self._loaded[customer_id]

    def person_of(self, customer_id: str) -> Person:
        """The person a loaded customer belongs to."""
        known = self._persons.get(customer_id)
        if known is not None:
            return known
        found: dict[str, Customer] = {}
        waiting = [customer_id]
        while waiting:
            customer = self._loaded[waiting.pop()]
            if customer.customer_id in found:
                continue
            found[customer.customer_id] = customer
            waiting += [other for other in customer.counting_links() if self._mutual(customer.customer_id, other)]
        person = Person(tuple(sorted(found.values(), key=Customer.first_seen)))
        self._persons.update(dict.fromkeys(found, person))
        return person

    def neighbourhood(self, customer_ids: Iterable[str]) -> list[Person]:
        """The persons these customers belong to, and those their links, counting or not, lead to."""
        reached = {end for customer_id in customer_ids for end in (customer_id, *self._loaded[customer_id].links)}
        return list({person.customer_id: person for person in map(self.person_of, reached)}.values())

    def join(self, one: Customer, other: Customer, source: str, since_ms: int, event_id: str) -> None:
        """Links two customers, by an event that named both."""
        forth = with_link(one.links, Link(other.customer_id, other.identity_type, source, since_ms, event_id))
        back = with_link(other.links, Link(one.customer_id, one.identity_type, source, since_ms, event_id))
        if forth is None and back is None:
            return
        before = (self.person_of(one.customer_id), self.person_of(other.customer_id))
        one.links, other.links = forth or one.links, back or other.links
        one.changed = other.changed = True
        self._persons.clear()
        self._outgrow(before)

    def cut(self, one: Customer, other: Customer) -> None:
        """Says that a link joins two people. It stays cut, whatever events say later."""
        before = self.person_of(one.customer_id)
        for end, far in ((one, other), (other, one)):
            end.links = {**end.links, far.customer_id: replace(end.links[far.customer_id], cut=True)}
            end.changed = True
        self._persons.clear()
        self._outgrow([before])

    def has_changes(self) -> bool:
        return any(customer.changed for customer in self._loaded.values())

    def commit(self) -> dict[str, IdentityType]:
        """Writes every changed customer whose stored version is still the one loaded; returns those that lost."""
        changed = [customer for customer in self._loaded.values() if customer.changed]
        now_ms = system_clock()
        for customer in changed:
            customer.version = max(now_ms, customer.version + 1)
        lost = put_each([self._put(customer) for customer in changed])
        for position, customer in enumerate(changed):
            if position not in lost:
                customer.read_version = customer.version
                customer.changed = False
        return {changed[position].customer_id: changed[position].identity_type for position in lost}

    def _mutual(self, customer_id: str, other: str) -> bool:
        return other in self._loaded and customer_id in self._loaded[other].counting_links()

    def _outgrow(self, before: Iterable[Person]) -> None:
        """Makes every part of a person that fell apart later than what the whole had told."""
        for whole in before:
            parts = {p.customer_id: p for p in (self.person_of(c.customer_id) for c in whole.customers)}
            for part in parts.values():
                if len(parts) > 1 and part.revision <= whole.revision:
                    part.customers[0].version = whole.revision
                    part.customers[0].changed = True

    def _put(self, customer: Customer) -> Put:
        packed = pack(customer.recent)
        if len(packed) > SEAL_AT_BYTES:
            # The chunk has a name of its own, so a writer that loses the race cannot overwrite the winner's.
            chunk = secrets.token_hex(8)
            key = keys.customer_history(self._organization_id, self._site_id, customer.customer_id, chunk)
            HistoryRecord(key.pk, key.sk, facts=packed).save()
            customer.sealed += customer.recent
            customer.recent, packed = [], pack([])
            customer.chunks.append(chunk)
        key = keys.customer(self._organization_id, self._site_id, customer.customer_id)
        record = CustomerRecord(
            key.pk,
            key.sk,
            identity_type=customer.identity_type,
            version=customer.version,
            facts=packed,
            chunks=customer.chunks,
            links=dump_links(customer.links.values()),
        )
        read = customer.read_version
        known = CustomerRecord.version == read if read else CustomerRecord.pk.does_not_exist()
        return Put(record, known)

    def _read(self, wanted: Mapping[str, IdentityType]) -> dict[str, Customer]:
        by_pk = {keys.customer(self._organization_id, self._site_id, c).pk: c for c in wanted}
        customers = {customer_id: Customer(customer_id, kind) for customer_id, kind in wanted.items()}
        for record in CustomerRecord.batch_get([(pk, "CUSTOMER") for pk in by_pk], consistent_read=True):
            customer_id = by_pk[record.pk]
            customers[customer_id] = Customer(
                customer_id=customer_id,
                identity_type=cast(IdentityType, record.identity_type),
                version=int(record.version),
                read_version=int(record.version),
                recent=unpack(record.facts),
                chunks=[str(chunk) for chunk in record.chunks],
                links={link.other: link for link in load_links(record.links)},
            )
        self._read_sealed([customer for customer in customers.values() if customer.chunks])
        return customers

    def _read_sealed(self, customers: Sequence[Customer]) -> None:
        by_key = {
            keys.customer_history(self._organization_id, self._site_id, customer.customer_id, chunk): customer
            for customer in customers
            for chunk in customer.chunks
        }
        for record in HistoryRecord.batch_get(list(by_key), consistent_read=True):
            customer, facts = by_key[keys.Key(record.pk, record.sk)], unpack(record.facts)
            customer.sealed += facts
            customer.by_event_id |= {fact.event_id: fact for fact in facts}


def evidence_of(customers: Sequence[Customer]) -> dict[str, Grade]:
    """How sure it is of each of a person's customers that the first of them is the same one.

    As sure as the weakest link on the surest way from one to the other.
    """
    grades: dict[str, Grade] = {}
    sure, unsure = [customers[0]], list[Customer]()
    by_id = {customer.customer_id: customer for customer in customers}
    while sure or unsure:
        grade: Grade = CERTAIN if sure else "PROBABILISTIC"
        customer = (sure or unsure).pop()
        if customer.customer_id in grades:
            continue
        grades[customer.customer_id] = "CONSENT_LIMITED" if customer.identity_type == "passing_id" else grade
        for name in customer.counting_links():
            other = by_id.get(name)
            if other and customer.customer_id in other.counting_links():
                full = grade == CERTAIN and confidence(customer.identity_type, other.identity_type) == 1.0
                (sure if full else unsure).append(other)
    return grades


def links_of(person: Person) -> Iterator[IdentityLink]:
    """Every link of a person's customers, cut ones included; each once."""
    told: set[frozenset[str]] = set()
    by_id = {customer.customer_id: customer for customer in person.customers}
    for customer in person.customers:
        for link in customer.links.values():
            ends = frozenset((customer.customer_id, link.other))
            if ends in told:
                continue
            told.add(ends)
            yield IdentityLink(
                customer_id=customer.customer_id,
                identity_type=customer.identity_type,
                other_customer_id=link.other,
                other_type=link.other_type,
                confidence=confidence(customer.identity_type, link.other_type),
                source=link.source,
                since_ms=link.since_ms,
                cut=link.cut,
                counts=link.other in by_id and link.other in customer.counting_links(),
            )
