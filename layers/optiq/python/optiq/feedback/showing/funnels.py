"""How the conversions of some days were told, by destination."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from optiq.feedback import reasons
from optiq.feedback.destinations.contracts import ShownDestination
from optiq.feedback.destinations.silence import shown_of_site
from optiq.feedback.destinations.stores import of_site
from optiq.feedback.outbox.stores import waiting
from optiq.feedback.showing import sql
from optiq.feedback.showing.contracts import Funnel, KeyRate, ReasonCount, Untold
from optiq.feedback.vendors.registry import vendors
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, Clock, system_clock, utc_day
from optiq.kernel.errors import InvalidError
from optiq.ports import wiring
from optiq.tenancy import api as tenancy

_MOST_DAYS = 90
_SENT = ("ACCEPTED", "CONFIRMED", "REJECTED", "UNKNOWN", "INDETERMINATE")
_TAKEN = ("ACCEPTED", "CONFIRMED")
_Row = Sequence[Any]


def funnels(caller: Caller, site_id: str, *, days: int = 30, clock: Clock = system_clock) -> list[Funnel]:
    """Of each destination of a site, the oldest first.

    Args:
        days: conversions of so many UTC days, today included.

    Raises:
        NotFoundError: there is no such site. InvalidError: `days`. UpstreamError: the lake could not be read.
    """
    tenancy.get_site(caller.organization_id, site_id)
    if not 1 <= days <= _MOST_DAYS:
        raise InvalidError(f"days: must be from 1 to {_MOST_DAYS}")
    destinations = of_site(caller.organization_id, site_id)
    if not destinations:
        return []
    now_ms = clock()
    asked = (site_id, utc_day(now_ms - (days - 1) * DAY_MS), utc_day(now_ms))
    statuses, untold, found_by, seconds = (
        _by_destination(wiring.query().run(statement, caller.organization_id, asked).rows)
        for statement in (sql.statuses(), sql.untold(), sql.found_by(), sql.seconds())
    )
    return [
        _funnel(one, *(rows[one.destination_id] for rows in (statuses, untold, found_by, seconds)))
        for one in shown_of_site(caller, site_id, destinations)
    ]


def accepted(organization_id: str, site_id: str, first: str, last: str) -> Mapping[str, int]:
    """How many conversions of these UTC days each platform accepted; those that it was told none of are left out."""
    rows = wiring.query().run(sql.accepted(), organization_id, (site_id, first, last)).rows
    return {str(platform): int(count or 0) for platform, count in rows}


def _by_destination(rows: Iterable[_Row]) -> defaultdict[str, list[_Row]]:
    found: defaultdict[str, list[_Row]] = defaultdict(list)
    for destination_id, *rest in rows:
        found[str(destination_id)].append(rest)
    return found


def _funnel(
    destination: ShownDestination,
    statuses: Sequence[_Row],
    untold: Sequence[_Row],
    found_by: Sequence[_Row],
    seconds: Sequence[_Row],
) -> Funnel:
    firsts, changes, causes = Counter[str](), Counter[str](), Counter[tuple[str, str]]()
    for status, reason, is_change, count in statuses:
        if reason == reasons.SUPERSEDED:
            continue
        (changes if is_change else firsts)[status] += int(count)
        if status not in _TAKEN:
            causes[status, reason] += int(count)
    pending, sending = waiting(destination)
    times = sorted((int(one), int(count)) for one, count in seconds)
    return Funnel(
        destination,
        pending,
        sending,
        recorded=firsts.total(),
        sent=sum(firsts[one] for one in _SENT),
        accepted=sum(firsts[one] for one in _TAKEN),
        confirmed=firsts["CONFIRMED"],
        reasons=_reasons(causes, vendors()[destination.platform].title),
        changes=sum(changes[one] for one in _TAKEN),
        untold=tuple(Untold(str(currency), int(micros)) for currency, micros in sorted(map(tuple, untold)) if micros),
        keys=_keys(found_by),
        median_seconds=_quantile(times, 0.5),
        p95_seconds=_quantile(times, 0.95),
    )


def _reasons(causes: Mapping[tuple[str, str], int], title: str) -> tuple[ReasonCount, ...]:
    found = [
        ReasonCount(status, reason, reasons.in_words(reason, title), count)  # type: ignore[arg-type]  # as written
        for (status, reason), count in causes.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.count, one.status, one.reason)))


def _keys(found_by: Iterable[_Row]) -> tuple[KeyRate, ...]:
    counts, total = Counter[str](), 0
    for names, count in found_by:
        total += int(count)
        for name in str(names).split():
            counts[name] += int(count)
    return tuple(KeyRate(name, count, round(count / total, 4)) for name, count in counts.most_common())


def _quantile(times: Sequence[tuple[int, int]], share: float) -> int | None:
    """Of times with how often each is there, in their order."""
    left = share * sum(count for _, count in times)
    for time, count in times:
        left -= count
        if left <= 0:
            return time
    return None
