"""Orders: which reports are of one order, what it is worth now, and whose it is.

Any number of events report an order: from pages and servers, under several names and identifiers. One item keeps the
events that name its number (table.py), as many as have a place (places.py). This module works out from
their set which orders they are, so their order of arrival cannot matter.

docs/orders.md explains the rules to a shop's developer, docs/decisions/0030 gives reasons.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from operator import attrgetter

from optiq.journeys.links import PERSONAL_TYPES
from optiq.journeys.orders.correcting import Applied, corrected
from optiq.journeys.orders.reports import Report
from optiq.tenancy.contracts import Site

MAX_AGREEING = 5
"""Identifiers that one order may join. More buyers who pay the same show that the number is not one order's."""


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


def agreeing(reports: Sequence[Report], site: Site) -> list[list[Report]]:
    """Reports of several identifiers of one buyer, for they agree in value and currency.

    Two users, mail addresses or the like are two buyers, and so are more than MAX_AGREEING identifiers.
    """
    by_value: dict[int, list[Report]] = defaultdict(list)
    for report in reports:
        if not report.correction and report.value_micros:
            by_value[report.value_micros].append(report)
    return [
        alike for of_value in by_value.values() for alike in _by_currency(of_value, site) if _may_be_one_buyers(alike)
    ]


def _by_currency(of_value: Sequence[Report], site: Site) -> Iterable[list[Report]]:
    """Reports of one value by currency. One that names none contradicts none: it is in the one that others name, or
    of several in the site's."""
    named = {report.currency for report in of_value if report.currency}
    unnamed = min(named) if len(named) == 1 else site.currency
    by_currency: dict[str, list[Report]] = defaultdict(list)
    for report in of_value:
        by_currency[report.currency or unnamed].append(report)
    return by_currency.values()


def _may_be_one_buyers(alike: Sequence[Report]) -> bool:
    identifiers = {report.customer_id: report.identity_type for report in alike}
    kinds = Counter(kind for kind in identifiers.values() if kind in PERSONAL_TYPES)
    return 1 < len(identifiers) <= MAX_AGREEING and max(kinds.values(), default=0) <= 1


def purchases_of(
    reports: Sequence[Report], site: Site, person_of: Callable[[str], str], apart: Callable[[str, str], bool]
) -> Iterator[Purchase]:
    """The orders that these reports of one number are of: one for each buyer.

    Args:
        person_of: the person an identifier belongs to.
        apart: whether two identifiers are known to be two people's.
    """
    goals = [report for report in reports if not report.correction]
    groups = _buyers(goals, site, person_of, apart)
    corrections = [report for report in reports if report.correction]
    for group in groups:
        owners = {person_of(report.customer_id) for report in group}
        named = [c for c in corrections if person_of(c.customer_id) in owners or len(groups) == 1]
        strangers = {c.event_id for c in named if person_of(c.customer_id) not in owners}
        yield _purchase(group, named, strangers, site)


def may_wait(reports: Sequence[Report]) -> list[Report]:
    """The corrections that find no order among these, or that some links between the identifiers would part from it.

    It follows from the reports alone: links change without them. `unapplied` says which of these wait now.
    """
    buyers = {report.customer_id for report in reports if not report.correction}
    return [one for one in reports if one.correction and len(buyers) != 1 and one.customer_id not in buyers]


def unapplied(reports: Sequence[Report], purchases: Sequence[Purchase]) -> tuple[Report, ...]:
    """The corrections that find no order among these: they wait for it."""
    found = {one.report.event_id for purchase in purchases for one in purchase.corrections}
    return tuple(one for one in reports if one.correction and one.event_id not in found)


def _buyers(
    goals: Sequence[Report], site: Site, person_of: Callable[[str], str], apart: Callable[[str, str], bool]
) -> list[list[Report]]:
    """Reports by buyer, each in order: of one person, or of several identifiers that agree."""
    buyer = {report.customer_id: person_of(report.customer_id) for report in goals}
    for alike in agreeing(goals, site):
        for one, other in combinations(dict.fromkeys(report.customer_id for report in alike), 2):
            if not apart(one, other):
                old, new = buyer[other], buyer[one]
                buyer = {customer_id: new if of == old else of for customer_id, of in buyer.items()}
    groups: dict[str, list[Report]] = defaultdict(list)
    for report in sorted(goals, key=attrgetter("order")):
        groups[buyer[report.customer_id]].append(report)
    return list(groups.values())


def _purchase(reports: Sequence[Report], corrections: Sequence[Report], strangers: set[str], site: Site) -> Purchase:
    # A server knows what was paid; a page tells what it shows.
    trusted = sorted(reports, key=lambda report: (not report.from_server, report.order))
    gross = next((report.value_micros for report in trusted if report.value_micros is not None), None)
    # A report that names no currency is in the one that others name, first those of its value.
    of_value_first = sorted(trusted, key=lambda report: report.value_micros != gross)
    currency = next((report.currency for report in of_value_first if report.currency), site.currency)
    applied, left = corrected(gross, currency, reports, corrections, strangers)
    return Purchase(tuple(reports), applied, gross or 0, left, currency)
