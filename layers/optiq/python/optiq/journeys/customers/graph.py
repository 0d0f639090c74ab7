"""Customers as loaded with everybody whom links join with them: as many as a person may have."""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping

from optiq.journeys.customers.customer import Crowded, Customer
from optiq.kernel.events import IdentityType

MAX_IDENTIFIERS = 500
"""Identifiers that are read for one person. More are no person's: a kiosk, a call centre, a shared test login. From
then on only links of servers' events count of each of them, and none where these alone lead to so many."""


class Graph:
    """Loaded customers, and which of them are still to be followed: each with the customer that led to it."""

    def __init__(self, read: Callable[[Mapping[str, IdentityType]], Mapping[str, Customer]]) -> None:
        self._read = read
        self.loaded: dict[str, Customer] = {}
        self._to_follow: dict[str, str] = {}
        self._crowded_roots: set[str] = set()

    def read(self, wanted: Mapping[str, IdentityType]) -> bool:
        """Reads customers, to be followed later; whether there were any."""
        if wanted:
            self.loaded.update(self._read(wanted))
            self._crowded_roots.difference_update(wanted)
            self._to_follow |= {customer_id: customer_id for customer_id in wanted}
        return bool(wanted)

    def is_followed(self, customer_id: str) -> bool:
        """Whether everybody is loaded to whom a loaded customer's counting links lead."""
        return customer_id not in self._to_follow

    def follow(self, roots: Container[str] = ()) -> bool:
        """Loads everybody that counting links join with roots, or with others who are loaded; whether it followed any.

        A link that counts from one end only leads to somebody else: whose links those are need not be known. Whether it
        does may show only later, by another way that leads there.
        """
        brought: dict[str, int] = defaultdict(int)
        by_servers: dict[str, int] = defaultdict(int)
        followed = False
        while ready := [c for c in self._to_follow if c in roots or self._is_joined(self.loaded[c])]:
            followed = True
            wanted: dict[str, IdentityType] = {}
            root_of: dict[str, str] = {}
            for customer_id in ready:
                root = self._to_follow.pop(customer_id)
                if root in self._crowded_roots and self._is_of_crowded(self.loaded[customer_id]):
                    _crowd([self.loaded[customer_id]], "PAGES")
                for link in self.loaded[customer_id].counting_links().values():
                    if link.other not in self.loaded and link.other not in wanted:
                        wanted[link.other], root_of[link.other] = link.other_type, root
                        brought[root] += 1
                        by_servers[root] += link.from_server
                if by_servers[root] > MAX_IDENTIFIERS:
                    _crowd(self.joined(root), "ALL")
                elif brought[root] > MAX_IDENTIFIERS and root not in self._crowded_roots:
                    _crowd(self.joined(root), "PAGES")
                    self._crowded_roots.add(root)
            self.read(wanted)
            self._to_follow |= root_of
        return followed

    def joined(self, customer_id: str) -> Iterator[Customer]:
        """The loaded customers that counting links join with one, itself among them."""
        seen = {customer_id}
        waiting = [customer_id]
        found: list[Customer] = []
        while waiting:
            customer = self.loaded[waiting.pop()]
            found.append(customer)
            for other in customer.counting_links():
                if other not in seen and self._mutual(customer.customer_id, other):
                    seen.add(other)
                    waiting.append(other)
        yield from found

    def _is_joined(self, customer: Customer) -> bool:
        return any(self._mutual(customer.customer_id, other) for other in customer.counting_links())

    def _is_of_crowded(self, customer: Customer) -> bool:
        others = (other for other in customer.counting_links() if self._mutual(customer.customer_id, other))
        return any(self.loaded[other].crowded for other in others)

    def _mutual(self, customer_id: str, other: str) -> bool:
        return other in self.loaded and customer_id in self.loaded[other].counting_links()


def _crowd(customers: Iterable[Customer], crowded: Crowded) -> None:
    for customer in customers:
        if customer.crowded not in ("ALL", crowded):
            customer.crowded, customer.changed = crowded, True
