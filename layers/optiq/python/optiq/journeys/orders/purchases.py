"""Orders: which reports are of one order, what it is worth now, and whose it is.

Any number of events report an order: from pages and servers, under several names and identifiers. One item keeps the
events that name its number (table.py), as many as have a place (places.py). This module works out from
their set which orders they are, so their order of arrival cannot matter.

docs/orders.md explains the rules to a shop's developer, docs/decisions/0030 gives reasons.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import combinations
from operator import attrgetter

from optiq.journeys.links import PERSONAL_TYPES
from optiq.journeys.orders.correcting import Applied, corrected
from optiq.journeys.orders.reports import Report
from optiq.kernel.events import IdentityType
from optiq.tenancy.contracts import Site

MAX_AGREEING = 5
"""Identifiers that one order may join. More buyers who pay the same show that the number is not one order's."""


@dataclass(frozen=True, slots=True)
class Purchase:
    """One order of one buyer.

    Attributes:
        reports, corrections: oldest first.
        gross_micros: before corrections. value_micros: after them.
        verified: a server reported it, and no value is a page's alone.
    """

    reports: tuple[Report, ...]
    corrections: tuple[Applied, ...]
    gross_micros: int
    value_micros: int
    currency: str
    verified: bool

    @property
    def first(self) -> Report:
        """The first report of a server, else of a page: it gives time, name, buyer and path."""
        return _believed(self.reports)[0]

    @property
    def later(self) -> tuple[Report, ...]:
        """Every other report."""
        first = self.first
        return tuple(report for report in self.reports if report is not first)


def agreeing(reports: Sequence[Report], site: Site) -> list[list[Report]]:
    """Reports of several identifiers of one buyer, for they agree in value and currency.

    A page's identifier that agrees with two servers' orders joins one of them, so that it does not join the two.
    """
    by_value: dict[int, list[Report]] = defaultdict(list)
    for report in reports:
        if not report.correction and report.value_micros:
            by_value[report.value_micros].append(report)
    found: list[list[Report]] = []
    joined: set[str] = set()
    for of_value in by_value.values():
        for alike in _by_currency(of_value, site):
            group = _one_buyers([one for one in alike if one.from_server or one.customer_id not in joined])
            if len(_identifiers(group)) > 1:
                found.append(group)
                joined |= {one.customer_id for one in group} if _believed(group)[0].from_server else set()
    return found


def _by_currency(of_value: Sequence[Report], site: Site) -> Iterable[list[Report]]:
    """Reports of one value by currency. One that names none contradicts none: it is in the one that others name, or
    of several in the site's. What pages name moves no server's report."""
    believed = _believed(of_value)
    named = {report.currency for report in believed if report.currency}
    if believed[0].from_server and not named:
        return [list(of_value)]
    unnamed = min(named) if len(named) == 1 else site.currency
    by_currency: dict[str, list[Report]] = defaultdict(list)
    for report in of_value:
        by_currency[report.currency or unnamed].append(report)
    return by_currency.values()


def _one_buyers(alike: Sequence[Report]) -> list[Report]:
    """Those of equal reports that are one buyer's; none where they show several buyers.

    Two users, mail addresses or the like are two buyers, and so are more than MAX_AGREEING identifiers. Beside servers'
    reports, a page's that shows another buyer is left out by itself; those nearest in time to the server's come first.
    """
    believed = _believed(alike)
    if not believed or not _may_be_one_buyers(believed):
        return []
    first = min(believed, key=attrgetter("order"))
    found = list(believed)
    pages = [report for report in alike if first.from_server and not report.from_server]
    for report in sorted(pages, key=lambda one: (abs(one.occurred_ms - first.occurred_ms), one.order)):
        if _may_be_one_buyers([*found, report]):
            found.append(report)
    return found


def _identifiers(alike: Iterable[Report]) -> dict[str, IdentityType]:
    return {report.customer_id: report.identity_type for report in alike}


def _may_be_one_buyers(alike: Sequence[Report]) -> bool:
    identifiers = _identifiers(alike)
    kinds = Counter(kind for kind in identifiers.values() if kind in PERSONAL_TYPES)
    return len(identifiers) <= MAX_AGREEING and max(kinds.values(), default=0) <= 1


def _believed(reports: Sequence[Report]) -> Sequence[Report]:
    """Those of servers where there are any: anybody may send what a page sends."""
    return [report for report in reports if report.from_server] or reports


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
    of_servers = [group for group in groups if any(report.from_server for report in group)] or groups
    for group in groups:
        owners = {person_of(report.customer_id) for report in _believed(group)}
        named: list[Report] = []
        strangers: set[str] = set()
        for one in corrections:
            # A server's correction is of an order that a server reports, where there is one.
            among = of_servers if one.from_server else groups
            own = person_of(one.customer_id) in owners
            if group in among and (own or len(among) == 1):
                named.append(one)
                if not own:
                    strangers.add(one.event_id)
        yield _purchase(group, named, strangers, site)


def may_wait(reports: Sequence[Report]) -> list[Report]:
    """The corrections that find no order among these, or that some links between the identifiers would part from it.

    It follows from the reports alone: links change without them. `unapplied` says which of these wait now.
    """
    goals = [one for one in reports if not one.correction]
    buyers = {one.customer_id for one in goals}
    of_servers = {one.customer_id for one in _believed(goals)}
    return [one for one in reports if one.correction and _may_wait(one, of_servers if one.from_server else buyers)]


def _may_wait(correction: Report, buyers: Set[str]) -> bool:
    return len(buyers) != 1 and correction.customer_id not in buyers


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
    believed = _believed(reports)
    verified = believed[0].from_server
    valued = believed
    if verified and site.unverified_conversions == "COUNT" and not _is_valued((*believed, *corrections)):
        # Nobody else names a value, so a page's counts, as one that nobody confirms.
        valued = reports
        verified = not _is_valued(reports, from_server=False)
    gross = next((report.value_micros for report in valued if report.value_micros is not None), None)
    # A report that names no currency is in the one that others name, first those of its value.
    of_value_first = sorted(valued, key=lambda report: (report.value_micros != gross, report.order))
    currency = next((report.currency for report in of_value_first if report.currency), site.currency)
    applied, left = corrected(gross, currency, believed, corrections, strangers)
    return Purchase(tuple(reports), applied, gross or 0, left, currency, verified)


def _is_valued(reports: Iterable[Report], *, from_server: bool = True) -> bool:
    """Whether a report or an update of a server, or of a page, names the value of an order."""
    return any(
        one.from_server == from_server and one.correction in (None, "UPDATE") and one.value_micros is not None
        for one in reports
    )
