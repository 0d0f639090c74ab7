"""Stores the attempts of saved funnels: what changed since the last run is worked out anew, as an answer would."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, Clock, day_bounds, parse_day, system_clock
from optiq.kernel.errors import InvalidError, NotFoundError
from optiq.kernel.table import Put, put_one
from optiq.ports import wiring
from optiq.ports.lake_rows import arrow_schema
from optiq.reports import keys
from optiq.reports.behaviour.attempts_sql import counted_attempts, timed_steps
from optiq.reports.behaviour.funnel import MOST_STEPS
from optiq.reports.behaviour.funnels import Counting, counting
from optiq.reports.behaviour.records import NEVER_MS, SavedFunnelRecord
from optiq.reports.behaviour.saved import saved_funnel
from optiq.reports.behaviour.stored_sql import attempts_by_day
from optiq.reports.behaviour.stores import (
    Seen,
    Store,
    digest_of,
    find_store,
    may_be_stored,
    month_of,
    packed,
    seen_now,
    unpacked,
)
from optiq.reports.domain import MAX_DAYS
from optiq.reports.lake import FUNNEL_ATTEMPTS
from optiq.reports.runs import Job, Made, run_for_all
from optiq.reports.statements import Sql
from optiq.reports.views import api as views
from optiq.reports.views.contracts import View
from optiq.tenancy.contracts import Site

if TYPE_CHECKING:
    import pyarrow as pa

_LOG = logging.getLogger(__name__)
MOST_STORED = 50
"""Of a site, the newest."""
WHOLE_AFTER_MS = 7 * DAY_MS
"""All attempts are worked out anew after so long: rows that vanished without another of their person are seen then."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A funnel to store, at an instant."""

    found: Counting
    now_ms: int


def store_all(*, stop: Callable[[], bool], clock: Clock = system_clock) -> Made:
    """Stores what changed of every saved funnel."""
    return run_for_all(funnels_job(clock), clock, every=True, stop=stop)


def funnels_job(clock: Clock) -> Job[Planned]:
    def changed(organization_id: str, sites: Sequence[Site], _every: bool) -> Iterator[Planned]:
        for site in sites:
            wanted: set[str] = set()
            for found in _saved(organization_id, site, clock()):
                wanted.add(digest_of(found.scope, found.funnel))
                yield Planned(found, clock())
            _forget(organization_id, site, wanted)

    return Job("saved funnels", keys.funnels_state, changed, store)


def _saved(organization_id: str, site: Site, now_ms: int) -> Iterator[Counting]:
    """What is saved of a site, without exclusions too: an answer tells how many these stopped."""
    for view in views.views_of_kind(organization_id, site.site_id, "FUNNEL")[:MOST_STORED]:
        found = _counting(view, now_ms)
        if found and may_be_stored(found.funnel):
            yield found
            if found.funnel.exclusions:
                yield replace(found, funnel=replace(found.funnel, exclusions=()))


def _counting(view: View, now_ms: int) -> Counting | None:
    caller = Caller(view.organization_id, view.owner_id, view.owner_id)
    ask = replace(saved_funnel(view.question), period=f"last{MAX_DAYS}d")
    try:
        return counting(caller, view.site_id, ask, now_ms)
    except (InvalidError, NotFoundError):
        # A segment is gone, or a dimension.
        _LOG.info("the funnel of %s cannot be counted any more", view.view_id)
        return None


def store(organization_id: str, planned: Planned) -> int:
    """Stores a funnel's attempts; how many months were written. Raises UpstreamError."""
    found, scope = planned.found, planned.found.scope
    digest, within = digest_of(scope, found.funnel), found.within
    # Before anything is read: what comes in between is of the next run.
    seen = seen_now(scope, digest)
    known = find_store(scope, found.funnel, within.first_ms, found.reads_until_ms)
    if known and planned.now_ms - known.built_ms < WHOLE_AFTER_MS:
        if not known.days and not known.links:
            return 0
        built_ms, first_ms = known.built_ms, _first_ms(found, known)
        within = replace(within, first_ms=first_ms)
        sql = attempts_by_day(scope, found.funnel, known, within, found.columns, found.reads_until_ms)
    else:
        built_ms, first_ms = planned.now_ms, within.first_ms
        sql = counted_attempts(found.funnel, found.source, within, by_day=True)
    rows = wiring.query().arrow(*_stored(found, digest, sql))
    files = dict(seen.files)
    since = month_of(scope, first_ms)
    months = [month for month in _months(found) if month.isoformat() >= since]
    for month in months:
        of_month = _of_month(found, month, rows)
        if of_month.num_rows or month.isoformat() in files:
            files[month.isoformat()] = wiring.lake().append(
                FUNNEL_ATTEMPTS.name, organization_id, month.isoformat(), digest, of_month
            )
    record = SavedFunnelRecord(*keys.saved_funnel(organization_id, scope.site_id, digest))
    record.covered_from_ms, record.built_ms = found.within.first_ms, built_ms
    record.seen = packed(Seen(seen.steps, seen.people, files))
    put_one(Put(record, None))
    return len(months)


def _first_ms(found: Counting, known: Store) -> int:
    """Since when entries are written anew: the beginning of a month, or of all."""
    scope = found.scope
    if known.links or known.since_ms is None:
        return found.within.first_ms
    month = parse_day(month_of(scope, known.since_ms))
    return max(found.within.first_ms, day_bounds(month, month, scope.days.timezone)[0])


def _stored(
    found: Counting, digest: str, sql: Sql
) -> "tuple[str, str, pa.Schema, Sequence[str | int | float | bool | None]]":
    """The attempts with the columns of the table: what `Query.arrow` takes."""
    known = timed_steps(found.funnel)
    instants = ", ".join(
        f"{f'r{k}' if k in known else 'CAST(NULL AS BIGINT)'} AS r{k}" for k in range(2, MOST_STEPS + 1)
    )
    statement = f"""
SELECT ? AS site_id, ? AS funnel, unit, t, value, CAST(depth AS BIGINT) AS depth, {instants}
FROM ({sql.sql}) AS attempts_found"""  # noqa: S608 - names are ours
    parameters = (found.scope.site_id, digest, *sql.parameters)
    return statement, found.scope.caller.organization_id, arrow_schema(FUNNEL_ATTEMPTS), parameters


def _months(found: Counting) -> Iterator[date]:
    month = found.scope.days.first.replace(day=1)
    while month <= found.scope.days.last:
        yield month
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _of_month(found: Counting, month: date, rows: "pa.Table") -> "pa.Table":
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    start_ms, _ = day_bounds(month, month, found.scope.days.timezone)
    end_ms, _ = day_bounds(following, following, found.scope.days.timezone)
    own = rows.filter((pc.field("t") >= start_ms) & (pc.field("t") < end_ms))
    return own.sort_by([("unit", "ascending"), ("t", "ascending")])


def _forget(organization_id: str, site: Site, wanted: set[str]) -> None:
    """Empties the files of funnels that nobody has saved any more."""
    prefix = keys.saved_funnel(organization_id, site.site_id, "")
    nothing = arrow_schema(FUNNEL_ATTEMPTS).empty_table()
    for record in SavedFunnelRecord.query(prefix.pk, SavedFunnelRecord.sk.startswith(prefix.sk)):
        digest, files = str(record.sk).removeprefix(prefix.sk), unpacked(record.seen).files
        if digest not in wanted and files:
            for month in files:
                wiring.lake().append(FUNNEL_ATTEMPTS.name, organization_id, month, digest, nothing)
            record.covered_from_ms, record.seen = NEVER_MS, packed(Seen({}, {}, {}))
            put_one(Put(record, None))
