"""A person's customers, orders and conversions in the table: nothing of them stays but what is nobody's.

What remains is written first, under the name of a customer of nobody; the person's own items are emptied last, all of a
site in one transaction. Until then the same run begins anew from them, and afterwards it finds nothing to do.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace

from optiq.journeys import conversions, keys
from optiq.journeys.contracts import Conversion
from optiq.journeys.customers.customer import MAX_CONVERSIONS, Customer
from optiq.journeys.customers.items import put_of
from optiq.journeys.customers.table import Customers
from optiq.journeys.days import day_of_slot, is_of_servers
from optiq.journeys.erased_ids import erased_event_id
from optiq.journeys.erasing.remaining import nameless, remaining
from optiq.journeys.history import Fact, pack
from optiq.journeys.journey import touch_id_of
from optiq.journeys.ordering import conversion_id_of, number_of_conversion, own_number
from optiq.journeys.orders.reports import Report
from optiq.journeys.orders.table import LATER_THAN_ANY, Orders
from optiq.journeys.records import ConversionRecord, HistoryRecord
from optiq.journeys.sessions import is_goal
from optiq.kernel.clock import iso_day, system_clock
from optiq.kernel.errors import UpstreamError
from optiq.kernel.ids import position_of
from optiq.kernel.person import Mode, Traces
from optiq.kernel.table import Put, put_each, put_together
from optiq.tenancy.contracts import Site

_ATTEMPTS = 10
_TOGETHER = 90


def erase(site: Site, traces: Traces, mode: Mode, erased_ms: int, salt: str, converted: Collection[str]) -> None:
    """
    Args:
        converted: ids of conversions of theirs that the lake knows.

    Raises:
        UpstreamError: others kept changing the same items; try again.
    """
    for _ in range(_ATTEMPTS):
        customers = Customers(site.organization_id, site.site_id)
        customers.load(dict.fromkeys(traces.customers | traces.shared | {traces.remains}, "anonymous_id"))
        mine = of_traces(customers, traces)
        if mine and not _hand_over(site, customers, mine, traces, mode, salt, converted):
            continue
        if not mine or _empty(site, customers, mine, traces, erased_ms):
            _empty_pages(site, traces)
            return
    raise UpstreamError("the customers kept changing while they were erased", retryable=True)


def of_traces(customers: Customers, traces: Traces) -> list[Customer]:
    """Those of which something is left; of a shared device until its links to the others are gone."""
    own = [one for one in map(customers.get, sorted(traces.customers)) if one.version and not one.erased_ms]
    shared = [one for one in map(customers.get, sorted(traces.shared)) if traces.customers & one.links.keys()]
    return own + shared


def facts_of(customers: Customers, mine: Collection[Customer]) -> dict[str, Fact]:
    """All their facts, by event id."""
    customers.load_days((one, slot) for one in mine for slot in one.sealed)
    return {fact.event_id: fact for one in mine for fact in one.facts_on({*one.recent_days, *one.sealed})}


def _hand_over(
    site: Site,
    customers: Customers,
    mine: Collection[Customer],
    traces: Traces,
    mode: Mode,
    salt: str,
    converted: Collection[str],
) -> bool:
    """Gives what may stay to the customer that remains; whether nobody changed it meanwhile."""
    facts = facts_of(customers, mine)
    goals = {conversion_id_of(fact, site.site_id) for fact in facts.values() if is_goal(fact, site)}
    ids = {*converted, *goals, *(one for customer in mine for one in customer.conversions)}
    found = conversions.find(site.organization_id, site.site_id, ids)
    whose = traces.customers | traces.shared
    remains = customers.get(traces.remains)
    customers.load_days((remains, slot) for slot in remains.sealed)
    for fact in remaining(facts.values(), site, mode, has_converted=bool(found)):
        known = nameless(fact, site, salt)
        if known.event_id not in remains.by_event_id:
            remains.add(known)
    if found:
        latest = sorted({*remains.conversions, *(one.conversion_id for one in found)})[-MAX_CONVERSIONS:]
        remains.changed = remains.changed or not remains.version
        if tuple(latest) != remains.conversions:
            remains.conversions, remains.changed = tuple(latest), True
    if customers.commit() is not None:
        return False
    numbers = {fact.order_id for fact in facts.values() if fact.order_id}
    numbers |= {number_of_conversion(one) for one in found} | {own_number(one) for one in ids}
    if not _rename_orders(site, numbers, whose, traces.remains, salt):
        return False
    renamed = [
        replace(one, customer_id=traces.remains, event_id=_event_id_of(one, salt))
        for one in found
        if one.customer_id in whose
    ]
    same = [Put(ConversionRecord.of(one), ConversionRecord.revision == one.revision) for one in renamed]
    return not put_each(same)


def _rename_orders(site: Site, numbers: Collection[str], whose: Collection[str], remains: str, salt: str) -> bool:
    orders = Orders(site.organization_id, site.site_id)
    orders.load(numbers)
    for order in map(orders.get, numbers):
        lost = order.customer_ids().intersection(whose)
        if lost or any(one.customer_id in whose for one in order.displaced):
            order.reports = tuple(_renamed(one, site, whose, remains, salt) for one in order.reports)
            order.displaced = tuple(_renamed(one, site, whose, remains, salt) for one in order.displaced)
            # The revision of its conversions counts those of its customers, and must not fall where one is lost.
            order.version += len(lost) * LATER_THAN_ANY
            order.changed = True
    return not put_each(orders.puts())


def _renamed(report: Report, site: Site, whose: Collection[str], remains: str, salt: str) -> Report:
    if report.customer_id not in whose:
        return report
    instant = (report.occurred_ms, report.delay_ms, report.position)
    event_id = erased_event_id(report.event_id, instant, site.site_id, salt)
    return replace(report, event_id=event_id, customer_id=remains, identity_type="anonymous_id", receipt="", digest="")


def _event_id_of(one: Conversion, salt: str) -> str:
    delay_ms = max(0, one.arrived_ms - one.occurred_ms)
    instant = (one.occurred_ms, delay_ms, position_of(one.conversion_id))
    return erased_event_id(one.event_id, instant, one.site_id, salt)


def _empty(site: Site, customers: Customers, mine: Collection[Customer], traces: Traces, erased_ms: int) -> bool:
    """Empties the person's items; whether nobody changed one meanwhile."""
    where = (site.organization_id, site.site_id)
    outside = {link.other: link.other_type for one in mine for link in one.links.values()}
    others = {other: kind for other, kind in outside.items() if other not in traces.customers | traces.shared}
    customers.load(others)
    now_ms = system_clock()
    changed = list(mine)
    for one in map(customers.get, others):
        if traces.customers & one.links.keys():
            _drop_links(one, traces.customers)
            changed.append(one)
    puts: list[Put] = []
    for one in mine:
        if one.customer_id in traces.customers:
            one.erase(erased_ms)
        else:
            puts += _empty_pages_of(site, one)
            one.forget_facts()
            one.sealed = {}
            _drop_links(one, traces.customers)
    for one in changed:
        one.version = max(now_ms, one.version + 1)
        puts.append(put_of(where, one, one.packed()))
    return all(put_together(puts[start : start + _TOGETHER]) for start in range(0, len(puts), _TOGETHER))


