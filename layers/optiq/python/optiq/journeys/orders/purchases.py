"""Orders: which reports are of one order, what it is worth now, and whose it is.

Any number of events report an order: from pages and servers, under several names and identifiers. One item keeps the
events that name its number (table.py), as many as have a place (places.py). This module works out from
their set which orders they are, so their order of arrival cannot matter.

docs/orders.md explains the rules to a shop's developer, docs/decisions/0030 gives reasons.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from optiq.journeys.order_contracts import Refusal
from optiq.journeys.orders.correcting import corrected, refunded_micros, refusal_of, repeated_refunds
from optiq.journeys.orders.reports import Report
from optiq.kernel.events import IdentityType
from optiq.tenancy.contracts import Site

MAX_AGREEING = 5
"""Identifiers that one order may join. More buyers who pay the same show that the number is not one order's."""
_STRONG: frozenset[IdentityType] = frozenset({"user_id", "custom", "email", "phone"})


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
    refunds = {one.event_id: refunded_micros(one, reports) for one in ordered}
    refusals = {
        one.event_id: refusal_of(one, refunds[one.event_id], currency, verified=verified or one.event_id in strangers)
        for one in ordered
    }
    repeated = repeated_refunds([(one, refunds[one.event_id]) for one in ordered if not refusals[one.event_id]])
    left = gross
    for one in ordered:
        refusal: Refusal = "REPEATED" if one.event_id in repeated else refusals[one.event_id]
        if not (refusal or left or one.correction == "UPDATE"):
            refusal = "NOTHING_LEFT"
        left = left if refusal else corrected(one, left, refunds[one.event_id])
        applied.append(Applied(one, refusal))
    return Purchase(tuple(reports), tuple(applied), gross, left, currency)
