"""Customers in the table, loaded and committed many at a time.

What a piece of work reads is bounded whatever was sent before: of an identifier the recent facts, and older ones by
UTC day; of a person at most MAX_IDENTIFIERS identifiers (docs/decisions/0031).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter

from optiq.journeys.customers.customer import Customer, Person
from optiq.journeys.customers.items import put_of, read_customers
from optiq.journeys.customers.pages import Pages, pages_of
from optiq.journeys.customers.people import parts_of, personal_kinds
from optiq.journeys.history import Fact, pack
from optiq.journeys.links import Link, LinkSource, with_link, with_order, without_order
from optiq.journeys.orders.table import Orders
from optiq.kernel.clock import system_clock
from optiq.kernel.events import IdentityType
from optiq.kernel.table import Put, put_each, put_together

SEAL_AT_BYTES = 8 * 1024
"""A write costs a unit per KB, so recent facts beyond this are sealed into items that are not written again."""
MAX_IDENTIFIERS = 500
"""Identifiers that are read for one person. More are no person's: a kiosk, a call centre, a shared test login. From
then on each of them stands alone."""
_SEALED_AT_ONCE = 20


class Customers:
    """The customers of one site that a piece of work needs."""

    def __init__(self, organization_id: str, site_id: str) -> None:
        self._site = (organization_id, site_id)
        self._pages = Pages(*self._site)
        self._loaded: dict[str, Customer] = {}
        self._persons: dict[str, tuple[Person, Sequence[Person]]] = {}

    def load(self, customers: Mapping[str, IdentityType], *, afresh: bool = False) -> None:
        """Loads customers with everybody they may be one person with; unknown ones come as new.

        `afresh` forgets what was loaded of them.
        """
        wanted = {c: kind for c, kind in customers.items() if afresh or c not in self._loaded}
        brought: dict[str, int] = defaultdict(int)
        roots = {customer_id: customer_id for customer_id in wanted}
        while wanted:
            self._loaded.update(read_customers(self._site, wanted))
            self._persons.clear()
            # A link that counts from one end only leads to somebody else: whose links those are need not be known.
            known = [self._loaded[customer_id] for customer_id in wanted]
            wanted = {}
            for customer in known:
                root = roots[customer.customer_id]
                if not self._may_expand(customer, root):
                    continue
                for link in customer.counting_links().values():
                    if link.other not in self._loaded and link.other not in wanted:
                        wanted[link.other], roots[link.other] = link.other_type, root
                        brought[root] += 1
                if brought[root] > MAX_IDENTIFIERS:
                    self._crowd(root)

    def get(self, customer_id: str) -> Customer:
        return self._loaded[customer_id]

    def is_loaded(self, customer_id: str) -> bool:
        return customer_id in self._loaded

    def has_sealed(self, customer_id: str) -> bool:
        """Whether anybody of a customer's person has sealed facts."""
        return any(customer.sealed for customer in self.person_of(customer_id).customers)

    def person_of(self, customer_id: str) -> Person:
        """The person a loaded customer belongs to."""
        return self._person_among(customer_id)[0]

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

    def neighbourhood(self, customer_ids: Iterable[str]) -> list[Person]:
        """The persons these customers belong to, and those that a change of their links may have changed as well."""
        reached = {customer_id: self._loaded[customer_id].identity_type for customer_id in customer_ids}
        for customer_id in tuple(reached):
            reached |= {link.other: link.other_type for link in self._loaded[customer_id].displaced_links()}
        self.load(reached)
        return self._persons_around(*reached)

    def join(self, one: Customer, other: Customer, source: LinkSource, since_ms: int, event_id: str) -> None:
        """Links two customers, by an event that named both."""
        forth = with_link(one.links, Link(other.customer_id, other.identity_type, source, since_ms, event_id))
        back = with_link(other.links, Link(one.customer_id, one.identity_type, source, since_ms, event_id))
        self._change_ends(one, other, forth, back)

    def suggest(self, one: Customer, other: Customer, times: tuple[int, int], key: str) -> None:
        """Links two customers, by an order that both reported (`links.with_order`)."""
        forth = with_order(one.links, other.customer_id, other.identity_type, times, key)
        back = with_order(other.links, one.customer_id, one.identity_type, times, key)
        self._change_ends(one, other, forth, back)

    def withdraw(self, one: Customer, other: Customer, key: str) -> None:
        """Takes back what an order suggested; the link goes where nothing else speaks for it."""
        forth = without_order(one.links, other.customer_id, key)
        back = without_order(other.links, one.customer_id, key)
        self._change_ends(one, other, forth, back)

    def cut(self, one: Customer, other: Customer) -> None:
        """Says that a link joins two people. It stays cut, whatever events say later."""
        links = {
            end.customer_id: {**end.links, far.customer_id: replace(end.links[far.customer_id], cut=True)}
            for end, far in ((one, other), (other, one))
        }
        one.crowded = other.crowded = False
        self._change_links(links)

    def has_changes(self) -> bool:
        return any(customer.changed for customer in self._loaded.values())

    def commit(self, orders: Orders | None = None) -> dict[str, IdentityType] | None:
        """Writes every changed customer, and every changed order with them.

        Returns the customers whose stored version was not the one loaded any more, an empty mapping where only orders
        were, and None when everything was written.
        """
        changed = [customer for customer in self._loaded.values() if customer.changed]
        now_ms = system_clock()
        small: list[Customer] = []
        puts: list[Put] = []
        lost: list[Customer] = []
        for customer in changed:
            customer.version = max(now_ms, customer.version + 1)
            packed = pack(customer.recent)
            if len(packed) <= SEAL_AT_BYTES:
                small.append(customer)
                puts.append(put_of(self._site, customer, packed))
            elif not self._seal(customer):
                lost.append(customer)
        positions = put_each([*puts, *(orders.puts() if orders else ())])
        lost += [small[position] for position in positions if position < len(small)]
        for customer in changed:
            if customer not in lost:
                customer.read_version, customer.changed = customer.version, False
        return {customer.customer_id: customer.identity_type for customer in lost} if lost or positions else None

    def load_days(self, persons: Iterable[tuple[Person, int, int]]) -> None:
        """Reads sealed facts of UTC days (first and last, counted from 1970) of some persons."""
        for person, first_day, last_day in persons:
            for customer in person.customers:
                if customer.may_have_sealed(first_day, last_day):
                    days = [day for day in range(first_day, last_day + 1) if day not in customer.loaded_days]
                    if days:
                        self._pages.read(customer, days[0], days[-1])

    def load_back(self, person: Person, last_day: int, first_day: int, facts: int) -> int:
        """Reads sealed facts back from a day until so many are known; returns the first day of which all are known."""
        first = first_day
        for customer in person.customers:
            if customer.may_have_sealed(first, last_day):
                first = max(first, self._pages.read_back(customer, first, last_day, facts))
        return first

    def earliest(self, person: Person, wanted: Callable[[Fact], bool]) -> int | None:
        """The instant of the person's earliest fact of some kind, read from the beginning; None without any."""
        times: list[int] = []
        for customer in person.customers:
            times += [fact.occurred_ms for fact in customer.recent if wanted(fact)]
            first, last = customer.sealed or (1, 0)
            found_on = last
            for day, facts in self._pages.between(customer, first, last, newest_first=False) if last >= first else ():
                if day > found_on:
                    break
                found = [fact.occurred_ms for fact in facts if wanted(fact)]
                times += found
                found_on = day if found else found_on
        return min(times, default=None)

    def _may_expand(self, customer: Customer, root: str) -> bool:
        if customer.customer_id == root:
            return True
        return any(self._mutual(customer.customer_id, other) for other in customer.counting_links())

    def _crowd(self, root: str) -> None:
        for customer in self._joined(root):
            customer.crowded = customer.changed = True
        self._persons.clear()

    def _joined(self, customer_id: str) -> Iterator[Customer]:
        """The loaded customers that counting links join with one, itself among them."""
        seen = {customer_id}
        waiting = [customer_id]
        found: list[Customer] = []
        while waiting:
            customer = self._loaded[waiting.pop()]
            found.append(customer)
            for other in customer.counting_links():
                if other not in seen and self._mutual(customer.customer_id, other):
                    seen.add(other)
                    waiting.append(other)
        yield from found

    def _mutual(self, customer_id: str, other: str) -> bool:
        return other in self._loaded and customer_id in self._loaded[other].counting_links()

    def _person_among(self, customer_id: str) -> tuple[Person, Sequence[Person]]:
        """The person a customer belongs to, and all persons that links join with it, also where they are several."""
        if customer_id not in self._persons:
            parts = parts_of(list(self._joined(customer_id)))
            persons = [Person(tuple(sorted(part, key=attrgetter("rank")))) for part in parts]
            self._persons.update((c.customer_id, (person, persons)) for person in persons for c in person.customers)
        return self._persons[customer_id]

    def _persons_around(self, *customer_ids: str) -> list[Person]:
        """The persons of everybody that links join with these."""
        around = [person for customer_id in customer_ids for person in self._person_among(customer_id)[1]]
        return list({person.customer_id: person for person in around}.values())

    def _change_ends(
        self, one: Customer, other: Customer, forth: dict[str, Link] | None, back: dict[str, Link] | None
    ) -> None:
        if forth is not None or back is not None:
            ends = ((one, forth), (other, back))
            self._change_links({end.customer_id: end.links if links is None else links for end, links in ends})

    def _change_links(self, links: Mapping[str, dict[str, Link]]) -> None:
        before = self._persons_around(*links)
        for customer_id, of_customer in links.items():
            customer = self._loaded[customer_id]
            customer.links, customer.changed = of_customer, True
        self._persons.clear()
        self._outgrow(before)

    def _outgrow(self, before: Iterable[Person]) -> None:
        """Makes every person that changed later than what those had told of whom it is made."""
        for old in before:
            persons = {p.customer_id: p for p in (self.person_of(c.customer_id) for c in old.customers)}
            for person in persons.values():
                if person.customers != old.customers and person.revision <= old.revision:
                    latest = next((c for c in person.customers if c.changed), person.customers[0])
                    latest.version, latest.changed = old.revision, True

    def _seal(self, customer: Customer) -> bool:
        """Moves the recent facts into pages, a day each, together with the customer's own item; whether it was."""
        pages = list(pages_of(customer.recent))
        for start in range(0, len(pages), _SEALED_AT_ONCE):
            part = pages[start : start + _SEALED_AT_ONCE]
            customer.version += bool(start)
            for day, facts in part:
                customer.seal(day, facts)
            sealed = [self._pages.put(customer, *page) for page in part]
            if not put_together([*sealed, put_of(self._site, customer, pack([]))]):
                return False
            customer.read_version = customer.version
        customer.recent = []
        return True
