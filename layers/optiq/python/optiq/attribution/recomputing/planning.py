"""What a recomputation has to work through: the days that changed since they were last credited, in partitions.

What a day was credited from is a stamp: how many rows lay in the lake for it and for the window before it, their
highest revisions, and by which version of the rules. Rows are only ever added, so what changes a credit changes the
stamp. It is taken before the rows are read, and kept when their credits are written: what comes in between is seen
next time.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from optiq.attribution import lake_reading
from optiq.attribution.lake_reading import Contents
from optiq.attribution.models import ENGINE_VERSION
from optiq.attribution.recomputing import jobs
from optiq.attribution.recomputing.contracts import Job, Partition
from optiq.attribution.recomputing.stamps import standing_stamps
from optiq.attribution.settings import CACHE_SECONDS
from optiq.attribution.terms import Terms, current
from optiq.journeys.lake import CONVERSIONS, TOUCHES
from optiq.kernel.clock import SECOND_MS, day_bounds, day_of, days_before, parse_day, parse_timezone
from optiq.kernel.lake_tables import LakeTable
from optiq.ports.query import stamp_of
from optiq.tenancy import api as tenancy

MAX_CONVERSIONS = 250_000
MAX_DAYS = 31
"""Of a partition: each reads the lookback window before it once, so longer ones read less, and need more memory."""
_SETTLING_MS = 2 * CACHE_SECONDS * SECOND_MS
"""For so long after a change of settings what arrives may still be credited by those before, and be newer than what a
job writes: days done then get no stamp, so that the next job looks at them again."""

_UTC = parse_timezone("UTC")


@dataclass(frozen=True, slots=True)
class _Day:
    dt: str
    conversions: int
    stamp: str
    unchanged: bool


def plan(organization_id: str, job_id: str) -> list[Partition]:
    """The partitions of the job's days, which are days in the site's timezone; none once it is cancelled."""
    job = jobs.get(organization_id, job_id)
    site = tenancy.get_site(organization_id, job.site_id)
    start_ms, end_ms = day_bounds(parse_day(job.from_day), parse_day(job.to_day), parse_timezone(site.timezone))
    terms = current(site)
    days = list(_days(job, start_ms, end_ms, terms))
    to_do = [day for day in days if not day.unchanged]
    if not jobs.plan(organization_id, job_id, len(to_do), len(days) - len(to_do)):
        return []
    settled = job.created_ms > terms.settings.created_ms + _SETTLING_MS
    return [_partition(job, run, start_ms, end_ms, settled=settled) for run in _runs(days)]


def _days(job: Job, start_ms: int, end_ms: int, terms: Terms) -> Iterator[_Day]:
    """The days that hold conversions."""
    where = (job.organization_id, job.site_id)
    first, last = _utc_day(start_ms), _utc_day(end_ms - 1)
    window_days = terms.longest_window_days
    since = days_before(first, window_days)
    conversions = lake_reading.contents(CONVERSIONS, *where, first, last)
    before = [lake_reading.contents(table, *where, since, last) for table in evidence_tables(terms)]
    known = {} if job.whole else standing_stamps(*where, first, last)
    for dt, held in conversions.items():
        begin = days_before(dt, window_days)
        in_window = [{day: rows for day, rows in of_table.items() if begin <= day <= dt} for of_table in before]
        stamp = _stamp(held, in_window, terms)
        yield _Day(dt, held.rows, stamp, known.get(dt) == stamp)


def evidence_tables(terms: Terms) -> tuple[LakeTable, ...]:
    """What of the window before it a day's credits depend on."""
    return (TOUCHES, CONVERSIONS) if terms.settings.milestone_event else (TOUCHES,)


def _stamp(conversions: Contents, in_window: Sequence[Mapping[str, Contents]], terms: Terms) -> str:
    versions = (terms.settings.version, terms.fit.version if terms.fit else 0, ENGINE_VERSION)
    counted = [sorted((day, *held) for day, held in of_table.items()) for of_table in in_window]
    seen = (tuple(conversions), counted, terms.site_lookback_days, versions)
    return stamp_of(seen)


def _runs(days: list[_Day]) -> Iterator[list[_Day]]:
    """Days to work through, in runs that no unchanged day interrupts, none longer or larger than a partition may be."""
    run: list[_Day] = []
    for day in days:
        full = run and (
            sum(item.conversions for item in run) + day.conversions > MAX_CONVERSIONS
            or day.dt >= days_before(run[0].dt, -MAX_DAYS)
        )
        if run and (full or day.unchanged):
            yield run
            run = []
        if not day.unchanged:
            run.append(day)
    if run:
        yield run


def _partition(job: Job, run: list[_Day], start_ms: int, end_ms: int, *, settled: bool) -> Partition:
    return Partition(
        organization_id=job.organization_id,
        site_id=job.site_id,
        job_id=job.job_id,
        computed_ms=job.created_ms,
        start_ms=start_ms,
        end_ms=end_ms,
        days=tuple(day.dt for day in run),
        stamps=tuple(day.stamp if settled and _covered(day.dt, start_ms, end_ms) else "" for day in run),
    )


def _covered(dt: str, start_ms: int, end_ms: int) -> bool:
    midnight_ms, next_ms = day_bounds(parse_day(dt), parse_day(dt), _UTC)
    return start_ms <= midnight_ms and next_ms <= end_ms


def _utc_day(instant_ms: int) -> str:
    return day_of(instant_ms, _UTC).isoformat()
