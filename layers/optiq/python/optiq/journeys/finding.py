"""Conversions found by the number of their order or by their customer, without reading those of the whole site."""

from operator import attrgetter

from optiq.journeys import conversions
from optiq.journeys.contracts import Conversion
from optiq.journeys.orders.table import Orders
from optiq.journeys.paths import loaded
from optiq.journeys.persons import latest_conversions
from optiq.kernel.errors import NotFoundError
from optiq.kernel.order_numbers import bare_number
from optiq.kernel.paging import Page, list_of, page_of, place_after
from optiq.tenancy.contracts import Site


def page_of_found(site: Site, order_id: str, customer_id: str, limit: int, cursor: str | None) -> Page[Conversion]:
    """See `api.list_conversions`; one of the two is given."""
    of_list = list_of("conversions", site.site_id, order_id, customer_id)
    after = place_after(cursor, of_list)
    found = _of_order(site, order_id) if order_id else _of_customer(site, customer_id)
    if order_id and customer_id:
        own = {one.conversion_id for one in _of_customer(site, customer_id)}
        found = [one for one in found if one.conversion_id in own]
    newest_first = sorted(found, key=attrgetter("conversion_id"), reverse=True)
    left = [one for one in newest_first if not after or one.conversion_id < after]
    return page_of(of_list, left, limit, attrgetter("conversion_id"))


def _of_order(site: Site, order_id: str) -> list[Conversion]:
    """One for each buyer who has an order of this number."""
    number = bare_number(order_id.strip())
    orders = Orders(site.organization_id, site.site_id)
    orders.load([number])
    ids = [one.conversion_id(site.site_id) for one in orders.get(number).reports if not one.correction]
    found = conversions.find(site.organization_id, site.site_id, ids)
    return [one for one in found if not one.part_of and one.order_id == number]


def _of_customer(site: Site, customer_id: str) -> list[Conversion]:
    """Of the person that a customer is."""
    try:
        customers = loaded(site, customer_id)
    except NotFoundError:
        return []
    return latest_conversions(site, customers.person_of(customer_id))
