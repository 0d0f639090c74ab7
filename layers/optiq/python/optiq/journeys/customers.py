"""Customers as they stand in the table, loaded and committed many at a time.

A customer is named by the keyed hash of one identifier: a user id, or an anonymous id. When an event names
both, the anonymous one is linked to the user for good (the first user wins: on a shared device, later users
keep to their own events). A person is a user's customer together with its linked members.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from optiq.journeys.history import Fact, pack, unpack
from optiq.journeys.records import CustomerRecord, HistoryRecord
from optiq.kernel import keys
from optiq.kernel.table import Put, put_each

SEAL_AT_BYTES = 8 * 1024
"""A write costs a unit per KB, so recent facts beyond this are sealed into an item that is not written again."""


@dataclass(slots=True)
class Customer:
    """One customer as loaded; `fresh` facts and changed links are not committed yet."""

    customer_id: str
    version: int = 0
    recent: list[Fact] = field(default_factory=list)
    sealed: list[Fact] = field(default_factory=list)
    chunks: list[str] = field(default_factory=list)
    linked_to: str = ""
    linked_by: str = ""
    members: list[str] = field(default_factory=list)
    changed: bool = False
    by_event_id: dict[str, Fact] = field(init=False)

    def __post_init__(self) -> None:
        self.by_event_id = {fact.event_id: fact for fact in self.recent}

    def add(self, fact: Fact) -> None:
        self.recent.append(fact)
        self.by_event_id[fact.event_id] = fact
        self.changed = True

    def link_to(self, user: "Customer", receipt: str) -> None:
        """Makes this anonymous customer a member of a user's, unless it is another's already."""
        if not self.linked_to:
            self.linked_to, self.linked_by, self.changed = user.customer_id, receipt, True
        if self.linked_to == user.customer_id and self.customer_id not in user.members:
            user.members.append(self.customer_id)
            user.changed = True


@dataclass(frozen=True, slots=True)
class Person:
    """A customer and those that turned out to be the same: one history."""

    customer_id: str
    customers: tuple[Customer, ...]

    @property
    def revision(self) -> int:
        """Grows whenever anything of the person changes, whoever changes it."""
        return sum(customer.version for customer in self.customers)

    def facts(self) -> list[Fact]:
        return [fact for customer in self.customers for fact in (*customer.sealed, *customer.recent)]


class Customers:
    """The customers of one site that a piece of work needs."""

    def __init__(self, organization_id: str, site_id: str) -> None:
        self._organization_id = organization_id
        self._site_id = site_id
        self._loaded: dict[str, Customer] = {}

    def load(self, customer_ids: Iterable[str], *, afresh: bool = False) -> None:
        """Loads customers with all they are linked to; unknown ones come as new. `afresh` forgets what was loaded."""
        wanted = set(customer_ids)
        if afresh:
            for customer_id in wanted:
                self._loaded.pop(customer_id, None)
        while wanted := {customer_id for customer_id in wanted if customer_id and customer_id not in self._loaded}:
            found = self._read(wanted)
            self._loaded.update(found)
            wanted = {linked for customer in found.values() for linked in (customer.linked_to, *customer.members)}

    def get(self, customer_id: str) -> Customer:
        return self._loaded[customer_id]

    def person_of(self, customer_id: str) -> Person:
        """The person a loaded customer belongs to."""
        head = self._loaded[self._loaded[customer_id].linked_to or customer_id]
        return Person(head.customer_id, (head, *(self._loaded[member] for member in head.members)))

    def commit(self) -> set[str]:
        """Writes every changed customer whose stored version is still the one loaded; returns those that lost."""
        changed = [customer for customer in self._loaded.values() if customer.changed]
        lost = put_each([self._put(customer) for customer in changed])
        for position, customer in enumerate(changed):
            if position not in lost:
                customer.version += 1
                customer.changed = False
        return {changed[position].customer_id for position in lost}

    def _put(self, customer: Customer) -> Put:
        packed = pack(customer.recent)
        if len(packed) > SEAL_AT_BYTES:
            # The chunk has a name of its own, so a writer that loses the race cannot overwrite the winner's.
            chunk = secrets.token_hex(8)
            key = keys.customer_history(self._organization_id, self._site_id, customer.customer_id, chunk)
            HistoryRecord(key.pk, key.sk, facts=packed).save()
            customer.sealed += customer.recent
            customer.recent, packed = [], pack([])
            customer.chunks.append(chunk)
        key = keys.customer(self._organization_id, self._site_id, customer.customer_id)
        record = CustomerRecord(
            key.pk,
            key.sk,
            version=customer.version + 1,
            facts=packed,
            chunks=customer.chunks,
            linked_to=customer.linked_to,
            linked_by=customer.linked_by,
            members=customer.members,
        )
        known = CustomerRecord.version == customer.version if customer.version else CustomerRecord.pk.does_not_exist()
        return Put(record, known)

    def _read(self, customer_ids: set[str]) -> dict[str, Customer]:
        by_pk = {keys.customer(self._organization_id, self._site_id, c).pk: c for c in customer_ids}
        customers = {customer_id: Customer(customer_id) for customer_id in customer_ids}
        wanted = [(pk, "CUSTOMER") for pk in by_pk]
        for record in CustomerRecord.batch_get(wanted, consistent_read=True):
            customers[by_pk[record.pk]] = Customer(
                customer_id=by_pk[record.pk],
                version=int(record.version),
                recent=unpack(record.facts),
                chunks=[str(chunk) for chunk in record.chunks],
                linked_to=record.linked_to,
                linked_by=record.linked_by,
                members=[str(member) for member in record.members],
            )
        self._read_sealed([customer for customer in customers.values() if customer.chunks])
        return customers

    def _read_sealed(self, customers: Sequence[Customer]) -> None:
        by_key = {
            keys.customer_history(self._organization_id, self._site_id, customer.customer_id, chunk): customer
            for customer in customers
            for chunk in customer.chunks
        }
        for record in HistoryRecord.batch_get(list(by_key), consistent_read=True):
            customer, facts = by_key[keys.Key(record.pk, record.sk)], unpack(record.facts)
            customer.sealed += facts
            customer.by_event_id |= {fact.event_id: fact for fact in facts}