def _drop_links(one: Customer, gone: Collection[str]) -> None:
    one.links = {other: link for other, link in one.links.items() if other not in gone}


def _empty_pages(site: Site, traces: Traces) -> None:
    """Empties the sealed pages of emptied items, then forgets them."""
    customers = Customers(site.organization_id, site.site_id)
    customers.load(dict.fromkeys(traces.customers, "anonymous_id"))
    left = [one for one in map(customers.get, traces.customers) if one.erased_ms and one.sealed]
    put_each([put for one in left for put in _empty_pages_of(site, one)])
    for one in left:
        one.sealed, one.version = {}, one.version + 1
    put_each([put_of((site.organization_id, site.site_id), one, one.packed()) for one in left])


def _empty_pages_of(site: Site, one: Customer) -> Iterator[Put]:
    ended = system_clock() // 1000
    for slot, sealed in one.sealed.items():
        day = f"{iso_day(day_of_slot(slot))}{'#SERVER' if is_of_servers(slot) else ''}"
        for page in range(sealed.pages):
            key = keys.customer_history(site.organization_id, site.site_id, one.customer_id, day, page)
            yield Put(HistoryRecord(*key, facts=pack([]), forget_at=ended), None)


def touches_of(site: Site, remains: str) -> frozenset[str]:
    """The touches that may be made of the facts that remain."""
    customers = Customers(site.organization_id, site.site_id)
    customers.load({remains: "anonymous_id"})
    facts = facts_of(customers, [customers.get(remains)])
    return frozenset(touch_id_of(fact, site.site_id) for fact in facts.values())
