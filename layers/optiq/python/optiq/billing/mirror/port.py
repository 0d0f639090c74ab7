"""Where the mirror is kept, whoever keeps it."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from optiq.billing.mirror.contracts import Customer, Invoice, Payment, PaymentMethod, Subscription

Mirrored = Subscription | Invoice | Payment | PaymentMethod | Customer
E = TypeVar("E", Subscription, Invoice, Payment, PaymentMethod, Customer)


class Shelf(Protocol):
    """Where the mirror is kept. Every method raises UpstreamError when it cannot be reached."""

    def owner_of(self, object_id: str) -> str:
        """The organization of an object at Stripe; "" where it is not known yet."""
        ...

    def own(self, organization_id: str, object_id: str) -> None:
        """Notes the organization of an object."""
        ...

    def link_customer(self, organization_id: str, customer_id: str) -> bool:
        """Makes it the organization's customer, unless there is no such organization or it has another."""
        ...

    def read(self, kind: type[E], organization_id: str, object_id: str) -> E | None: ...

    def write(self, entity: Mirrored, expected_version: int) -> bool:
        """Writes it if that version is stored still; 0 is none. Says whether it did."""
        ...

    def subscriptions_of(self, organization_id: str) -> Sequence[Subscription]: ...

    def park(self, customer_id: str, kind: str, object_id: str) -> None:
        """Keeps for later what is of a customer of no known organization."""
        ...

    def take_parked(self, customer_id: str) -> Sequence[tuple[str, str]]: ...

    def fingerprint(self, plain: str) -> str:
        """A keyed hash of a card's fingerprint."""
        ...

    def note_fault(self, kind: str, object_id: str, organization_id: str, reason: str) -> None:
        """Shows staff an object that cannot be followed."""
        ...

    def clear_fault(self, kind: str, object_id: str) -> None:
        """Notes that nothing is wrong with an object any more."""
        ...
