"""The person that customers are, and how sure that is."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from optiq.journeys.contracts import CERTAIN, Grade, IdentityLink
from optiq.journeys.customers.customer import Customer, WrittenAs
from optiq.journeys.history import Fact
from optiq.journeys.links import confidence
from optiq.journeys.visits import too_many


def counts_of(customers: Iterable[Customer]) -> Counter[int]:
    """How many facts customers have of each slot of a UTC day (days.py)."""
    counts: Counter[int] = Counter()
    for customer in customers:
        counts.update(customer.recent_days)
        counts.update({slot: sealed.facts for slot, sealed in customer.sealed.items()})
    return counts


def first_ms_of(customers: Iterable[Customer]) -> int | None:
    """The earliest event of customers that may open a visit."""
    return min((one.first_ms for one in customers if one.first_ms is not None), default=None)


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
        return first_ms_of(self.customers)

    def count_on(self, slot: int) -> int:
        return sum(customer.count_on(slot) for customer in self.customers)

    def counts(self) -> Counter[int]:
        """How many facts there are of each slot of a UTC day."""
        return counts_of(self.customers)

    def crowded_among(self, slots: Iterable[int]) -> frozenset[int]:
        """The slots of which more facts are kept than any person makes."""
        return frozenset(slot for slot in slots if too_many(self.count_on(slot)))

    def writing(self) -> dict[str, WrittenAs]:
        """What each of the customers is to be written as."""
        return {one: WrittenAs(self.customer_id, grade) for one, grade in evidence_of(self.customers).items()}

    def facts(self, slots: Container[int]) -> list[Fact]:
        """Every loaded fact of some slots once, in no order, with how sure it is that it is this person's."""
        grades = evidence_of(self.customers)
        return list(
            {
                fact.event_id: replace(fact, evidence=grade) if grade != CERTAIN else fact
                for customer in self.customers
                for grade in (grades[customer.customer_id],)
                for fact in customer.facts_on(slots)
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
        grades[customer.customer_id] = grade if customer.own_grade == CERTAIN else customer.own_grade
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
