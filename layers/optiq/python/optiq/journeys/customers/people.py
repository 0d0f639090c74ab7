"""The people that linked customers are: who is one person is a function of the customers and their links alone.

Links that events made join whoever they name. Links that only orders suggest join, the earliest first, but never two
who each have a user, a mail address or another identifier of one kind: those are two people, whatever they ordered.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

from optiq.journeys.customers.customer import Customer
from optiq.journeys.customers.person import Person
from optiq.journeys.links import ORDER, PERSONAL_TYPES, Link, rank

Pairs = frozenset[frozenset[str]]
"""Links, by the customers at their ends."""


class Before(NamedTuple):
    """What a person was before some links joined it.

    Attributes:
        parts: the persons that it was, the one that names it first.
        came: the customers that may have gone by the name of another person; all of them where that is not sure, or
            where nobody came.
    """

    parts: Sequence[Person]
    came: tuple[Customer, ...]


def before(person: Person, around: Sequence[Customer], made: Pairs, *, parted: bool) -> Before:
    """What a person was without the links in `made`.

    Args:
        around: all customers that links join with the person, also where they are several.
        parted: other links may have gone.
    """
    parts = sorted(map(person_of, parts_of(person.customers, made)), key=lambda part: part.customers[0].rank)
    come = [customer for part in parts[1:] for customer in part.customers]
    # Where links decide which others join, it takes the lost ones to know who was whom.
    return Before(parts, tuple(come) if come and not parted and not _are_several(around) else person.customers)


def person_of(part: Iterable[Customer]) -> Person:
    return Person(tuple(sorted(part, key=attrgetter("rank"))))


def parts_of(joined: Sequence[Customer], without: Pairs = frozenset()) -> list[list[Customer]]:
    """The people among customers that counting links join, without some of these links."""
    if not without and not _are_several(joined):
        return [list(joined)]
    by_id = {customer.customer_id: customer for customer in joined}
    part_of = {customer_id: [customer] for customer_id, customer in by_id.items()}
    suggested: list[tuple[tuple[bool, int, str, str], str]] = []
    for customer, link in _links_among(by_id, without):
        if link.source == ORDER:
            suggested.append((rank(link), customer.customer_id))
        else:
            _merge(part_of, customer.customer_id, link.other)
    for (*_, other), customer_id in sorted(suggested):
        if not personal_kinds(part_of[customer_id]) & personal_kinds(part_of[other]):
            _merge(part_of, customer_id, other)
    return list({id(part): part for part in part_of.values()}.values())


def _are_several(joined: Iterable[Customer]) -> bool:
    """Whether orders suggest links among customers of whom two are of one kind."""
    kinds = Counter(customer.identity_type for customer in joined if customer.identity_type in PERSONAL_TYPES)
    return max(kinds.values(), default=0) > 1 and any(
        link.source == ORDER for customer in joined for link in customer.counting_links().values()
    )


def _links_among(by_id: Mapping[str, Customer], without: Pairs) -> Iterator[tuple[Customer, Link]]:
    """The links that count from both ends, each once."""
    for customer in by_id.values():
        for link in customer.counting_links().values():
            other = by_id.get(link.other)
            if not other or customer.customer_id > link.other or customer.customer_id not in other.counting_links():
                continue
            if frozenset((customer.customer_id, link.other)) not in without:
                yield customer, link


def _merge(part_of: dict[str, list[Customer]], one: str, other: str) -> None:
    part, gone = part_of[one], part_of[other]
    if part is not gone:
        part += gone
        part_of.update((customer.customer_id, part) for customer in gone)


def personal_kinds(part: Sequence[Customer]) -> set[str]:
    """The kinds of identifier that one person has one of: a user, a mail address …"""
    return {customer.identity_type for customer in part if customer.identity_type in PERSONAL_TYPES}
