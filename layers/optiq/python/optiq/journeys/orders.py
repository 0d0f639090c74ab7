"""Orders: which reports are of one order, what it is worth now, and whose it is.

Any number of events report an order: from pages and servers, under several names and identifiers. One item keeps the
events that name its number (order_table.py), as many as have a place (order_places.py). This module works out from
their set which orders they are, so their order of arrival cannot matter.

docs/orders.md explains the rules to a shop's developer, docs/decisions/0030 gives reasons.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Literal

from optiq.journeys.history import delay_of
from optiq.kernel.events import Correction, EventAccepted, IdentityType, Product, correction_of
from optiq.kernel.ids import id_from
from optiq.tenancy.contracts import Site

MAX_AGREEING = 5
"""Identifiers that one order may join. More buyers who pay the same show that the number is not one order's."""
_STRONG: frozenset[IdentityType] = frozenset({"user_id", "custom", "email", "phone"})

Refusal = Literal["", "CURRENCY", "UNVERIFIED", "NO_PRICE", "NO_VALUE", "REPEATED", "NOTHING_LEFT"]
"""Why a correction changes nothing: it is in another currency; a page sent it, but a server reported the order or
somebody else placed it; it names products without a known price; an update names no value, or a refund an amount of 0;
another tool reported the same refund; or earlier corrections left nothing of the order."""


@dataclass(frozen=True, slots=True)
class Report:
    """What one event says of an order.

    Attributes:
        customer_id, identity_type: the identifier that holds the event.
        currency: "" when the event names none. products: those it lists.
    """

    event_id: str
    receipt: str
    customer_id: str
    identity_type: IdentityType
    name: str
    occurred_ms: int
    position: int
    delay_ms: int
    digest: str
    value_micros: int | None
    currency: str
    from_server: bool
    products: tuple[Product, ...] = ()

    @property
    def correction(self) -> Correction | None:
        return correction_of(self.name)

    @property
    def order(self) -> tuple[int, int, int, str, str]:
        """Sorts reports as facts are sorted."""
        return self.occurred_ms, self.position, self.delay_ms, self.digest, self.event_id

    def conversion_id(self, site_id: str) -> str:
        """The conversion's, if this is the first report of its order."""
        return id_from("conversion", self.occurred_ms, site_id, self.event_id)


@dataclass(frozen=True, slots=True)
class Applied:
    """A correction, and why it changes nothing (`refusal`), if so."""

    report: Report
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Purchase:
    """One order of one buyer.

    Attributes:
        reports: every report of it, the first first; it gives time, name and path.
        corrections: oldest first.
        gross_micros: before corrections. value_micros: after them.
    """

    reports: tuple[Report, ...]
    corrections: tuple[Applied, ...]
    gross_micros: int
    value_micros: int
    currency: str

    @property
    def first(self) -> Report:
        return self.reports[0]

    @property
    def verified(self) -> bool:
        """Whether a server reported it."""
        return any(report.from_server for report in self.reports)


def report_of(event: EventAccepted, customer_id: str, identity_type: IdentityType) -> Report:
    return Report(
        event_id=event.event_id,
        receipt=event.receipt,
        customer_id=customer_id,
        identity_type=identity_type,
        name=event.name,
        occurred_ms=event.occurred_ms,
        position=event.position,
        delay_ms=delay_of(event),
        digest=event.digest,
        value_micros=event.value_micros,
        currency=event.currency,
        from_server=event.from_server,
        products=event.products,
    )


def agreeing(reports: Sequence[Report], site: Site) -> tuple[list[list[Report]], list[list[Report]]]:
    """Reports of several identifiers that agree in value and currency: those of one buyer, and those of too many.

    Two users, mail addresses or the like are two buyers, and so are more than MAX_AGREEING identifiers.
    """
    by_price: dict[tuple[int, str], list[Report]] = defaultdict(list)
    for report in reports:
        if not report.correction and report.value_micros:
            by_price[report.value_micros, report.currency or site.currency].append(report)
    one: list[list[Report]] = []
    many: list[list[Report]] = []
    for alike in by_price.values():
        identifiers = {report.customer_id: report.identity_type for report in alike}
        kinds = Counter(kind for kind in identifiers.values() if kind in _STRONG)
        crowd = len(identifiers) > MAX_AGREEING or max(kinds.values(), default=0) > 1
        if len(identifiers) > 1:
            (many if crowd else one).append(alike)
    return one, many


