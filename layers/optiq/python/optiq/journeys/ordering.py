"""Finds the orders that a batch of events reports or corrects, and adds the events to them.

A conversion without an order id has an item only once it is corrected; its number is then its own id.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from optiq.journeys.agents import agent_of_event, is_bot
from optiq.journeys.contracts import Conversion
from optiq.journeys.conversions import find
from optiq.journeys.customers.linking import suggest, withdraw
from optiq.journeys.customers.table import Customers
from optiq.journeys.erased_ids import kept_id
from optiq.journeys.history import Fact, delay_of
from optiq.journeys.links import order_key
from optiq.journeys.order_buyers import load_reporters, purchases_in
from optiq.journeys.orders.places import has_place
from optiq.journeys.orders.purchases import agreeing
from optiq.journeys.orders.reports import Report, report_of
from optiq.journeys.orders.table import LATER_THAN_ANY, Order, Orders
from optiq.journeys.sessions import is_goal
from optiq.kernel.events import OF_CONVERSION, EventAccepted, correction_of
from optiq.kernel.ids import id_in_order, position_of
from optiq.tenancy.contracts import Site


class Told(NamedTuple):
    """An event that reports or corrects an order: the customer that holds it, and the order's number."""

    event: EventAccepted
    customer_id: str
    number: str


def number_of_conversion(conversion: Conversion) -> str:
    """The number under which a conversion's reports and corrections stand."""
    return conversion.order_id or own_number(conversion.conversion_id)


def is_of_conversion(number: str) -> bool:
    """Whether a number is a conversion's own rather than an order's."""
    return number.startswith(OF_CONVERSION)


def conversion_id_of(event: EventAccepted | Fact, site_id: str) -> str:
    """The conversion's, if the event is its first report."""
    if of_erased := kept_id(event.event_id, "conversion"):
        return of_erased
    delay_ms = event.delay_ms if isinstance(event, Fact) else delay_of(event)
    return id_in_order("conversion", event.occurred_ms, delay_ms, event.position, site_id, event.event_id)


def number_of(event: EventAccepted, site: Site) -> str:
    """The number of the order that an event reports or corrects, or "" where it does neither."""
    corrects = correction_of(event.name)
    if not (corrects or is_goal(event, site)) or is_bot(agent_of_event(event)):
        return ""
    if corrects:
        # The view of a page or screen named "Refund" corrects nothing.
        return event.order_id if event.kind == "TRACK" else ""
    return event.order_id or own_number(conversion_id_of(event, site.site_id))


def own_number(conversion_id: str) -> str:
    """The number of a conversion without an order id."""
    return f"{OF_CONVERSION}{conversion_id}"


def load_orders(numbers: set[str], customers: Customers, orders: Orders) -> None:
    """Loads orders by number, and who reported them (order_buyers.py)."""
    if not numbers:
        return
    orders.load(numbers)
    load_reporters([orders.get(number) for number in numbers], customers)


def report(site: Site, goals: Sequence[Told], customers: Customers, orders: Orders) -> None:
    """Adds events to the orders they are of, and links those who report one order at one price."""
    told: dict[str, list[Report]] = defaultdict(list)
    for event, customer_id, number in goals:
        owner = customers.get(customer_id)
        if not correction_of(event.name):
            owner.add_conversion(conversion_id_of(event, site.site_id))
        if event.order_id:
            told[number].append(report_of(event, owner.customer_id, owner.identity_type))
    touched = {number: orders.get(number) for number in told}
    for number, order in touched.items():
        order.add_all(told[number])
    _adopt(site, touched.values())
    _set_apart(site, touched.values(), told, orders)
    for order in touched.values():
        _link(site, order, customers)


def unverified(site: Site, goals: Sequence[Told], customers: Customers, orders: Orders) -> set[str]:
    """The receipts of pages' reports of orders that no server reports, where the site leaves such orders out."""
    if site.unverified_conversions == "COUNT":
        return set()
    pages = [told for told in goals if not (told.event.from_server or correction_of(told.event.name))]
    verified = {
        report.event_id
        for number in {told.number for told in pages}
        for judged in purchases_in(orders.get(number), site, customers)
        if judged.purchase.verified
        for report in judged.purchase.reports
    }
    return {told.event.receipt for told in pages if told.event.event_id not in verified}


