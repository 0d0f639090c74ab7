"""Corrections that wait for their order, listed."""

from dataclasses import asdict
from typing import Any

from optiq.journeys import keys
from optiq.journeys.background import report_shown
from optiq.journeys.customers.table import Customers
from optiq.journeys.order_buyers import load_reporters, purchases_in
from optiq.journeys.order_contracts import WaitingCorrection
from optiq.journeys.orders.purchases import unapplied
from optiq.journeys.orders.reports import Report
from optiq.journeys.orders.table import Order, Orders
from optiq.journeys.records import OrderRecord
from optiq.kernel.paging import Page, cursor_at, list_of, place_in
from optiq.kernel.table import second_key_start
from optiq.tenancy.contracts import Site

_MAX_LOADED = 2_000
"""A page ends once so many identifiers were looked at: behind the reporters of one number may be hundreds."""


def waiting(site: Site, limit: int, cursor: str | None) -> Page[WaitingCorrection]:
    """See `api.waiting_corrections`. A page has the corrections of `limit` orders, or of fewer with many reporters."""
    of_list = list_of("waiting corrections", site.site_id)
    partition = keys.waiting_corrections(site.organization_id, site.site_id)
    found = OrderRecord.by_second_key.query(
        partition, limit=limit, last_evaluated_key=_start(site, partition, of_list, cursor)
    )
    customers, orders = Customers(site.organization_id, site.site_id), Orders(site.organization_id, site.site_id)
    items: list[WaitingCorrection] = []
    listed, last = 0, ""
    for record in found:
        orders.take([record])
        order = orders.get(str(record.number))
        items += [
            WaitingCorrection(**asdict(report_shown(report, "")), order_id=order.number)
            for report in _waiting(order, site, customers)
        ]
        listed, last = listed + 1, str(record.gsi1sk)
        if listed == limit or customers.count > _MAX_LOADED:
            return Page(tuple(items), cursor_at(of_list, *last.split("#")))
    return Page(tuple(items), None)


def _waiting(order: Order, site: Site, customers: Customers) -> tuple[Report, ...]:
    """The corrections of an order that find none. A link since they came may have shown whose they are."""
    if all(one.correction for one in order.reports):
        return order.reports
    load_reporters([order], customers)
    if order.shared:
        for one in order.reports:
            if customers.count <= _MAX_LOADED:
                customers.load({one.customer_id: one.identity_type})
    # Of who is not loaded then, nothing is said.
    known = [one for one in order.reports if customers.is_known(one.customer_id)]
    return unapplied(known, [one.purchase for one in purchases_in(order, site, customers)])


def _start(site: Site, partition: str, of_list: str, cursor: str | None) -> dict[str, Any] | None:
    if cursor is None:
        return None
    instant, digest = place_in(cursor, of_list, str, str)
    return second_key_start(keys.order(site.organization_id, site.site_id, digest), partition, f"{instant}#{digest}")
