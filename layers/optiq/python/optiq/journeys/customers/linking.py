"""What joins customers and parts them: events that name both, orders that both report, and who says otherwise."""

from dataclasses import replace

from optiq.journeys.customers.customer import Customer
from optiq.journeys.customers.table import Customers
from optiq.journeys.links import Link, LinkSource, with_link, with_order, without_order
from optiq.kernel.events import EventAccepted


def join(customers: Customers, one: Customer, other: Customer, source: LinkSource, event: EventAccepted) -> None:
    """Links two customers, by an event that named both."""
    said = Link("", "anonymous_id", source, event.occurred_ms, event.event_id, from_server=event.from_server)
    forth = with_link(one.links, replace(said, other=other.customer_id, other_type=other.identity_type))
    back = with_link(other.links, replace(said, other=one.customer_id, other_type=one.identity_type))
    _change_ends(customers, one, other, forth, back)


def suggest(customers: Customers, one: Customer, other: Customer, times: tuple[int, int], key: str) -> None:
    """Links two customers, by an order that both reported (`links.with_order`)."""
    forth = with_order(one.links, other.customer_id, other.identity_type, times, key)
    back = with_order(other.links, one.customer_id, one.identity_type, times, key)
    _change_ends(customers, one, other, forth, back)


def withdraw(customers: Customers, one: Customer, other: Customer, key: str) -> None:
    """Takes back what an order suggested; the link goes where nothing else speaks for it."""
    forth = without_order(one.links, other.customer_id, key)
    back = without_order(other.links, one.customer_id, key)
    _change_ends(customers, one, other, forth, back)


def cut(customers: Customers, one: Customer, other: Customer) -> None:
    """Says that a link joins two people. It stays cut, whatever events say later."""
    links = {
        end.customer_id: {**end.links, far.customer_id: replace(end.links[far.customer_id], cut=True)}
        for end, far in ((one, other), (other, one))
    }
    one.crowded = other.crowded = ""
    customers.change_links(links)


def _change_ends(
    customers: Customers,
    one: Customer,
    other: Customer,
    forth: dict[str, Link] | None,
    back: dict[str, Link] | None,
) -> None:
    if forth is not None or back is not None:
        ends = ((one, forth), (other, back))
        customers.change_links({end.customer_id: end.links if links is None else links for end, links in ends})
