"""Rebuilding a site's credits over past days from the lake.

A day is one UTC partition of conversions. Credits are written only where they differ from what the lake holds,
so running it twice changes nothing.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from optiq.attribution import jobs, lake_reading
from optiq.attribution.contracts import ConversionCredits, DayOutcome, DayPlan
from optiq.attribution.crediting import credit_conversions
from optiq.attribution.fingerprints import fingerprint, standing_credits
from optiq.attribution.path import longest_window_days, path_of
from optiq.attribution.service import keep
from optiq.journeys.contracts import Conversion, ConversionPath, Touch
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
    conversions = [
        conversion
        for conversion in lake_reading.conversions_of(day.organization_id, day.site_id, day.dt)
        if day.start_ms <= conversion.occurred_ms < day.end_ms
    ]
    changed = keep(_different(day, conversions, site.lookback_days)) if conversions else 0
    jobs.finish_day(day.organization_id, day.job_id, day.dt)
    return DayOutcome(conversions=len(conversions), changed=changed)


def _different(
    day: DayPlan, conversions: Sequence[Conversion], site_lookback_days: int | None
) -> list[ConversionCredits]:
    """The conversions' credits, computed anew, where the lake holds others or none."""
    first = parse_day(day.dt) - timedelta(days=longest_window_days(site_lookback_days))
    touches = lake_reading.touches_before(day.organization_id, day.site_id, day.dt, first.isoformat())
    standing = standing_credits(day.organization_id, day.site_id, day.dt)
    # Credits carry the revision of the customer they were computed for, which may be past the conversion's own.
    current = [
        replace(item, revision=max(item.revision, standing[item.conversion_id].revision))
        if item.conversion_id in standing
        else item
        for item in conversions
    ]
    paths = [path_of(history, site_lookback_days) for history in _histories(current, touches)]
    known = {conversion_id: item.fingerprint for conversion_id, item in standing.items()}
    return [
        item
        for item in credit_conversions(paths, day.computed_ms)
        if fingerprint(item) != known.get(item.path.conversion.conversion_id)
    ]


def _histories(conversions: Sequence[Conversion], touches: Sequence[tuple[str, Touch]]) -> Iterator[ConversionPath]:
    by_customer: dict[str, list[Touch]] = defaultdict(list)
    for customer_id, touch in touches:
        by_customer[customer_id].append(touch)
    for conversion in conversions:
        yield ConversionPath(conversion, tuple(by_customer[conversion.customer_id]))


def _utc_day(instant_ms: int) -> str:
    return day_of(instant_ms, parse_timezone("UTC")).isoformat()


def _clip(dt: str, start_ms: int, end_ms: int) -> tuple[int, int]:
    midnight = int(datetime.combine(date.fromisoformat(dt), datetime.min.time(), UTC).timestamp()) * 1000
    return max(start_ms, midnight), min(end_ms, midnight + DAY_MS)
