"""What each organization costs whoever runs the system on AWS, beside what it pays.

An estimate: stored events times what an event cost when it was measured, at list prices (`make bench`, docs/
speed-and-cost.md). Queries, storage, logs and the fixed cost of a system are left out.
"""

from collections import Counter
from datetime import date

from optiq.billing.mirror import shelf
from optiq.billing.mirror.contracts import Payment
from optiq.billing.plans.periods import Period, calendar_month
from optiq.billing.staff.contracts import TenantCost
from optiq.billing.subscribing.seeing import entitlements_of
from optiq.billing.usage.reading import counted, hours_of
from optiq.kernel.clock import Clock, from_rfc3339, system_clock
from optiq.kernel.errors import InvalidError
from optiq.kernel.paging import Page
from optiq.tenancy import api as tenancy

_OF_PAGES, _OF_SERVERS = 577_000, 1_300_000
"""Micros of a dollar for a million events: of pages, ten a request at 20 events a second; of servers, whose ids are
claimed one by one."""
_MILLION = 1_000_000


def tenant_costs(
    *, month: str = "", limit: int = 50, cursor: str | None = None, clock: Clock = system_clock
) -> tuple[Period, Page[TenantCost]]:
    """A page of organizations, newest first, and the month in UTC that it is of.

    Args:
        month: such as 2026-11; the present one by default.

    Raises:
        InvalidError: no month, or another list's cursor.
    """
    period = _period(month, clock)
    page = tenancy.list_organizations(limit, cursor)
    costs = tuple(_cost(one.organization_id, one.name, period, clock) for one in page.items)
    return period, Page(costs, page.cursor)


def _period(month: str, clock: Clock) -> Period:
    if not month:
        return calendar_month(clock())
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError as error:
        raise InvalidError('month: must be a month such as "2026-11"') from error
    return calendar_month(from_rfc3339(f"{first.isoformat()}T00:00:00Z"))


def _cost(organization_id: str, name: str, period: Period, clock: Clock) -> TenantCost:
    start_ms, end_ms = period.hours
    tokens = counted(hours_of(organization_id, start_ms, end_ms), start_ms, end_ms).tokens
    of_pages = tokens.get("", 0)
    of_servers = sum(tokens.values()) - of_pages
    return TenantCost(
        organization_id=organization_id,
        name=name,
        plan=entitlements_of(organization_id, clock).plan,
        page_events=of_pages,
        server_events=of_servers,
        cost_micros=(of_pages * _OF_PAGES + of_servers * _OF_SERVERS) // _MILLION,
        paid_micros=_paid(organization_id, period),
    )


def _paid(organization_id: str, period: Period) -> dict[str, int]:
    """Of all payments of the month, those for packages too."""
    paid = Counter[str]()
    for one in shelf.newest_of(Payment, organization_id, period.start_ms):
        if one.created_ms < period.end_ms and one.status in ("SUCCEEDED", "REFUNDED"):
            paid[one.currency] += one.amount_micros - one.refunded_micros
    return dict(paid)
