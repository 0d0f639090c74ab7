"""The live view: the last half hour of a site, from the newest files of the lake.

Whoever looks, a site's view is computed once in FRESH_MS at most, and only when something came in. It is two statements
over the site's rows of today and yesterday: on AWS ten megabytes each at least, a hundredth of a cent for both.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

from pydantic import TypeAdapter

from optiq.journeys.lake import PEOPLE
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, MINUTE_MS, Clock, system_clock, utc_day
from optiq.ports import wiring
from optiq.ports.lake_days import ALL
from optiq.ports.query import Value
from optiq.reports.answers import Wanted, give
from optiq.reports.live import live_sql
from optiq.reports.live.contracts import Happened, Live, Minute, Top
from optiq.reports.statements import Sql
from optiq.reports.steps.day_sql import SOURCES, steps_of
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import Site

__all__ = ["live"]

MINUTES, NOW_MINUTES = 30, 5
_MOST_TOP = 10
_LIVE: TypeAdapter[Live] = TypeAdapter(Live)


def live(caller: Caller, site_id: str, *, clock: Clock = system_clock) -> Live:
    """Raises NotFoundError: there is no such site; UpstreamError: the lake cannot be read."""
    site = tenancy.get_site(caller.organization_id, site_id)
    minute = clock() // MINUTE_MS
    days = utc_day((minute - MINUTES) * MINUTE_MS), utc_day(minute * MINUTE_MS)
    before = utc_day(minute * MINUTE_MS - DAY_MS)
    read = {table.name: (before, days[1]) for table in SOURCES} | {PEOPLE.name: ALL}
    compute = partial(_live, caller.organization_id, site, days, minute)
    # A minute later another half hour is asked for.
    kept = give(Wanted(caller.organization_id, site_id, f"live {minute}", read, _LIVE, compute), clock)
    return replace(kept.value, data_until_ms=kept.seen_ms)


def _live(organization_id: str, site: Site, days: tuple[str, str], minute: int) -> Live:
    since_ms = (minute - MINUTES + 1) * MINUTE_MS
    rows = steps_of(days, site_id=site.site_id, since_ms=since_ms)
    now_ms = (minute - NOW_MINUTES + 1) * MINUTE_MS

    def run(statement: Sql) -> list[tuple[Value, ...]]:
        return wiring.query().run(statement.sql, organization_id, statement.parameters).rows

    with ThreadPoolExecutor(2) as pool:
        counts = pool.submit(run, live_sql.counts(rows, now_ms))
        latest = [_happened(line, site.currency) for line in run(live_sql.latest(rows))]
        by_kind: dict[str, list[tuple[str, int, int]]] = {}
        for kind, value, people, events in counts.result():
            by_kind.setdefault(str(kind), []).append((str(value), int(people or 0), int(events or 0)))
    found = {int(value): (people, events) for value, people, events in by_kind.get("minute", [])}
    return Live(
        people=sum(people for _, people, _ in by_kind.get("now", [])),
        minutes=tuple(
            Minute(each * MINUTE_MS, *found.get(each, (0, 0))) for each in range(minute - MINUTES + 1, minute + 1)
        ),
        pages=_top(by_kind.get("page", [])),
        sources=_top(by_kind.get("source", [])),
        countries=_top(by_kind.get("country", [])),
        latest=tuple(one for one, rank in latest if rank <= live_sql.MOST_LATEST),
        conversions=tuple(one for one, _ in latest if one.conversion)[: live_sql.MOST_LATEST],
        data_until_ms=0,
    )


def _top(found: list[tuple[str, int, int]]) -> tuple[Top, ...]:
    ranked = sorted(found, key=lambda each: (-each[1], each[0]))
    return tuple(Top(value, people) for value, people, _ in ranked[:_MOST_TOP])


def _happened(line: tuple[Value, ...], site_currency: str) -> tuple[Happened, int]:
    t, event, page, channel, source, country, conversion, micros, currency, rank = line
    happened = Happened(
        occurred_ms=int(t or 0),
        event=str(event or ""),
        page=str(page or ""),
        channel=str(channel or ""),
        source=str(source or ""),
        country=str(country or ""),
        conversion=bool(conversion),
        value_micros=None if micros is None else int(micros),
        currency="" if micros is None else str(currency or site_currency),
    )
    return happened, int(rank or 0)
