"""The people that linked customers are: who is one person is a function of the customers and their links alone.

Links that events made join whoever they name. Links that only orders suggest join, the earliest first, but never two
who each have a user, a mail address or another identifier of one kind: those are two people, whatever they ordered.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter

from optiq.journeys.customers.customer import Customer
from optiq.journeys.customers.person import Person
from optiq.journeys.links import ORDER, PERSONAL_TYPES, Link, rank


def persons_of(joined: Sequence[Customer]) -> list[Person]:
    """The persons among customers that counting links join."""
    return [Person(tuple(sorted(part, key=attrgetter("rank")))) for part in _parts_of(joined)]


def _parts_of(joined: Sequence[Customer]) -> list[list[Customer]]:
    kinds = Counter(customer.identity_type for customer in joined if customer.identity_type in PERSONAL_TYPES)
    suggest = any(link.source == ORDER for customer in joined for link in customer.counting_links().values())
    if max(kinds.values(), default=0) < 2 or not suggest:
        return [list(joined)]
    by_id = {customer.customer_id: customer for customer in joined}
    part_of = {customer_id: [customer] for customer_id, customer in by_id.items()}
    suggested: list[tuple[tuple[bool, int, str, str], str]] = []
    for customer, link in _links_among(by_id):
        if link.source == ORDER:
            suggested.append((rank(link), customer.customer_id))
        else:
            _merge(part_of, customer.customer_id, link.other)
    for (*_, other), customer_id in sorted(suggested):
        if not personal_kinds(part_of[customer_id]) & personal_kinds(part_of[other]):
            _merge(part_of, customer_id, other)
    return list({id(part): part for part in part_of.values()}.values())


def _links_among(by_id: Mapping[str, Customer]) -> Iterator[tuple[Customer, Link]]:
    """The links that count from both ends, each once."""
    for customer in by_id.values():
        for link in customer.counting_links().values():
            other = by_id.get(link.other)
            if other and customer.customer_id < link.other and customer.customer_id in other.counting_links():
                yield customer, link


def _merge(part_of: dict[str, list[Customer]], one: str, other: str) -> None:
    part, gone = part_of[one], part_of[other]
    if part is not gone:
        part += gone
        part_of.update((customer.customer_id, part) for customer in gone)


def personal_kinds(part: Sequence[Customer]) -> set[str]:
    """The kinds of identifier that one person has one of: a user, a mail address …"""
    return {customer.identity_type for customer in part if customer.identity_type in PERSONAL_TYPES}
