"""Conversions as they stand now, worked out from orders and events: what publishing.py writes to table and lake.

A report that does not give its order time and name comes as a conversion of no value that names the one that does in
`part_of`, so that what it was credited before ends.
"""

from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Sequence, Set
from dataclasses import replace

from optiq.journeys import conversions
from optiq.journeys.contracts import Conversion
from optiq.journeys.customers.customer import (
    MAX_CONVERSIONS,
    MAX_RECREDITED,
    MAX_RECREDITED_DAYS,
    MAX_SHORT_HISTORY,
    Customer,
)
from optiq.journeys.customers.person import Person, evidence_of
from optiq.journeys.customers.table import Customers
from optiq.journeys.history import Fact, delay_of
from optiq.journeys.order_buyers import Judged, purchases_in
from optiq.journeys.ordering import (
    Told,
    conversion_id_of,
    is_of_conversion,
    load_orders,
    number_of_conversion,
    own_number,
)
from optiq.journeys.orders.reports import Report, report_of
from optiq.journeys.orders.table import Order, Orders
from optiq.kernel.clock import DAY_MS
from optiq.kernel.events import EventAccepted, correction_of
from optiq.kernel.ids import instant_of
from optiq.tenancy.contracts import Site

MAX_TOLD = 300
"""When identifiers are linked or parted, so many of the latest conversions of those that came are written again."""


def of_goals(goals: Iterable[Told], site: Site, customers: Customers, orders: Orders) -> Iterator[Conversion]:
    """The conversions that events report or correct; a later report of one names it in `part_of`."""
    numbers: set[str] = set()
    without_place: dict[str, list[Report]] = {}
    for event, customer_id, number in goals:
        order = orders.get(number)
        if not (event.order_id or correction_of(event.name) or order.has(event.event_id)):
            yield _judged(_alone(event, delay_of(event), customer_id, site, customers.person_of(customer_id)), site)
            continue
        late = without_place.setdefault(number, list(order.displaced))
        if order.has(event.event_id):
            numbers.add(number)
        elif not correction_of(event.name):
            late.append(report_of(event, customer_id, customers.get(customer_id).identity_type))
    for number, reports in without_place.items():
        # One without a place counts by itself (ordering.py), unless its sender has another place.
        by_own_number = {own_number(report.conversion_id(site.site_id)): report for report in reports}
        numbers.update(own for own in by_own_number if own in orders)
        repeated = [report for own, report in by_own_number.items() if own not in orders]
        yield from _repeated(repeated, orders.get(number), site, customers)
    for number in numbers:
        yield from _of_order(orders.get(number), site, customers)


def of_persons(
    moved: Sequence[tuple[Person, Sequence[Customer]]],
    told: Container[str],
    site: Site,
    customers: Customers,
    orders: Orders,
) -> Iterator[Conversion]:
    """The latest conversions of customers that came to persons, which may stand under the name of another person, and
    those they correct; but not those in `told`."""
    names = {
        one: person
        for person, come in moved
        for one in sorted({one for customer in come for one in customer.conversions})[-MAX_TOLD:]
        if one not in told
    }
    written = conversions.find(site.organization_id, site.site_id, names)
    found = {number_of_conversion(one): one for one in written}
    found |= _unwritten(names.keys() - {one.conversion_id for one in written}, moved, site)
    corrected = {number for _, come in moved for number in _corrected(come)}
    further = {number for number in (*found, *corrected) if number not in orders}
    load_orders(further, customers, orders)
    orders.keep_shared(further)
    for number in corrected.difference(found):
        yield from _of_order(orders.get(number), site, customers)
    for number, conversion in found.items():
        if orders.get(number).reports:
            yield from _of_order(orders.get(number), site, customers)
        else:
            person = names[conversion.conversion_id]
            grade = evidence_of(person.customers)[_holder(person, conversion.conversion_id)]
            renamed = replace(conversion, customer_id=person.customer_id, evidence=grade, revision=person.revision)
            yield _judged(renamed, site)


def _unwritten(
    conversion_ids: Set[str], moved: Sequence[tuple[Person, Sequence[Customer]]], site: Site
) -> dict[str, Conversion]:
    """Conversions by number that another consumer stored and did not write yet, by the facts that are loaded."""
    if not conversion_ids:
        return {}
    return {
        fact.order_id or own_number(conversion_id): _alone(fact, fact.delay_ms, customer.customer_id, site, person)
        for person, come in moved
        for customer in come
        for fact in customer.by_event_id.values()
        if (conversion_id := conversion_id_of(fact, site.site_id)) in conversion_ids
    }


def _corrected(come: Iterable[Customer]) -> Iterator[str]:
    """The numbers of the orders that customers who came to a person correct, by their facts that are loaded."""
    for customer in come:
        for fact in customer.by_event_id.values():
            if fact.kind == "TRACK" and fact.order_id and correction_of(fact.name):
                yield fact.order_id


