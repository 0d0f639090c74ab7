"""What an organization used of its month, and in the time of an invoice, for people."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from optiq.billing.mirror.contracts import InvoiceLine
from optiq.billing.plans.catalogue import CATALOGUE
from optiq.billing.plans.periods import Period
from optiq.billing.subscribing.seeing import get_invoice, plan_and_period_of
from optiq.billing.usage.contracts import DayUsage, InvoiceUsage, LineUsage, SiteUsage, TokenUsage, Usage
from optiq.billing.usage.forecasting import LOOK_BACK_DAYS, forecast
from optiq.billing.usage.reading import Counted, counted, hours_of
from optiq.billing.usage.workspaces import Workspaces, by_workspace, workspaces_of
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
        sites=_by_site(month),
        workspaces=by_workspace(month.sites, workspaces_of(caller)),
        tokens=_by_token(month),
    )


def usage_of_invoice(
    caller: Caller, invoice_id: str, *, timezone: str = "UTC", clock: Clock = system_clock
) -> InvoiceUsage:
    """What was used in the times that an invoice's lines are for, down to hours, sites and tokens.

    Raises:
        NotFoundError: no such invoice. InvalidError: no such timezone.
    """
    zone, now_ms = parse_timezone(timezone), clock()
    invoice = get_invoice(caller, invoice_id)
    workspaces = workspaces_of(caller)
    lines = tuple(
        _of_line(caller.organization_id, number, line, now_ms, zone, workspaces)
        for number, line in enumerate(invoice.lines, 1)
        if line.plan and line.amount_micros >= 0
    )
    return InvoiceUsage(invoice_id, now_ms, timezone, lines)


def _of_line(
    organization_id: str, number: int, line: InvoiceLine, now_ms: int, zone: ZoneInfo, workspaces: Workspaces
) -> LineUsage:
    start_ms, end_ms = Period(line.from_ms, line.until_ms).hours
    found = counted(hours_of(organization_id, start_ms, end_ms), start_ms, end_ms) if start_ms < end_ms else Counted({})
    plan = CATALOGUE.get((line.plan, line.plan_version))
    return LineUsage(
        line=number,
        description=line.description,
        plan=line.plan,
        monthly_events=plan.monthly_events if plan else None,
        start_ms=start_ms,
        end_ms=end_ms,
        events=found.events,
        days=_days(found.hours, start_ms, min(end_ms, now_ms), zone),
        sites=_by_site(found),
        workspaces=by_workspace(found.sites, workspaces),
        tokens=_by_token(found),
    )


def _days(hours: Mapping[int, int], start_ms: int, until_ms: int, zone: ZoneInfo) -> tuple[DayUsage, ...]:
    """Each hour is of the day on which it begins."""
    by_day: dict[date, list[int]] = defaultdict(list)
    for hour_ms in range(start_ms, until_ms, HOUR_MS):
        by_day[day_of(hour_ms, zone)].append(hours.get(hour_ms, 0))
    return tuple(DayUsage(day, sum(events), tuple(events)) for day, events in by_day.items())


def _by_site(found: Counted) -> tuple[SiteUsage, ...]:
    return tuple(SiteUsage(site_id, events) for site_id, events in _most_first(found.sites))


def _by_token(found: Counted) -> tuple[TokenUsage, ...]:
    return tuple(TokenUsage(token_id, events) for token_id, events in _most_first(found.tokens))


def _most_first(events: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(events.items(), key=lambda one: (-one[1], one[0]))
