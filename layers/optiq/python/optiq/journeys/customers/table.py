"""Customers in the table, loaded and committed many at a time.

What a piece of work reads is bounded whatever was sent before: of a person at most so many identifiers (graph.py), and
the facts of some UTC days, but of none that has more than a person makes (docs/decisions/0031).
"""

from collections.abc import Iterable, Mapping, Sequence

from optiq.journeys import visits
from optiq.journeys.customers.customer import Customer, WrittenAs
from optiq.journeys.customers.first_writing import begin_writing
from optiq.journeys.customers.graph import Graph
from optiq.journeys.customers.items import put_of, put_written_as, read_customers, versions_of
from optiq.journeys.customers.pages import Pages
from optiq.journeys.customers.people import personal_kinds, persons_of
from optiq.journeys.customers.person import Person
from optiq.journeys.days import slots_of
from optiq.journeys.history import Fact
from optiq.journeys.links import PERSONAL_TYPES, Link, counting
from optiq.journeys.orders.table import Orders
from optiq.kernel.clock import system_clock
from optiq.kernel.events import IdentityType
from optiq.kernel.table import Put, put_each

SEAL_AT_BYTES = 8 * 1024
"""A write costs a unit per KB, so recent facts beyond this are sealed into items that are not written again."""
_FEW_DAYS = 10