def later_ids(person: Person, since_ms: int, *, every: bool = False) -> list[str]:
    """The ids of the person's latest conversions from an instant on; some are only later reports of one.

    Those of one batch are credited once, however many of its events come before them.

    Args:
        every: all that are known, where it is about more than an event that is late.
    """
    most = MAX_CONVERSIONS if every else MAX_RECREDITED
    # Each customer's are in order, so the person's latest are among the latest of each.
    ids = {
        one
        for customer in person.customers
        for one in customer.conversions[bisect_left(customer.conversions, since_ms, key=instant_of) :][-most:]
    }
    latest = sorted(ids)[-most:]
    if every:
        return latest
    days = sorted({instant_of(one) // DAY_MS for one in latest})[-MAX_RECREDITED_DAYS:]
    if len(days) < MAX_RECREDITED_DAYS or person.counts().total() <= MAX_SHORT_HISTORY:
        return latest
    return [one for one in latest if instant_of(one) // DAY_MS in days]


def _holder(person: Person, conversion_id: str) -> str:
    """The customer whose event a conversion is."""
    holders = (customer.customer_id for customer in person.customers if conversion_id in customer.conversions)
    return next(holders, person.customer_id)


def _alone(event: EventAccepted | Fact, delay_ms: int, holder: str, site: Site, person: Person) -> Conversion:
    return Conversion(
        organization_id=site.organization_id,
        site_id=site.site_id,
        customer_id=person.customer_id,
        conversion_id=conversion_id_of(event, site.site_id),
        event_id=event.event_id,
        name=event.name,
        occurred_ms=event.occurred_ms,
        value_micros=event.value_micros or 0,
        currency=event.currency or site.currency,
        revision=person.revision,
        gross_micros=event.value_micros or 0,
        arrived_ms=event.occurred_ms + delay_ms,
        evidence=evidence_of(person.customers)[holder],
        verified=event.from_server,
    )


def _repeated(reports: Sequence[Report], order: Order, site: Site, customers: Customers) -> Iterator[Conversion]:
    """Reports without a place, of identifiers that have one: parts of the order that these report there."""
    for judged in purchases_in(order, site, customers):
        reporters = {report.customer_id for report in judged.purchase.reports if report.event_id in judged.told}
        parts = [report for report in reports if report.customer_id in reporters]
        if parts:
            yield from _parts(parts, _of_purchase(judged, order, site, customers))


def _of_order(order: Order, site: Site, customers: Customers) -> Iterator[Conversion]:
    for judged in purchases_in(order, site, customers):
        purchase, told = judged.purchase, judged.told
        if told.isdisjoint(report.event_id for report in purchase.reports):
            continue
        standing = _judged(_of_purchase(judged, order, site, customers), site)
        if purchase.first.event_id in told:
            yield standing
        yield from _parts((report for report in purchase.later if report.event_id in told), standing)


def _parts(reports: Iterable[Report], standing: Conversion) -> Iterator[Conversion]:
    """Other reports of a conversion."""
    for report in reports:
        yield replace(
            standing,
            conversion_id=report.conversion_id(standing.site_id),
            event_id=report.event_id,
            name=report.name,
            occurred_ms=report.occurred_ms,
            value_micros=0,
            part_of=standing.conversion_id,
        )


def _of_purchase(judged: Judged, order: Order, site: Site, customers: Customers) -> Conversion:
    purchase = judged.purchase
    first = purchase.first
    person = customers.person_of(first.customer_id)
    # Whose an order is follows from everybody whom its reports and corrections are of. All of these only grow, and each
    # with every change of its own, so no two views go by one revision.
    revision = order.version + sum(customers.person_of(one).revision for one in judged.customer_ids)
    return Conversion(
        organization_id=site.organization_id,
        site_id=site.site_id,
        customer_id=person.customer_id,
        conversion_id=first.conversion_id(site.site_id),
        event_id=first.event_id,
        name=first.name,
        occurred_ms=first.occurred_ms,
        value_micros=purchase.value_micros,
        currency=purchase.currency,
        revision=revision,
        order_id="" if is_of_conversion(order.number) else order.number,
        gross_micros=purchase.gross_micros,
        arrived_ms=first.occurred_ms + first.delay_ms,
        evidence=evidence_of(person.customers)[first.customer_id],
        verified=purchase.verified,
    )


def _judged(conversion: Conversion, site: Site) -> Conversion:
    """A conversion that the site leaves out says so: it is a part of itself."""
    stands = conversion.verified or site.unverified_conversions == "COUNT"
    return replace(conversion, part_of="" if stands else conversion.conversion_id)
