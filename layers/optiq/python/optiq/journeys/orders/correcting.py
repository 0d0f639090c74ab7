"""What refunds, cancellations and updates do to an order, and which of them change nothing."""

from collections import defaultdict
from collections.abc import Sequence

from optiq.journeys.order_contracts import Refusal
from optiq.journeys.orders.reports import Report
from optiq.kernel.events import Product


def refusal_of(correction: Report, refunded: int | None, currency: str, *, verified: bool) -> Refusal:
    """Why a correction of an order in a currency changes nothing; `verified`: a page cannot change the order."""
    if verified and not correction.from_server:
        return "UNVERIFIED"
    priced = correction.value_micros is not None or any(one.price_micros is not None for one in correction.products)
    if priced and correction.currency not in ("", currency):
        return "CURRENCY"
    if correction.correction == "UPDATE" and correction.value_micros is None:
        return "NO_VALUE"
    if correction.correction == "REFUND" and refunded == 0:
        return "NO_VALUE"
    return "NO_PRICE" if correction.correction == "REFUND" and correction.products and refunded is None else ""


def repeated_refunds(corrections: Sequence[tuple[Report, int | None]]) -> set[str]:
    """The events that report a refund which another source reports too: page and server, or two tools.

    Refunds of one amount from one source are several; the same amount from another source is the same refund. Of
    equally many from two sources the earliest count.
    """
    sources: dict[int | None, dict[tuple[str, bool], list[str]]] = defaultdict(lambda: defaultdict(list))
    for report, refunded in corrections:
        if report.correction == "REFUND":
            sources[refunded][report.name, report.from_server].append(report.event_id)
    counted = {event_id for of_amount in sources.values() for event_id in max(of_amount.values(), key=len)}
    return {event_id for a in sources.values() for source in a.values() for event_id in source} - counted


def corrected(correction: Report, left: int, refunded: int | None) -> int:
    """What is left of an order after a correction: never below 0. A refund without an amount takes everything."""
    if correction.correction == "CANCEL":
        return 0
    if correction.correction == "UPDATE":
        return max(0, correction.value_micros or 0)
    return 0 if refunded is None else max(0, left - refunded)


def refunded_micros(refund: Report, reports: Sequence[Report]) -> int | None:
    """The amount of a refund, else the price of the products it names, by the refund or by the order; never below 0."""
    if refund.value_micros is not None:
        return abs(refund.value_micros)
    amounts = [_line_micros(line, _ordered_micros(line.product_id, reports)) for line in refund.products]
    if not amounts or None in amounts:
        return None
    return max(0, sum(amount for amount in amounts if amount is not None))


def _ordered_micros(product_id: str, reports: Sequence[Report]) -> int | None:
    """The price of a product in the order; None where it is not known, or several lines of the product differ in it."""
    prices = {line.price_micros for report in reports for line in report.products if line.product_id == product_id}
    return prices.pop() if len(prices) == 1 else None


def _line_micros(line: Product, ordered: int | None) -> int | None:
    """The price of a refunded line. Its own price comes off whatever its sign; a discount of the order stays one."""
    price = ordered if line.price_micros is None else abs(line.price_micros)
    return None if price is None else price * line.quantity
