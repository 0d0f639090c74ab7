"""Customers in the table, loaded and committed many at a time.

What a piece of work reads is bounded whatever was sent before: of a person at most MAX_IDENTIFIERS identifiers, and the
facts of some UTC days, but of none that has more than a person makes (docs/decisions/0031).
"""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b

from optiq.journeys import visits
from optiq.journeys.customers.customer import Customer, Person, evidence_of
from optiq.journeys.customers.items import put_of, read_customers, versions_of
from optiq.journeys.customers.pages import Pages, pages_of
from optiq.journeys.history import Fact
from optiq.journeys.links import ORDER, Link, LinkSource, with_link
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
_FIRST_DAYS = 3
_FEW_DAYS = 10


class Customers:
    """The customers of one site that a piece of work needs."""

    def __init__(self, organization_id: str, site_id: str) -> None:
        self._site = (organization_id, site_id)
        self._pages = Pages(*self._site)
        self._loaded: dict[str, Customer] = {}
        self._persons: dict[str, Person] = {}
        self._joined_now: set[str] = set()

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

    def refresh(self, customers: Mapping[str, IdentityType]) -> None:
        """Loads again those that somebody else changed since they were loaded."""
        versions = versions_of(self._site, customers)
        changed = {c: kind for c, kind in customers.items() if versions[c] != self._loaded[c].read_version}
        self.load(changed, afresh=True)

    def get(self, customer_id: str) -> Customer:
        return self._loaded[customer_id]

    def is_loaded(self, customer_id: str) -> bool:
        return customer_id in self._loaded

    def person_of(self, customer_id: str) -> Person:
        """The person a loaded customer belongs to."""
        known = self._persons.get(customer_id)
        if known is not None:
            return known
        found = {one.customer_id: one for one in self._joined(customer_id)}
        person = Person(tuple(sorted(found.values(), key=Customer.first_seen)))
        self._persons.update(dict.fromkeys(found, person))
        return person

    def name_of(self, customer_id: str) -> str:
        """The person a customer belongs to, by the name of the customer alone where it is not loaded."""
        return self.person_of(customer_id).customer_id if customer_id in self._loaded else customer_id

    def are_apart(self, one: str, other: str) -> bool:
        """Whether somebody cut the link between two customers."""
        link = self._loaded[one].links.get(other) if one in self._loaded else None
        return link is not None and link.cut

    def neighbourhood(self, customer_ids: Iterable[str]) -> list[Person]:
        """The persons these customers belong to, and those that a new link of theirs may have taken one away from."""
        reached = {customer_id: self._loaded[customer_id].identity_type for customer_id in customer_ids}
        for customer_id in tuple(reached):
            reached |= {link.other: link.other_type for link in self._loaded[customer_id].displaced_links()}
        self.load(reached)
        return list({person.customer_id: person for person in map(self.person_of, reached)}.values())

    def join(self, one: Customer, other: Customer, source: LinkSource, since_ms: int, event_id: str) -> None:
        """Links two customers, by an event that named both or an order that both reported."""
        forth = with_link(one.links, Link(other.customer_id, other.identity_type, source, since_ms, event_id))
        back = with_link(other.links, Link(one.customer_id, one.identity_type, source, since_ms, event_id))
        if forth is None and back is None:
            return
        before = (self.person_of(one.customer_id), self.person_of(other.customer_id))
        if self._change_links(before, {one.customer_id: forth or one.links, other.customer_id: back or other.links}):
            one.joined_by = other.joined_by = cause_of(event_id)

    def joined_for(self, customer_ids: Iterable[str], event_id: str) -> None:
        """Names another event for the joining of these customers, of those among them that were joined or parted."""
        for customer_id in self._joined_now.intersection(customer_ids):
            self._loaded[customer_id].joined_by = cause_of(event_id)

    def moved(self, person: Person, made: Container[frozenset[str]]) -> list[Customer]:
        """Who came to a person by some links; without any, everybody."""
        stays, *come = self.parts(person, made)
        return [customer for part in come or [stays] for customer in part.customers]

    def parts(self, person: Person, without: Container[frozenset[str]]) -> list[Person]:
        """What a person falls into without some links, the part that names the person first."""
        found: list[Person] = []
        left = {customer.customer_id: customer for customer in person.customers}
        while left:
            waiting = [next(iter(left.values()))]
            part: list[Customer] = []
            while waiting:
                customer = waiting.pop()
                if left.pop(customer.customer_id, None) is None:
                    continue
                part.append(customer)
                waiting += [
                    left[other]
                    for other in customer.counting_links()
                    if other in left
                    and self._mutual(customer.customer_id, other)
                    and frozenset((customer.customer_id, other)) not in without
                ]
            found.append(Person(tuple(sorted(part, key=Customer.first_seen))))
        return found

    def cut(self, one: Customer, other: Customer) -> None:
        """Says that a link joins two people. It stays cut, whatever events say later."""
        links = {
            end.customer_id: {**end.links, far.customer_id: replace(end.links[far.customer_id], cut=True)}
            for end, far in ((one, other), (other, one))
        }
        one.crowded = other.crowded = False
        self._change_links([self.person_of(one.customer_id)], links)

    def unjoin(self, one: Customer, other: Customer, event_ids: Iterable[str]) -> None:
        """Takes back a link for which only these events of an order speak."""
        link = one.links.get(other.customer_id)
        if link is not None and link.source == ORDER and link.event_id in event_ids and not link.cut:
            links = {
                end.customer_id: {name: kept for name, kept in end.links.items() if name != far.customer_id}
                for end, far in ((one, other), (other, one))
            }
            self._change_links([self.person_of(one.customer_id)], links)

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
            packed = customer.packed()
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

    def load_days(self, wanted: Iterable[tuple[Customer, int]]) -> None:
        """Reads the sealed facts of UTC days of some customers."""
        missing = {(customer.customer_id, day): customer for customer, day in wanted if day not in customer.loaded_days}
        self._pages.read((customer, day) for (_, day), customer in missing.items() if day in customer.sealed)

    def facts_between(self, person: Person, first_day: int, last_day: int, most: int | None = None) -> list[Fact]:
        """A person's facts of UTC days, in no order, but of no day that has more than `most`, by default more than any
        person makes."""
        limit = visits.MAX_DAY_FACTS if most is None else most
        if last_day - first_day < _FEW_DAYS:
            counts = {day: person.count_on(day) for day in range(first_day, last_day + 1)}
        else:
            counts = {day: count for day, count in person.counts().items() if first_day <= day <= last_day}
        days = frozenset(day for day, count in counts.items() if 0 < count <= limit)
        self.load_days((customer, day) for customer in person.customers for day in days)
        return person.facts(days)

    def earliest(self, customer: Customer, wanted: Callable[[Fact], bool]) -> int | None:
        """The instant of a customer's earliest fact of some kind; of sealed ones those of the first days are read."""
        days = sorted(customer.sealed)[:_FIRST_DAYS]
        self.load_days((customer, day) for day in days)
        facts = (*customer.recent, *(fact for day in days for fact in customer.pages.get(day, ())))
        return min((fact.occurred_ms for fact in facts if wanted(fact)), default=None)

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

    def _change_links(self, before: Sequence[Person], links: Mapping[str, dict[str, Link]]) -> bool:
        """Whether this changes who is one person, or how sure that is."""
        told = [(person.customer_id, evidence_of(person.customers)) for person in before]
        for customer_id, of_customer in links.items():
            customer = self._loaded[customer_id]
            customer.links, customer.changed = of_customer, True
        self._persons.clear()
        self._outgrow(before)
        now = [self.person_of(person.customer_id) for person in before]
        changed = told != [(person.customer_id, evidence_of(person.customers)) for person in now]
        if changed:
            self._joined_now.update(links)
        return changed

    def _outgrow(self, before: Iterable[Person]) -> None:
        """Makes every part of a person that fell apart later than what the whole had told."""
        for whole in before:
            parts = {p.customer_id: p for p in (self.person_of(c.customer_id) for c in whole.customers)}
            for part in parts.values():
                if len(parts) > 1 and part.revision <= whole.revision:
                    part.customers[0].version = whole.revision
                    part.customers[0].changed = True

    def _seal(self, customer: Customer) -> bool:
        """Moves the recent facts into pages, a day each, together with the customer's own item; whether it was."""
        pages = list(pages_of(customer.recent))
        for start in range(0, len(pages), _SEALED_AT_ONCE):
            customer.version += bool(start)
            sealed = [self._pages.put(customer, *page) for page in pages[start : start + _SEALED_AT_ONCE]]
            if not put_together([*sealed, put_of(self._site, customer, customer.packed())]):
                return False
            customer.read_version = customer.version
        return True


def cause_of(event_id: str) -> str:
    """Names an event in `joined_by`."""
    return blake2b(event_id.encode(), digest_size=6).hexdigest()
