"""What an organization used of its month, and in the time of an invoice, for people."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from optiq.billing.mirror.contracts import InvoiceLine
from optiq.billing.plans.catalogue import CATALOGUE
from optiq.billing.plans.overage import overage
from optiq.billing.plans.periods import Period
from optiq.billing.subscribing.contracts import MonthTerms
from optiq.billing.subscribing.seeing import get_invoice, terms_of
from optiq.billing.usage.contracts import (
    AdSpendUsage,
    DayUsage,
    HeldUsage,
    InvoiceUsage,
    LineUsage,
    OverageUsage,
    SiteUsage,
    TokenUsage,
    Usage,
)
from optiq.billing.usage.forecasting import LOOK_BACK_DAYS, forecast
from optiq.billing.usage.held_sums import HELD_DAYS, ends_ms, held_in
from optiq.billing.usage.month import seen_of, state_of
from optiq.billing.usage.reading import Counted, Days, counted, days_of, hours_in, hours_of
from optiq.billing.usage.spending import spend_of
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
    terms = terms_of(caller.organization_id, clock)
    start_ms, end_ms = terms.period.hours
    known_from_ms = now_ms - now_ms % HOUR_MS - LOOK_BACK_DAYS * DAY_MS
    held_from_ms = now_ms - HELD_DAYS * DAY_MS - HOUR_MS
    days = days_of(caller.organization_id, min(start_ms, known_from_ms, held_from_ms), end_ms)
    found = hours_in(days, min(start_ms, known_from_ms), end_ms)
    month = counted(found, start_ms, end_ms)
    known = counted(found, 0, end_ms)
    limit = terms.entitlements.monthly_events
    seen = seen_of(caller.organization_id, terms, now_ms)
    return Usage(
        start_ms=start_ms,
        end_ms=end_ms,
        as_of_ms=now_ms,
        timezone=timezone,
        events=month.events,
        limit=limit,
        percent=month.events * 100 // limit if limit else None,
        intake=state_of(seen),
        allowed=seen.allowed.allowed,
        holds_at=seen.allowed.holds_at,
        held=_held(days, now_ms),
        overage=_overage(terms, month.events),
        ad_spend=_ad_spend(caller.organization_id, terms),
        forecast=forecast(known.hours, start_ms, end_ms, now_ms),
        days=_days(month.hours, start_ms, min(end_ms, now_ms), zone),
        sites=_by_site(month),
        workspaces=by_workspace(month.sites, workspaces_of(caller)),
        tokens=_by_token(month),
    )


def _held(days: Days, now_ms: int) -> HeldUsage | None:
    hours = held_in(days, now_ms)
    if not hours:
        return None
    first_ms, last_ms = min(hours), max(hours)
    return HeldUsage(sum(hours.values()), first_ms, min(last_ms + HOUR_MS, now_ms), ends_ms(first_ms))


def _ad_spend(organization_id: str, terms: MonthTerms) -> AdSpendUsage:
    micros, limit = spend_of(organization_id, terms.period.start_ms), terms.entitlements.monthly_ad_spend_micros
    return AdSpendUsage(micros, limit, micros * 100 // limit if limit else None)


def _overage(terms: MonthTerms, stored: int) -> OverageUsage | None:
    """None where nothing is sold beyond the limit."""
    if not terms.per_event:
        return None
    found = overage(stored, terms.entitlements.monthly_events, terms.per_event, terms.cap)
    cap_micros = terms.cap.micros if terms.cap else None
    return OverageUsage(found.events, found.billed, terms.currency, found.amount_micros, cap_micros)


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
