"""Which of the events that name one order number have a place in its item.

Anybody can send events as a page does, so pages never take a server's place, and one visitor never takes those of all
pages. The choice follows from the set of events alone: of each class the earliest. What has no place once never has one
again, so a choice among the chosen and some more events is the choice among all.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from operator import attrgetter

from optiq.journeys.orders.reports import Report
from optiq.kernel.events import Product

MAX_SERVER_REPORTS = 100
MAX_SERVER_CORRECTIONS = 100
"""A number that more events report is no order's own, such as a constant in a template."""
MAX_PAGE_REPORTS = 40
MAX_PAGE_CORRECTIONS = 20
MAX_OF_VISITOR = 5
"""Reports, and as many corrections, of one visitor's pages: a page that is reloaded says nothing new."""
MAX_WITH_LINES = 10
"""Of each class, the earliest so many keep their products."""
MAX_LINE_BYTES = 4_000
"""What the products of one event may take. All these limits together keep an item well below DynamoDB's 400 KB."""

PLACES = {
    (True, False): MAX_SERVER_REPORTS,
    (True, True): MAX_SERVER_CORRECTIONS,
    (False, False): MAX_PAGE_REPORTS,
    (False, True): MAX_PAGE_CORRECTIONS,
}
"""By whether a server sent the event, and whether it is a correction."""
_UNKNOWN = (Product(product_id=""),)
"""Products that are not kept: a refund of them has no price, where one without products would be of everything."""


def placed(reports: Iterable[Report]) -> tuple[Report, ...]:
    """Those that have a place, in order. Of one event id the first given counts."""
    known: dict[str, Report] = {}
    for report in reports:
        known.setdefault(report.event_id, report)
    taken: Counter[object] = Counter()
    kept: list[Report] = []
    for report in sorted(known.values(), key=attrgetter("order")):
        of_class = (report.from_server, bool(report.correction))
        of_visitor = (of_class, report.customer_id)
        if taken[of_class] >= PLACES[of_class] or (not report.from_server and taken[of_visitor] >= MAX_OF_VISITOR):
            continue
        taken.update((of_class, of_visitor))
        with_lines = ("lines", of_class)
        if report.products and report.products != _UNKNOWN:
            taken[with_lines] += 1
            report = _bounded(report) if taken[with_lines] <= MAX_WITH_LINES else _without_lines(report)
        kept.append(report)
    return tuple(kept)


def has_place(reports: Sequence[Report], customer_id: str) -> bool:
    """Whether an identifier has a report of an order among these."""
    return any(one.customer_id == customer_id and not one.correction for one in reports)


def _without_lines(report: Report) -> Report:
    return replace(report, products=_UNKNOWN if report.correction else ())


def _bounded(report: Report) -> Report:
    """The first products that there is room for. A refund has all or none of them: a part is another amount."""
    sizes = [len(json.dumps((one.product_id, one.price_micros, one.quantity)).encode()) for one in report.products]
    if sum(sizes) <= MAX_LINE_BYTES:
        return report
    if report.correction:
        return _without_lines(report)
    kept = 0
    while sum(sizes[: kept + 1]) <= MAX_LINE_BYTES:
        kept += 1
    return replace(report, products=report.products[:kept])