def purchases_of(
    reports: Sequence[Report], site: Site, person_of: Callable[[str], str], apart: Callable[[str, str], bool]
) -> Iterator[Purchase]:
    """The orders that these reports of one number are of: one for each buyer.

    Args:
        person_of: the person an identifier belongs to.
        apart: whether somebody said that two identifiers are two people's.
    """
    goals = [report for report in reports if not report.correction]
    groups = _buyers(goals, site, person_of, apart)
    corrections = [report for report in reports if report.correction]
    for group in groups:
        owners = {person_of(report.customer_id) for report in group}
        named = [c for c in corrections if person_of(c.customer_id) in owners or len(groups) == 1]
        strangers = {c.event_id for c in named if person_of(c.customer_id) not in owners}
        yield _purchase(group, named, strangers, site)


def unapplied(reports: Sequence[Report], purchases: Sequence[Purchase]) -> tuple[Report, ...]:
    """The corrections that find no order among these: they wait for it."""
    found = {one.report.event_id for purchase in purchases for one in purchase.corrections}
    return tuple(one for one in reports if one.correction and one.event_id not in found)


def _buyers(
    goals: Sequence[Report], site: Site, person_of: Callable[[str], str], apart: Callable[[str, str], bool]
) -> list[list[Report]]:
    """Reports by buyer, each in order: of one person, or of several identifiers that agree."""
    buyer = {report.customer_id: person_of(report.customer_id) for report in goals}
    for alike in agreeing(goals, site)[0]:
        first = alike[0].customer_id
        for report in alike[1:]:
            if not apart(first, report.customer_id):
                old, new = buyer[report.customer_id], buyer[first]
                buyer = {customer_id: new if of == old else of for customer_id, of in buyer.items()}
    groups: dict[str, list[Report]] = defaultdict(list)
    for report in sorted(goals, key=attrgetter("order")):
        groups[buyer[report.customer_id]].append(report)
    return list(groups.values())


def _purchase(reports: Sequence[Report], corrections: Sequence[Report], strangers: set[str], site: Site) -> Purchase:
    valued = [report for report in reports if report.value_micros is not None] or list(reports)
    # A server knows what was paid; a page tells what it shows.
    priced = min(valued, key=lambda report: (not report.from_server, report.order))
    gross, currency = priced.value_micros or 0, priced.currency or site.currency
    verified = any(report.from_server for report in reports)
    applied: list[Applied] = []
    ordered = sorted(corrections, key=attrgetter("order"))
    refunds = {one.event_id: _refunded(one, reports) for one in ordered}
    refusals = {
        one.event_id: _refusal(one, refunds[one.event_id], currency, verified=verified or one.event_id in strangers)
        for one in ordered
    }
    repeated = _repeated([(one, refunds[one.event_id]) for one in ordered if not refusals[one.event_id]])
    left = gross
    for one in ordered:
        refusal = "REPEATED" if one.event_id in repeated else refusals[one.event_id]
        if not (refusal or left or one.correction == "UPDATE"):
            refusal = "NOTHING_LEFT"
        left = left if refusal else _corrected(one, left, refunds[one.event_id])
        applied.append(Applied(one, refusal))
    return Purchase(tuple(reports), tuple(applied), gross, left, currency)


def _refusal(correction: Report, refunded: int | None, currency: str, *, verified: bool) -> Refusal:
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


def _repeated(corrections: Sequence[tuple[Report, int | None]]) -> set[str]:
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


def _corrected(correction: Report, left: int, refunded: int | None) -> int:
    """What is left of an order after a correction: never below 0. A refund without an amount takes everything."""
    if correction.correction == "CANCEL":
        return 0
    if correction.correction == "UPDATE":
        return max(0, correction.value_micros or 0)
    return 0 if refunded is None else max(0, left - refunded)


def _refunded(refund: Report, reports: Sequence[Report]) -> int | None:
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
