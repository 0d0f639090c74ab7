"""Orders of 0.2.0 that are a conversion's own: their number has the conversion's id."""

from dataclasses import replace

from optiq.journeys.ordering import is_of_conversion, own_number
from optiq.journeys.orders.reports import Report
from optiq.journeys.orders.table import Order, Orders
from optiq.journeys.records import OrderRecord
from optiq.journeys.upgrading.conversions import find
from optiq.kernel.errors import UpstreamError
from optiq.kernel.events import OF_CONVERSION
from optiq.kernel.ids import position_of
from optiq.kernel.table import put_each


def move(record: OrderRecord) -> None:
    """Keeps a conversion's corrections under its new id. A second time changes nothing."""
    if not is_of_conversion(record.number):
        return
    _, organization_id, _, site_id, *_ = record.pk.split("#")
    old_id = record.number.removeprefix(OF_CONVERSION)
    moved = find(organization_id, site_id, old_id)
    if moved is None or not moved.part_of or not record.number.endswith(moved.conversion_id):
        return
    new_id = moved.part_of
    orders = Orders(organization_id, site_id)
    orders.load([own_number(new_id)])
    orders.take([record])
    old, order = orders.get(record.number), orders.get(own_number(new_id))
    if not order.version:
        _copy(old, order, moved.event_id, position_of(new_id))
        if put_each(orders.puts()):
            raise UpstreamError("an order was changed while it was upgraded: stop what else writes", retryable=True)
    record.delete()


def _copy(old: Order, order: Order, event_id: str, position: int) -> None:
    def placed(report: Report) -> Report:
        # What was taken over from the conversion alone did not know its place.
        return replace(report, position=position) if report.event_id == event_id else report

    order.version, order.crowded, order.changed = old.version, old.crowded, True
    order.reports, order.displaced = tuple(map(placed, old.reports)), tuple(map(placed, old.displaced))
