"""What becomes of events that name somebody who was erased: those of before are dropped, later ones are somebody new's.

The item of an erased customer says until when, so who is not erased costs nothing more to read. It takes in nothing
ever again: somebody who comes back is another customer, so all that is kept under the old name is of before.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256

from optiq.journeys.customers.customer import Customer, digest_of_id
from optiq.journeys.customers.table import Customers
from optiq.journeys.links import DEVICE_TYPES
from optiq.kernel.events import EventAccepted, IdentityType
from optiq.kernel.ids import encode_ulid

_Named = Sequence[tuple[EventAccepted, Mapping[str, IdentityType]]]


def successor_of(customer_id: str, erased_ms: int) -> str:
    """The customer that an identifier is after it was erased."""
    return f"cus_{encode_ulid(sha256(f'{customer_id} {erased_ms}'.encode()).digest()[:16])}"


def current(customers: Customers, customer_id: str, kind: IdentityType = "anonymous_id") -> Customer:
    """The customer that an identifier is now, by the id it had first. It is loaded."""
    customers.load({customer_id: kind})
    one = customers.get(customer_id)
    while one.erased_ms:
        name = successor_of(one.customer_id, one.erased_ms)
        customers.load({name: kind})
        one = customers.get(name)
        one.follows = customer_id
    return one


def after_erasure(
    named: _Named, customers: Customers
) -> tuple[Sequence[tuple[EventAccepted, dict[str, IdentityType]]], list[str]]:
    """Events with the customers they name now, and the receipts of those that are dropped. All named are loaded."""
    if not customers.has_erased():
        return [(event, dict(names)) for event, names in named], []
    living: list[tuple[EventAccepted, dict[str, IdentityType]]] = []
    gone: list[str] = []
    for event, names in named:
        renamed = _renamed(event, names, customers)
        if renamed is None:
            gone.append(event.receipt)
        else:
            living.append((event, renamed))
    return living, gone


def _renamed(
    event: EventAccepted, names: Mapping[str, IdentityType], customers: Customers
) -> dict[str, IdentityType] | None:
    """None for an event of before. A device that it names besides may be of several people: it says nothing."""
    known_ms = min(event.occurred_ms, event.received_ms)
    renamed: dict[str, IdentityType] = {}
    for customer_id, kind in names.items():
        customers.load({customer_id: kind})
        one = customers.get(customer_id)
        while one.erased_ms:
            of_before = known_ms <= one.erased_ms or digest_of_id(event.event_id) in one.latest
            if of_before and (not renamed or kind not in DEVICE_TYPES):
                return None
            name = successor_of(one.customer_id, one.erased_ms)
            customers.load({name: kind})
            one = customers.get(name)
            one.follows = customer_id
        renamed[one.customer_id] = kind
    return renamed
