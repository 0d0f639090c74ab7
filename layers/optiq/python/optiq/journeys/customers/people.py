"""The people that linked customers are: who is one person is a function of the customers and their links alone.

Links that servers' events made join whoever they name. Links that pages' events made join, the earliest first, but
never two who each have a user, a mail address or another identifier of one kind that servers named: anybody may send
what a page sends. Links that only orders suggest never join two who each have one of a kind, whoever named it: those
are two people, whatever they ordered.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from optiq.journeys.customers.customer import Customer
from optiq.journeys.customers.person import Person
from optiq.journeys.links import ORDER, PERSONAL_TYPES, Link, rank


def persons_of(joined: Sequence[Customer]) -> list[Person]:
    """The persons among customers that counting links join."""
    return [Person(tuple(sorted(part, key=attrgetter("rank")))) for part in _parts_of(joined)]


@dataclass(slots=True)
class _Part:
    """Customers that are one person as far as links were looked at.

    Attributes:
        kinds: the kinds of identifier that a person has one of, as far as any of them has it.
        kinds_of_servers: those of identifiers that servers named.
    """

    customers: list[Customer]
    kinds: set[str]
    kinds_of_servers: set[str]


def _parts_of(joined: Sequence[Customer]) -> list[list[Customer]]:
    if not _may_be_several(joined):
        return [list(joined)]
    by_id = {customer.customer_id: customer for customer in joined}
    part_of = {customer_id: _part(customer) for customer_id, customer in by_id.items()}
    doubted: list[tuple[tuple[bool, bool, int, str, str], str]] = []
    for customer, link in _links_among(by_id):
        if link.from_server:
            _merge(part_of, customer.customer_id, link.other)
        else:
            doubted.append((rank(link), customer.customer_id))
    for (suggested, *_, other), customer_id in sorted(doubted):
        part, joining = part_of[customer_id], part_of[other]
        two = part.kinds & joining.kinds if suggested else part.kinds_of_servers & joining.kinds_of_servers
        if not two:
            _merge(part_of, customer_id, other)
    return [part.customers for part in {id(part): part for part in part_of.values()}.values()]


def _may_be_several(joined: Sequence[Customer]) -> bool:
    personal = [customer for customer in joined if customer.identity_type in PERSONAL_TYPES]
    if not _has_two(personal):
        return False
    suggest = any(link.source == ORDER for customer in joined for link in customer.counting_links().values())
    return suggest or _has_two([customer for customer in personal if _is_of_servers(customer)])


def _has_two(personal: Sequence[Customer]) -> bool:
    """Whether two of these are of one kind."""
    return len({customer.identity_type for customer in personal}) < len(personal)


def _is_of_servers(customer: Customer) -> bool:
    return customer.of_servers or any(link.from_server for link in customer.links.values())


def _part(customer: Customer) -> _Part:
    kinds = personal_kinds([customer])
    return _Part([customer], kinds, kinds if kinds and _is_of_servers(customer) else set())


def _links_among(by_id: Mapping[str, Customer]) -> Iterator[tuple[Customer, Link]]:
    """The links that count from both ends, each once."""
    for customer in by_id.values():
        for link in customer.counting_links().values():
            other = by_id.get(link.other)
            if other and customer.customer_id < link.other and customer.customer_id in other.counting_links():
                yield customer, link


def _merge(part_of: dict[str, _Part], one: str, other: str) -> None:
    part, gone = part_of[one], part_of[other]
    if part is not gone:
        part.customers += gone.customers
        part.kinds = part.kinds | gone.kinds
        part.kinds_of_servers = part.kinds_of_servers | gone.kinds_of_servers
        part_of.update((customer.customer_id, part) for customer in gone.customers)


def personal_kinds(part: Sequence[Customer]) -> set[str]:
    """The kinds of identifier that one person has one of: a user, a mail address …"""
    return {customer.identity_type for customer in part if customer.identity_type in PERSONAL_TYPES}
