"""The lines of an order: what its products cost, and how many of each may still be returned."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from optiq.journeys.orders.reports import Report
from optiq.kernel.events import Product


class OrderLines:
    """What the reports of an order and later updates say of its products; several reports name the same ones."""

    def __init__(self, reports: Sequence[Report], updates: Sequence[Report]) -> None:
        self._prices = _prices(updates) | _prices(reports)
        self._ordered = _most((*reports, *updates))
        self._left = _most(reports)

    def refunded(self, refund: Report) -> int | None:
        """What a refund is of, were it the only one: its amount, else the price of its lines; never below 0.

        None where it names neither, and where a price is not known.
        """
        if refund.value_micros is not None:
            return abs(refund.value_micros)
        return self._worth(refund.products, dict(self._ordered))

    def take_back(self, refund: Report) -> int | None:
        """What a refund takes off, as `refunded`, but of each product no more than earlier refunds left of it."""
        if refund.value_micros is None:
            return self._worth(refund.products, self._left)
        amount = abs(refund.value_micros)
        of_lines = self._worth(refund.products, {})
        if of_lines is not None and of_lines <= amount:
            # These lines were returned. An amount below their price may be a part of any line's.
            self._worth(refund.products, self._left)
        return amount

    def begin_anew(self, update: Report) -> None:
        """Takes the lines of an update for those of the order: what was returned before is no more among them."""
        if update.products:
            self._left = _most([update])

    def _worth(self, lines: Sequence[Product], left: dict[str, int]) -> int | None:
        """The price of lines as far as their products are left, which they are not any more then."""
        prices = [self._prices.get(one.product_id) if one.price_micros is None else one.price_micros for one in lines]
        if not lines or None in prices:
            return None
        worth = 0
        for line, price in zip(lines, prices, strict=True):
            quantity = min(line.quantity, left.get(line.product_id, line.quantity))
            if line.product_id in left:
                left[line.product_id] -= quantity
            # A line's own price comes off whatever its sign; a discount of the order stays one.
            worth += quantity * (abs(line.price_micros) if line.price_micros is not None else price or 0)
        return max(0, worth)


def _prices(reports: Iterable[Report]) -> dict[str, int]:
    """The price of each product that has one, and one only: of several it is not known which was refunded."""
    prices: dict[str, set[int]] = defaultdict(set)
    for report in reports:
        for line in report.products:
            if line.product_id and line.price_micros is not None:
                prices[line.product_id].add(line.price_micros)
    return {product_id: min(known) for product_id, known in prices.items() if len(known) == 1}


def _most(reports: Iterable[Report]) -> dict[str, int]:
    """How many of each product the report of the most names."""
    most: dict[str, int] = {}
    for report in reports:
        quantities: Counter[str] = Counter()
        for line in report.products:
            quantities[line.product_id] += line.quantity
        most |= {product_id: max(n, most.get(product_id, 0)) for product_id, n in quantities.items() if product_id}
    return most
