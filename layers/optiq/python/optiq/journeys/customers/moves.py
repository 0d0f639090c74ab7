"""Who is written under another person's name than the one they belong to: what links changed and nobody wrote yet.

A customer keeps the name that it was last written under. So this needs no memory of the events that changed links: a
batch that was interrupted, or is cut otherwise when it comes again, finds what is left to write.
"""

from dataclasses import dataclass, field

from optiq.journeys.customers.customer import Customer, WrittenAs
from optiq.journeys.customers.people import personal_kinds
from optiq.journeys.customers.person import Person
from optiq.journeys.customers.table import Customers


@dataclass(frozen=True, slots=True)
class Moves:
    """How a person differs from what was last written of it.

    Attributes:
        came: its customers that are still written under another name, or as more or less sure; with what to write them
            as.
        left: customers of other persons that are still written under its name.
    """

    came: list[tuple[Customer, WrittenAs]] = field(default_factory=list)
    left: list[Customer] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.came or self.left)

    def stayed(self, person: Person) -> list[Customer]:
        came = {customer.customer_id for customer, _ in self.came}
        return [customer for customer in person.customers if customer.customer_id not in came]

    def with_conversions(self, person: Person) -> list[Customer]:
        """The customers of the person whose conversions may have changed: all where its kinds of identifier did, for
        two people are told apart by these."""
        if not self:
            return []
        if self.left or personal_kinds(self.stayed(person)) != personal_kinds(person.customers):
            return list(person.customers)
        return [customer for customer, _ in self.came]


def moves(customers: Customers) -> list[tuple[Person, Moves]]:
    """The loaded persons that anybody came to or left. Loads those that somebody left."""
    found: dict[str, tuple[Person, Moves]] = {}
    while fresh := [person for person in customers.persons() if person.customer_id not in found]:
        for person in fresh:
            found[person.customer_id] = person, Moves(_came(person))
        came = [customer for person in fresh for customer, _ in found[person.customer_id][1].came]
        customers.load({written.customer_id: "anonymous_id" for customer in came for written in customer.written})
    for name, (_, moved) in found.items():
        for customer, _ in moved.came:
            for left in {customers.name_of(written.customer_id) for written in customer.written} - {name}:
                found[left][1].left.append(customer)
    return [(person, moved) for person, moved in found.values() if moved]


def _came(person: Person) -> list[tuple[Customer, WrittenAs]]:
    if len(person.customers) == 1 and not person.customers[0].written_as:
        return []
    writing = person.writing()
    return [
        (customer, writing[customer.customer_id])
        for customer in person.customers
        if customer.matters and customer.written != (writing[customer.customer_id],)
    ]
