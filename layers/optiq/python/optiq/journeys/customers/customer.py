"""Customers and the people they make.

A customer is named by the keyed hash of one identifier (a user id, an anonymous id, a mail address …) and holds the
facts of the events it was the strongest identifier of. A person is all customers that counting links join
(links.py): one history, whose facts stay where they were stored.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from optiq.journeys.contracts import CERTAIN, Grade, IdentityLink
from optiq.journeys.history import Fact
from optiq.journeys.links import Link, confidence, counting, displaced, strength
from optiq.journeys.sessions import is_first_contact
from optiq.kernel.clock import DAY_MS
from optiq.kernel.events import IdentityType

MAX_CONVERSIONS = 100
"""So many of a customer's latest conversions are known by id: when identifiers are linked or parted, they are written
again."""
MAX_RECREDITED = 20
MAX_RECREDITED_DAYS = 2
"""Of these, the latest so many are credited anew when something before them changes. Of a customer with sealed facts it
is those of the latest so many days, for each day is a piece of history to read. A recomputation does the others."""


@dataclass(slots=True)
class Customer:
    """One customer as loaded; `changed` when something of it is not committed yet.

    Attributes:
        version: when it last changed, in milliseconds; always later than the change before.
        recent: facts in the customer's own item. pages: sealed facts of the UTC days in `loaded_days`.
        first_ms: the earliest event that may open a visit.
        sealed: first and last UTC day of sealed facts.
        conversions: the latest events that the site counted, by the conversion ids they give.
        crowded: too many identifiers were joined with it, so none of its links counts.
    """

    customer_id: str
    identity_type: IdentityType
    version: int = 0
    read_version: int = 0
    recent: list[Fact] = field(default_factory=list)
    links: dict[str, Link] = field(default_factory=dict)
    first_ms: int | None = None
    sealed: tuple[int, int] | None = None
    conversions: tuple[str, ...] = ()
    crowded: bool = False
    changed: bool = False
    pages: dict[int, tuple[Fact, ...]] = field(default_factory=dict)
    loaded_days: set[int] = field(default_factory=set)
    by_event_id: dict[str, Fact] = field(init=False)
    _counting: dict[str, Link] | None = field(default=None, repr=False)
    _counted: dict[str, Link] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.by_event_id = {fact.event_id: fact for fact in self.recent}

    def begin(self, first_ms: int | None) -> None:
        """Works out when the customer first came, from the recent facts and what is known of the sealed ones."""
        self.first_ms = first_ms
        for fact in self.recent:
            self._see(fact)

    def add(self, fact: Fact) -> None:
        self.recent.append(fact)
        self.by_event_id[fact.event_id] = fact
        self._see(fact)
        self.changed = True

    def add_page(self, day: int, facts: Sequence[Fact]) -> None:
        """Takes in sealed facts of a UTC day of which all are loaded."""
        self.pages[day] = (*self.pages.get(day, ()), *facts)
        self.by_event_id |= {fact.event_id: fact for fact in facts}

    def seal(self, day: int, facts: Sequence[Fact]) -> None:
        """Notes that facts were moved out of the customer's own item."""
        self.sealed = (day, day) if self.sealed is None else (min(day, self.sealed[0]), max(day, self.sealed[1]))
        if day in self.loaded_days:
            self.pages[day] = (*self.pages.get(day, ()), *facts)

    def add_conversion(self, conversion_id: str) -> None:
        """Ids sort by time, so the latest are the greatest."""
        kept = tuple(sorted({*self.conversions, conversion_id})[-MAX_CONVERSIONS:])
        if kept != self.conversions:
            self.conversions, self.changed = kept, True

    def has_more_on(self, day: int, limit: int) -> bool:
        """Whether more than so many loaded facts are of a UTC day."""
        if len(self.by_event_id) <= limit:
            return False
        return len(self.pages.get(day, ())) + sum(fact.occurred_ms // DAY_MS == day for fact in self.recent) > limit

    def may_have_sealed(self, first_day: int, last_day: int) -> bool:
        return self.sealed is not None and self.sealed[0] <= last_day and first_day <= self.sealed[1]

    def counting_links(self) -> dict[str, Link]:
        if self.crowded:
            return {}
        if self._counting is None or self._counted is not self.links:
            self._counting, self._counted = counting(self.identity_type, self.links.values()), self.links
        return self._counting

    def displaced_links(self) -> list[Link]:
        """Links that counted, perhaps, until an earlier one of their kind was known."""
        return displaced(self.identity_type, self.links.values())

    def _see(self, fact: Fact) -> None:
        if (self.first_ms is None or fact.occurred_ms < self.first_ms) and is_first_contact(fact):
            self.first_ms = fact.occurred_ms

    @property
    def rank(self) -> tuple[int, str]:
        """Orders the customers of a person, of which the first names it: by what no event can change."""
        return strength(self.identity_type), self.customer_id


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

    @property
    def first_ms(self) -> int | None:
        """The person's earliest event that may open a visit."""
        return min((c.first_ms for c in self.customers if c.first_ms is not None), default=None)

    def facts(self, first_day: int = 0, last_day: int | None = None) -> list[Fact]:
        """Every loaded fact of some UTC days once, in no order, with how sure it is that it is this person's."""
        grades = evidence_of(self.customers)
        return list(
            {
                event_id: replace(fact, evidence=grade) if (grade := grades[customer.customer_id]) != CERTAIN else fact
                for customer in self.customers
                for event_id, fact in customer.by_event_id.items()
                if first_day <= (day := fact.occurred_ms // DAY_MS) and (last_day is None or day <= last_day)
            }.values()
        )


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
        for name, link in customer.counting_links().items():
            other = by_id.get(name)
            if other and customer.customer_id in other.counting_links():
                full = confidence(customer.identity_type, other.identity_type, link.source) == 1.0
                (sure if grade == CERTAIN and full else unsure).append(other)
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
                type=customer.identity_type,
                other_customer_id=link.other,
                other_type=link.other_type,
                confidence=confidence(customer.identity_type, link.other_type, link.source),
                source=link.source,
                since_ms=link.since_ms,
                cut=link.cut,
                counts=link.other in by_id and link.other in customer.counting_links(),
            )
