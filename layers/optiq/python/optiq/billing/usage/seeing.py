"""What an organization used of its month, for people."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from optiq.billing.subscribing.seeing import plan_and_period_of
from optiq.billing.usage.contracts import DayUsage, SiteUsage, TokenUsage, Usage
from optiq.billing.usage.forecasting import LOOK_BACK_DAYS, forecast
from optiq.billing.usage.reading import counted, hours_of
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, HOUR_MS, Clock, day_of, parse_timezone, system_clock


def usage_of(caller: Caller, *, timezone: str = "UTC", clock: Clock = system_clock) -> Usage:
    """The caller's organization's month so far.

    Args:
        timezone: of the reader, by which hours become days. The sum is the same in each.

    Raises:
        InvalidError: no such timezone.
    """
    zone, now_ms = parse_timezone(timezone), clock()
    entitlements, period = plan_and_period_of(caller.organization_id, clock)
    start_ms, end_ms = period.hours
    known_from_ms = now_ms - now_ms % HOUR_MS - LOOK_BACK_DAYS * DAY_MS
    found = hours_of(caller.organization_id, min(start_ms, known_from_ms), end_ms)
    month = counted(found, start_ms, end_ms)
    known = counted(found, 0, end_ms)
    limit = entitlements.monthly_events
    return Usage(
        start_ms=start_ms,
        end_ms=end_ms,
        as_of_ms=now_ms,
        timezone=timezone,
        events=month.events,
        limit=limit,
        percent=month.events * 100 // limit if limit else None,
        forecast=forecast(known.hours, start_ms, end_ms, now_ms),
        days=_days(month.hours, start_ms, min(end_ms, now_ms), zone),
        sites=tuple(SiteUsage(site_id, events) for site_id, events in _most_first(month.sites)),
        tokens=tuple(TokenUsage(token_id, events) for token_id, events in _most_first(month.tokens)),
    )


def _days(hours: Mapping[int, int], start_ms: int, until_ms: int, zone: ZoneInfo) -> tuple[DayUsage, ...]:
    """Each hour is of the day on which it begins."""
    by_day: dict[date, list[int]] = defaultdict(list)
    for hour_ms in range(start_ms, until_ms, HOUR_MS):
        by_day[day_of(hour_ms, zone)].append(hours.get(hour_ms, 0))
    return tuple(DayUsage(day, sum(events), tuple(events)) for day, events in by_day.items())


def _most_first(events: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(events.items(), key=lambda one: (-one[1], one[0]))
