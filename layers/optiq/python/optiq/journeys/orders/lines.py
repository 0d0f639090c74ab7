"""The lines of an order: what its products cost, and how many of each may still be returned."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from optiq.journeys.orders.reports import Report
from optiq.kernel.events import Product


class OrderLines:
    """The lines of an order as they are at one time: what its reports say of them, until an update replaces them.

    Args:
        gross: the value of the order, which tells the report that knows best what it was of.
        reports: those that are believed.
        updates: these say what products cost where no report names any.
    """

    def __init__(self, gross: int | None, reports: Sequence[Report], updates: Sequence[Report]) -> None:
        listing = _best_first(gross, reports) or [one for one in updates if one.products][:1]
        self._prices = _prices(listing)
        self._ordered = _most(listing)
        self._left = dict(self._ordered)

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
            before = self._prices
            self._ordered = _most([update])
            self._left = dict(self._ordered)
            self._prices = {one: before[one] for one in self._ordered if one in before} | _prices([update])

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


def _best_first(gross: int | None, reports: Sequence[Report]) -> list[Report]:
    """The reports that list products, those of the order's value first."""
    listing = [report for report in reports if report.products]
    return sorted(listing, key=lambda report: (report.value_micros != gross, report.order))


def _prices(reports: Iterable[Report]) -> dict[str, int]:
    """What the first report that prices a product says; none where it has several prices, as one is unknown then."""
    prices: dict[str, int | None] = {}
    for report in reports:
        known: dict[str, set[int]] = defaultdict(set)
        for line in report.products:
            if line.product_id and line.price_micros is not None:
                known[line.product_id].add(line.price_micros)
        for product_id, of_product in known.items():
            prices.setdefault(product_id, min(of_product) if len(of_product) == 1 else None)
    return {product_id: price for product_id, price in prices.items() if price is not None}


def _most(reports: Iterable[Report]) -> dict[str, int]:
    """How many of each product the report of the most names."""
    most: dict[str, int] = {}
    for report in reports:
        quantities: Counter[str] = Counter()
        for line in report.products:
            quantities[line.product_id] += line.quantity
        most |= {product_id: max(n, most.get(product_id, 0)) for product_id, n in quantities.items() if product_id}
    return most