def without_place(goals: Iterable[Told], orders: Orders) -> Iterator[EventAccepted]:
    """The events that change no order, for others took the places of its number: corrections and repeated reports."""
    for event, _, number in goals:
        placed = not event.order_id or orders.get(number).has(event.event_id)
        if not placed and own_number(conversion_id_of(event, event.site_id)) not in orders:
            yield event


def _adopt(site: Site, orders: Iterable[Order]) -> None:
    """Adds to corrections by conversion id the conversion they correct, as the first report of its item."""
    lone = [
        order
        for order in orders
        if is_of_conversion(order.number) and all(report.correction for report in order.reports)
    ]
    named = {order.number.removeprefix(OF_CONVERSION): order for order in lone}
    for conversion in find(site.organization_id, site.site_id, named):
        first = Report(
            event_id=conversion.event_id,
            receipt="",
            customer_id=conversion.customer_id,
            identity_type="anonymous_id",
            name=conversion.name,
            occurred_ms=conversion.occurred_ms,
            position=position_of(conversion.conversion_id),
            delay_ms=max(0, conversion.arrived_ms - conversion.occurred_ms),
            digest="",
            value_micros=conversion.gross_micros,
            currency=conversion.currency,
            from_server=conversion.verified,
        )
        named[conversion.conversion_id].add_all([first])


def _set_apart(
    site: Site, orders_touched: Iterable[Order], told: Mapping[str, Sequence[Report]], orders: Orders
) -> None:
    """Gives reports that find no place, and whose sender has none, an order of their own: they count by themselves."""
    apart: dict[str, tuple[Report, int]] = {}
    for order in orders_touched:
        for report in (*told[order.number], *order.displaced):
            without_place = not (report.correction or order.has(report.event_id))
            if without_place and not has_place(order.reports, report.customer_id):
                # What is published of the report from now on outweighs what was while it had its place.
                later = order.version + (len(order.reports) + 1) * LATER_THAN_ANY
                apart[own_number(report.conversion_id(site.site_id))] = (report, later)
    if not apart:
        return
    orders.load(apart)
    for number, (report, version) in apart.items():
        own = orders.get(number)
        if not own.version:
            own.version = version
        own.add_all([report])
        if not own.crowded:
            own.crowded = own.changed = True


def _link(site: Site, order: Order, customers: Customers) -> None:
    """Links every two identifiers that report one order at one price, and takes back links that it suggests no more.

    A number that several buyers share suggests none, of pages or at all.
    """
    key = order_key(order.number)
    suggested: dict[tuple[str, str], tuple[int, int]] = {}
    joining = [one for one in order.reports if not order.shared or (order.shared == "PAGES" and one.from_server)]
    for alike in agreeing(joining, site):
        for one, other in combinations(_of_each(alike), 2):
            ends = min(one.customer_id, other.customer_id), max(one.customer_id, other.customer_id)
            times = one.occurred_ms, other.occurred_ms
            suggested[ends] = min(times, suggested.get(ends, times), key=lambda of: (of[1], of[0]))
    lost = [report for report in order.displaced if not has_place(order.reports, report.customer_id)]
    reporters = {report.customer_id for report in (*order.reports, *lost) if not report.correction}
    reporters = set(filter(customers.is_known, reporters))
    for one_id in reporters:
        for other_id in reporters.intersection(customers.get(one_id).links):
            if (min(one_id, other_id), max(one_id, other_id)) not in suggested:
                withdraw(customers, customers.get(one_id), customers.get(other_id), key)
    for (one_id, other_id), times in suggested.items():
        suggest(customers, customers.get(one_id), customers.get(other_id), times, key)


def _of_each(alike: Sequence[Report]) -> list[Report]:
    """The first report of each identifier but those that last a day (`passing_id`), which several people may share."""
    first: dict[str, Report] = {}
    for report in alike:
        if report.identity_type != "passing_id":
            first.setdefault(report.customer_id, report)
    return list(first.values())