class Customers:
    """The customers of one site that a piece of work needs."""

    def __init__(self, organization_id: str, site_id: str) -> None:
        self._site = (organization_id, site_id)
        self._pages = Pages(*self._site)
        self._graph = Graph(lambda wanted: read_customers(self._site, wanted))
        self._loaded = self._graph.loaded
        self._committed_as: dict[str, WrittenAs] = {}
        self._persons: dict[str, tuple[Person, Sequence[Person]]] = {}
        self._committed: set[str] = set()

    def load(self, customers: Mapping[str, IdentityType], *, afresh: bool = False) -> None:
        """Loads customers with everybody they may be one person with; unknown ones come as new.

        `afresh` forgets what was loaded of them.
        """
        wanted = {c: kind for c, kind in customers.items() if afresh or c not in self._loaded}
        self._committed.difference_update(wanted)
        read = self._graph.read(wanted)
        if self._graph.follow(customers) or read:
            self._persons.clear()

    def refresh(self, customers: Mapping[str, IdentityType]) -> None:
        """Loads again those that somebody else changed since they were loaded."""
        versions = versions_of(self._site, customers)
        changed = {c: kind for c, kind in customers.items() if versions[c] != self._loaded[c].read_version}
        self.load(changed, afresh=True)

    def get(self, customer_id: str) -> Customer:
        return self._loaded[customer_id]

    def person_of(self, customer_id: str) -> Person:
        """The person a loaded customer belongs to."""
        return self._person_among(customer_id)[0]

    @property
    def count(self) -> int:
        """How many customers are loaded."""
        return len(self._loaded)

    def has_erased(self) -> bool:
        """Whether a loaded customer was erased."""
        return any(customer.erased_ms for customer in self._loaded.values())

    def is_known(self, customer_id: str) -> bool:
        """Whether a customer is loaded with everybody they are one person with."""
        return customer_id in self._loaded and self._graph.is_followed(customer_id)

    def reach_of(self, customer_ids: Iterable[str]) -> int:
        """How many identifiers are looked at for the persons of loaded customers: theirs, and those that links lead to
        from one end."""
        persons = {person.customer_id: person for person in map(self.person_of, customer_ids)}
        everybody = [customer for person in persons.values() for customer in person.customers]
        return len({one.customer_id for one in everybody}.union(*(one.counting_links() for one in everybody)))

    def name_of(self, customer_id: str) -> str:
        """The person a customer belongs to, by the name of the customer alone where it is not loaded."""
        return self.person_of(customer_id).customer_id if customer_id in self._loaded else customer_id

    def are_apart(self, one: str, other: str) -> bool:
        """Whether two customers are two people's: their link was cut, or each person has an identifier of one kind."""
        link = self._loaded[one].links.get(other) if one in self._loaded else None
        if link is not None and link.cut:
            return True
        if one not in self._loaded or other not in self._loaded:
            return False
        first, second = self.person_of(one), self.person_of(other)
        return first is not second and bool(personal_kinds(first.customers) & personal_kinds(second.customers))

    def persons(self) -> list[Person]:
        """All persons whose customers are known."""
        known = list(filter(self._graph.is_followed, self._loaded))
        return list({person.customer_id: person for person in map(self.person_of, known)}.values())

    def change_links(self, links: Mapping[str, dict[str, Link]]) -> None:
        """Gives customers other links."""
        fresh = self._load_fresh(links)
        before = self._before_change(*links, *fresh)
        for customer_id, of_customer in links.items():
            customer = self._loaded[customer_id]
            customer.links, customer.changed = of_customer, True
        self._graph.follow()
        self._persons.clear()
        self._outgrow(before)

    def name_by_server(self, customer: Customer) -> None:
        """Notes that a server's event named a user, a mail address …: pages' links never join two such."""
        if customer.of_servers or customer.identity_type not in PERSONAL_TYPES:
            return
        before = self._before_change(customer.customer_id) if customer.counting_links() else []
        customer.of_servers = customer.changed = True
        if before:
            self._persons.clear()
            self._outgrow(before)

    def has_committed(self, customer: Customer) -> bool:
        """Whether this piece of work was the last, as far as it read, to change a customer."""
        return customer.customer_id in self._committed

    def has_changes(self) -> bool:
        return any(customer.changed for customer in self._loaded.values())

    def commit(self, orders: Orders | None = None) -> dict[str, IdentityType] | None:
        """Writes every changed customer, and every changed order with them.

        Returns the customers whose stored version was not the one loaded any more, an empty mapping where only orders
        were, and None when everything was written.
        """
        self._note_unwritten()
        changed = [customer for customer in self._loaded.values() if customer.changed]
        now_ms = system_clock()
        small: list[Customer] = []
        puts: list[Put] = []
        lost: list[Customer] = []
        for customer in changed:
            begin_writing(customer, self.person_of(customer.customer_id))
            customer.version = max(now_ms, customer.version + 1)
            packed = customer.packed()
            if len(packed) <= SEAL_AT_BYTES:
                small.append(customer)
                puts.append(put_of(self._site, customer, packed))
            elif not self._pages.seal(customer):
                lost.append(customer)
        positions = put_each([*puts, *(orders.puts() if orders else ())])
        lost += [small[position] for position in positions if position < len(small)]
        for customer in changed:
            if customer not in lost:
                customer.read_version, customer.changed, customer.is_first = customer.version, False, False
                self._committed.add(customer.customer_id)
        return {customer.customer_id: customer.identity_type for customer in lost} if lost or positions else None

    def note(self, written: Iterable[tuple[Customer, WrittenAs]]) -> None:
        """Keeps what customers are written as now. One that changes meanwhile is written once more: no matter."""
        put_each([put_written_as(self._site, one, writing) for one, writing in written if one.read_version])

    def load_days(self, wanted: Iterable[tuple[Customer, int]]) -> None:
        """Reads the sealed facts of slots of some customers."""
        missing = {(one.customer_id, slot): one for one, slot in wanted if slot not in one.loaded_days}
        self._pages.read((customer, slot) for (_, slot), customer in missing.items() if slot in customer.sealed)

    def facts_between(self, person: Person, first_day: int, last_day: int, most: int | None = None) -> list[Fact]:
        """A person's facts of UTC days, in no order, but of no slot that has more than `most`, by default more than any
        person makes."""
        limit = visits.MAX_DAY_FACTS if most is None else most
        wanted = slots_of(first_day, last_day)
        if last_day - first_day < _FEW_DAYS:
            counts = {slot: person.count_on(slot) for slot in wanted}
        else:
            counts = {slot: count for slot, count in person.counts().items() if slot in wanted}
        slots = frozenset(slot for slot, count in counts.items() if 0 < count <= limit)
        self.load_days((customer, slot) for customer in person.customers for slot in slots)
        return person.facts(slots)

    def _person_among(self, customer_id: str) -> tuple[Person, Sequence[Person]]:
        """The person a customer belongs to, and all persons that links join with it, also where they are several."""
        if customer_id not in self._persons:
            persons = persons_of(list(self._graph.joined(customer_id)))
            self._persons.update((c.customer_id, (person, persons)) for person in persons for c in person.customers)
        return self._persons[customer_id]

    def _persons_around(self, *customer_ids: str) -> list[Person]:
        """The persons of everybody that links join with these."""
        around = [person for customer_id in customer_ids for person in self._person_among(customer_id)[1]]
        return list({person.customer_id: person for person in around}.values())

    def _before_change(self, *customer_ids: str) -> list[Person]:
        """The persons around customers of which something changes that says who is one person."""
        before = self._persons_around(*customer_ids)
        for person in before:
            if any(customer.customer_id not in self._committed_as for customer in person.customers):
                self._committed_as = person.writing() | self._committed_as
        return before

    def _load_fresh(self, links: Mapping[str, dict[str, Link]]) -> set[str]:
        """Loads those to whom links will lead that did not count before, such as a device's second user."""
        fresh: dict[str, IdentityType] = {}
        for customer_id, of_customer in links.items():
            customer = self._loaded[customer_id]
            known = customer.counting_links()
            counts = counting(customer.identity_type, of_customer.values())
            fresh |= {other: link.other_type for other, link in counts.items() if other not in known}
        self.load(fresh)
        return set(fresh)

    def _outgrow(self, before: Iterable[Person]) -> None:
        """Makes every person that changed later than what those had told of whom it is made."""
        for old in before:
            persons = {p.customer_id: p for p in (self.person_of(c.customer_id) for c in old.customers)}
            for person in persons.values():
                if person.customers != old.customers and person.revision <= old.revision:
                    latest = next((c for c in person.customers if c.changed), person.customers[0])
                    latest.version, latest.changed = old.revision, True

    def _note_unwritten(self) -> None:
        """What is committed of whom is one person may be written, or be written yet, where that changes now."""
        persons = {person.customer_id: person for person in map(self.person_of, self._committed_as)}
        now = {one: writing for person in persons.values() for one, writing in person.writing().items()}
        for customer_id, committed in self._committed_as.items():
            if committed != now[customer_id] and self._loaded[customer_id].matters:
                self._loaded[customer_id].may_be_written_as(committed)
        self._committed_as = {}
