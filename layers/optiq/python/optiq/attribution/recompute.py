"""Rebuilding a site's credits over past days from the lake, in columns from end to end.

A day is one UTC partition of conversions. Credits are written only where they differ from what the lake holds,
so running it twice changes nothing.
"""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from optiq.attribution import jobs, lake_reading
from optiq.attribution.changes import changed
from optiq.attribution.contracts import DayOutcome, DayPlan
from optiq.attribution.lake_rows import append_day
from optiq.attribution.ledger import STANDARD_TERMS, credit_paths, row_counts
from optiq.attribution.path import longest_window_days
from optiq.attribution.path_table import from_rows, instants
from optiq.kernel.clock import DAY_MS, day_bounds, day_of, parse_day, parse_timezone
from optiq.tenancy import api as tenancy


def plan(organization_id: str, job_id: str) -> list[DayPlan]:
    """The partitions that hold conversions of the job's days, which are days in the site's timezone."""
    job = jobs.get(organization_id, job_id)
    site = tenancy.get_site(organization_id, job.site_id)
    start_ms, end_ms = day_bounds(parse_day(job.from_day), parse_day(job.to_day), parse_timezone(site.timezone))
    days = lake_reading.days_with_conversions(organization_id, job.site_id, _utc_day(start_ms), _utc_day(end_ms - 1))
    jobs.plan(organization_id, job_id, len(days))
    return [
        DayPlan(organization_id, job.site_id, job_id, job.created_ms, dt, *_clip(dt, start_ms, end_ms)) for dt in days
    ]


def recompute_day(day: DayPlan) -> DayOutcome:
    """Credits the day's conversions anew; writes those that come out different."""
    site = tenancy.get_site(day.organization_id, day.site_id)
    conversions = lake_reading.conversions_of(day.organization_id, day.site_id, day.dt)
    at_ms = instants(conversions)
    conversions = conversions.filter(pa.array((day.start_ms <= at_ms) & (at_ms < day.end_ms)))
    rewritten = _rewrite(day, conversions, site.lookback_days) if len(conversions) else 0
    jobs.finish_day(day.organization_id, day.job_id, day.dt)
    return DayOutcome(conversions=len(conversions), changed=rewritten)


def _rewrite(day: DayPlan, conversions: pa.Table, site_lookback_days: int | None) -> int:
    """Writes the conversions' credits, computed anew, where the lake holds others or none; says for how many."""
    first = parse_day(day.dt) - timedelta(days=longest_window_days(site_lookback_days))
    touches = lake_reading.touches_before(day.organization_id, day.site_id, day.dt, first.isoformat())
    standing = lake_reading.standing_credits(day.organization_id, day.site_id, day.dt)
    conversions = _as_revised(conversions, standing)
    paths = from_rows(day.site_id, conversions, touches, site_lookback_days)
    credited, rows = credit_paths(paths, STANDARD_TERMS, day.computed_ms), row_counts(paths)
    different = changed(conversions.column("conversion_id"), rows, credited, standing)
    if different.any():
        append_day(day.organization_id, day.dt, credited.filter(pa.array(np.repeat(different, rows))))
    return int(different.sum())


def _as_revised(conversions: pa.Table, standing: pa.Table) -> pa.Table:
    """Credits carry the revision of the customer they were computed for, which may be past the conversion's own."""
    places = pc.index_in(conversions.column("conversion_id"), value_set=standing.column("conversion_id"))
    revisions = pc.max_element_wise(conversions.column("revision"), standing.column("revision").take(places))
    return conversions.set_column(conversions.column_names.index("revision"), "revision", revisions)


def _utc_day(instant_ms: int) -> str:
    return day_of(instant_ms, parse_timezone("UTC")).isoformat()


def _clip(dt: str, start_ms: int, end_ms: int) -> tuple[int, int]:
    midnight = int(datetime.combine(date.fromisoformat(dt), datetime.min.time(), UTC).timestamp()) * 1000
    return max(start_ms, midnight), min(end_ms, midnight + DAY_MS)
