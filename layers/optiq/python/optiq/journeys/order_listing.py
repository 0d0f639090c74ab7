"""Corrections that wait for their order, listed."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from optiq.journeys import keys
from optiq.journeys.background import report_shown
from optiq.journeys.customers.table import Customers
from optiq.journeys.order_contracts import WaitingCorrection
from optiq.journeys.orders.purchases import purchases_of, unapplied
from optiq.journeys.orders.reports import Report
from optiq.journeys.orders.table import reports_in
from optiq.journeys.records import OrderRecord
from optiq.kernel.paging import Page, cursor_at, list_of, place_in
from optiq.kernel.table import second_key_start
from optiq.tenancy.contracts import Site


def waiting(site: Site, limit: int, cursor: str | None) -> Page[WaitingCorrection]:
    """See `api.waiting_corrections`. A page has the corrections of `limit` orders."""
    of_list = list_of("waiting corrections", site.site_id)
    partition = keys.waiting_corrections(site.organization_id, site.site_id)
    found = OrderRecord.by_second_key.query(
        partition, limit=limit, last_evaluated_key=_start(site, partition, of_list, cursor)
    )
    records = list(found)
    by_number = {str(record.number): reports_in(record) for record in records}
    customers = _reporters(site, by_number.values())
    items = tuple(
        WaitingCorrection(**asdict(report_shown(report, "")), order_id=number)
        for number, reports in by_number.items()
        for report in unapplied(reports, list(purchases_of(reports, site, customers.name_of, customers.are_apart)))
    )
    return Page(items, cursor_at(of_list, *str(records[-1].gsi1sk).split("#")) if len(records) == limit else None)


def _reporters(site: Site, orders: Iterable[Sequence[Report]]) -> Customers:
    """Who reported orders and corrections under one number: a link since then may have shown whose they are."""
    reports = [one for of_order in orders if not all(one.correction for one in of_order) for one in of_order]
    customers = Customers(site.organization_id, site.site_id)
    customers.load({report.customer_id: report.identity_type for report in reports})
    return customers


def _start(site: Site, partition: str, of_list: str, cursor: str | None) -> dict[str, Any] | None:
    if cursor is None:
        return None
    instant, digest = place_in(cursor, of_list, str, str)
    return second_key_start(keys.order(site.organization_id, site.site_id, digest), partition, f"{instant}#{digest}")
