"""What an organization used of its month, as people see it. Case 10."""

from datetime import date

import pytest
from optiq.billing.subscribing import api as subscribing
from optiq.billing.usage.api import usage_of, usage_of_invoice
from optiq.billing.usage.contracts import StoredEvent, Usage
from optiq.billing.usage.counting import Known, count
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, HOUR_MS, from_rfc3339, to_rfc3339
from optiq.kernel.errors import InvalidError, NotFoundError

from tests.functional.billing.paying import Paying

pytestmark = pytest.mark.usefixtures("table")
ZONES = ("UTC", "Europe/Berlin", "Pacific/Honolulu")


def _fill(organization_id: str, from_ms: int, until_ms: int, each: int = 2) -> None:
    """Events of every hour."""
    hours = range(from_ms, until_ms, HOUR_MS)
    stored = [StoredEvent(number, "site_a", hours[number // each]) for number in range(len(hours) * each)]
    count(organization_id, "shard-0", stored, Known())


def _usage(organization_id: str, at_ms: int, timezone: str = "UTC") -> Usage:
    return usage_of(Caller.system(organization_id), timezone=timezone, clock=lambda: at_ms)


@pytest.mark.parametrize(("month", "day", "hours"), [("2026-03", 29, 23), ("2026-10", 25, 25)])
def test_days_have_23_or_25_hours_when_clocks_change(organization_id: str, month: str, day: int, hours: int) -> None:
    """Case 10."""
    start_ms = from_rfc3339(f"{month}-01T00:00:00Z")
    end_ms = start_ms + 31 * DAY_MS
    _fill(organization_id, start_ms, end_ms)
    found = {zone: _usage(organization_id, end_ms - 1, zone) for zone in ZONES}
    berlin = {one.day: one for one in found["Europe/Berlin"].days}
    assert len(berlin[date.fromisoformat(f"{month}-{day}")].hours) == hours
    assert {len(one.hours) for one in found["UTC"].days} == {24}
    sums = {zone: sum(one.events for one in usage.days) for zone, usage in found.items()}
    assert sums == dict.fromkeys(ZONES, 31 * 24 * 2)
    assert {usage.events for usage in found.values()} == {31 * 24 * 2}


def test_month_is_the_calendars_and_has_no_limit_where_nobody_pays(organization_id: str) -> None:
    at_ms = from_rfc3339("2026-04-10T12:30:00Z")
    _fill(organization_id, from_rfc3339("2026-03-30T00:00:00Z"), at_ms)
    found = _usage(organization_id, at_ms)
    assert (to_rfc3339(found.start_ms), to_rfc3339(found.end_ms)) == (
        "2026-04-01T00:00:00.000Z",
        "2026-05-01T00:00:00.000Z",
    )
    assert (found.events, found.limit, found.percent) == ((9 * 24 + 13) * 2, None, None)
    assert [(one.site_id, one.events) for one in found.sites] == [("site_a", found.events)]
    assert found.forecast is not None
    assert abs(found.forecast.events - 30 * 24 * 2) <= 2


def test_month_begins_with_the_hour_of_a_subscriptions_anchor(payer: Paying) -> None:
    payer.pass_to("2026-04-05T14:37:12Z")
    payer.subscribe("STARTER")
    _fill(payer.organization_id, from_rfc3339("2026-04-05T13:00:00Z"), from_rfc3339("2026-04-05T16:00:00Z"), 5_000)
    payer.pass_to("2026-04-06T12:00:00Z")
    found = usage_of(payer.caller, clock=payer.clock)
    assert to_rfc3339(found.start_ms) == "2026-04-05T14:00:00.000Z"
    assert (found.events, found.limit, found.percent) == (10_000, 1_000_000, 1)


def test_month_before_counts_in_the_forecast_and_not_in_the_sum(organization_id: str) -> None:
    start_ms = from_rfc3339("2026-04-01T00:00:00Z")
    _fill(organization_id, start_ms - 10 * DAY_MS, start_ms)
    found = _usage(organization_id, start_ms)
    assert (found.events, found.days, found.sites, found.tokens) == (0, (), (), ())
    assert found.forecast is not None
    assert found.forecast.events == 30 * 24 * 2


def test_unknown_timezone_is_refused(organization_id: str) -> None:
    with pytest.raises(InvalidError, match="not an IANA timezone"):
        _usage(organization_id, from_rfc3339("2026-04-01T00:00:00Z"), "Mars/Olympus")


def test_line_of_an_invoice_opens_to_hours_sites_and_tokens_that_sum_to_it(payer: Paying) -> None:
    payer.pass_to("2026-04-05T14:37:12Z")
    payer.subscribe("STARTER")
    _fill(payer.organization_id, from_rfc3339("2026-04-05T12:00:00Z"), from_rfc3339("2026-05-05T20:00:00Z"))
    payer.pass_to("2026-05-06T00:00:00Z")
    now, first = subscribing.list_invoices(payer.caller).items
    found = usage_of_invoice(payer.caller, first.invoice_id, timezone="Europe/Berlin", clock=payer.clock)
    (line,) = found.lines
    assert (to_rfc3339(line.start_ms), to_rfc3339(line.end_ms)) == (
        "2026-04-05T14:00:00.000Z",
        "2026-05-05T14:00:00.000Z",
    )
    assert (line.line, line.plan, line.monthly_events, line.events) == (1, "STARTER", 1_000_000, 30 * 24 * 2)
    for parts in (line.days, line.sites, line.tokens):
        assert sum(one.events for one in parts) == line.events
    assert all(sum(day.hours) == day.events for day in line.days)
    assert [one.events for one in usage_of_invoice(payer.caller, now.invoice_id, clock=payer.clock).lines] == [6 * 2]


def test_usage_of_another_organizations_invoice_is_not_found(payer: Paying, organization_id: str) -> None:
    payer.subscribe("STARTER")
    (invoice,) = subscribing.list_invoices(payer.caller).items
    with pytest.raises(NotFoundError):
        usage_of_invoice(Caller.system(organization_id), invoice.invoice_id)
