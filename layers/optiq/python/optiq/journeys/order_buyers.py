"""Who reported an order, loaded as far as that is bounded, and the purchases that this shows.

Behind each who reports a number are all identifiers of their person. Where so many report the number, or so many are
behind its pages' reports, it is shared: then each person is looked at by itself (docs/decisions/0031). What pages send
changes nothing of how servers' reports are looked at.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from optiq.journeys.customers.table import Customers
from optiq.journeys.orders.purchases import Purchase, purchases_of
from optiq.journeys.orders.reports import Report
from optiq.journeys.orders.table import Order
from optiq.kernel.events import IdentityType
from optiq.tenancy.contracts import Site

MAX_BEHIND = 1_000
"""Identifiers behind all visitors who report one number by pages: twice as many as one person may have."""
_AT_ONCE = 3
"""Reporters that are loaded together: hardly an order has more."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A purchase as reports that are looked at together show it.

    Attributes:
        told: the events that are to be told of by it. customer_ids: everybody of whom it may depend who buys.
    """

    purchase: Purchase
    told: frozenset[str]
    customer_ids: frozenset[str]


def load_reporters(orders: Collection[Order], customers: Customers) -> None:
    """Loads everybody who reported these orders, but of one that is shared. Marks those that turn out to be."""
    for order in orders:
        order.share_if_many()
    few = [one for one in map(_needed, orders) if len(one) <= _AT_ONCE]
    customers.load({customer_id: kind for of_order in few for customer_id, kind in of_order.items()})
    for order in orders:
        if order.shared != "ALL":
            customers.load(order.reporters(from_server=True))
        needed = _needed(order)
        by_steps = {
            one: kind for one, kind in needed.items() if order.shared or one in order.reporters(from_server=False)
        }
        if _load_by_steps(by_steps, customers):
            order.share("PAGES")


def _needed(order: Order) -> dict[str, IdentityType]:
    servers, pages = order.reporters(from_server=True), order.reporters(from_server=False)
    if order.parting or not order.shared:
        return servers | pages
    return servers if order.shared == "PAGES" else {}


def _load_by_steps(reporters: dict[str, IdentityType], customers: Customers) -> bool:
    """Loads reporters until too many identifiers are behind them; whether there are."""
    for count in range(_AT_ONCE, len(reporters) + _AT_ONCE, _AT_ONCE):
        loaded = dict(list(reporters.items())[:count])
        customers.load(loaded)
        if len(loaded) > 1 and customers.reach_of(loaded) > MAX_BEHIND:
            return True
    return False


def purchases_in(order: Order, site: Site, customers: Customers) -> Iterator[Judged]:
    """The purchases of one number; of a shared one those of the persons who are loaded."""
    for reports, told in _together(order, customers):
        ids = {one.customer_id for one in reports if one.from_server or one.event_id in told}
        for purchase in purchases_of(reports, site, customers.name_of, customers.are_apart):
            yield Judged(purchase, told, frozenset(ids))


def _together(order: Order, customers: Customers) -> Iterator[tuple[tuple[Report, ...], frozenset[str]]]:
    """Reports that are looked at together, and the events among them that are told of."""
    if not order.shared:
        yield order.reports, _ids(order.reports)
        return
    by_person: dict[str, list[Report]] = defaultdict(list)
    for report in order.reports:
        if customers.is_known(report.customer_id):
            by_person[customers.name_of(report.customer_id)].append(report)
    if order.shared == "ALL":
        for own in by_person.values():
            yield tuple(own), _ids(own)
        return
    servers = [report for report in order.reports if report.from_server]
    # Pages' corrections change nothing of these, and are shown with them.
    yield tuple(one for one in order.reports if one.from_server or one.correction), _ids(servers)
    goals = any(not report.correction for report in servers)
    for own in by_person.values():
        pages = [report for report in own if not report.from_server]
        if pages:
            beside = [report for report in servers if goals or report in own]
            yield tuple(sorted((*beside, *pages), key=lambda one: one.order)), _ids(pages)


def _ids(reports: Collection[Report]) -> frozenset[str]:
    return frozenset(report.event_id for report in reports)
