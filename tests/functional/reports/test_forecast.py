"""The forecast of a month, of rollups: by hand."""

from datetime import date, timedelta

import pytest
from optiq.kernel.caller import Caller
from optiq.kernel.clock import from_rfc3339
from optiq.reports.forecasts.api import forecast
from optiq.reports.forecasts.contracts import Forecast, ForecastDay, MetricForecast
from optiq.reports.rollups.building import ROLLUPS_JOB
from optiq.reports.runs import run_job
from optiq.tenancy import api as tenancy

from functions.reports.routes import handler
from tests.functional.reports.conftest import SiteMaker
from tests.functional.reports.http import answer, request
from tests.functional.reports.lake import Part, TestLake

pytestmark = pytest.mark.usefixtures("table")
NOW_MS = from_rfc3339("2026-03-11T15:00:00Z")
TODAY = date(2026, 3, 11)
E = 1_000_000


def sells(lake: TestLake, day: date, euros: int) -> None:
    parts = [Part("Email", 1.0, euros * E)]
    lake.write_credits(lake.credit(f"v{day}", f"{day}T10:00:00Z", parts))


def forecast_of(lake: TestLake, now_ms: int = NOW_MS, *, counted: bool = True) -> Forecast:
    if counted:
        site = tenancy.get_site(lake.organization_id, lake.site_id)
        sites = {lake.organization_id: [site]}
        run_job(ROLLUPS_JOB, sites, lambda _: "a", lambda: now_ms, every=True, stop=lambda: False)
    return forecast(Caller.system(lake.organization_id), lake.site_id, clock=lambda: now_ms)


def shown(found: MetricForecast) -> tuple[float | None, ...]:
    values = (found.so_far_micros, found.forecast_micros, found.low_micros, found.high_micros)
    return tuple(None if value is None else value / E for value in values)


def test_a_month_that_goes_on_as_before(make_site: SiteMaker) -> None:
    lake = make_site()
    # 100 euros on weekdays and 300 at weekends for 70 days; today 40 so far. Ads cost 10 a day since 12 February.
    for ago in range(1, 71):
        day = TODAY - timedelta(days=ago)
        sells(lake, day, 300 if day.weekday() > 4 else 100)
    sells(lake, TODAY, 40)
    for ago in range(1, 28):
        day = (TODAY - timedelta(days=ago)).isoformat()
        lake.write_metrics({"day": day, "channel": "Paid Search", "spend_micros": 10 * E, "currency": "EUR"})
    found = forecast_of(lake)
    revenue, spend = found.metrics
    assert (found.frame.period.from_day, found.frame.period.to_day) == ("2026-03-01", "2026-03-31")
    # The 1st, 7th, 8th are at weekends: 3 x 300 + 7 x 100 + today's 40. All March: 9 weekend days and 22 others.
    assert (shown(revenue), revenue.history_days, revenue.because) == ((1_640, 4_900, 4_900, 4_900), 56, "")
    assert revenue.days[9] == ForecastDay("2026-03-10", 100 * E, True, None, None, None)
    assert revenue.days[10] == ForecastDay("2026-03-11", 40 * E, False, 100 * E, 100 * E, 100 * E)
    assert revenue.days[13] == ForecastDay("2026-03-14", None, False, 300 * E, 300 * E, 300 * E)
    assert (shown(spend), spend.history_days) == ((100, None, None, None), 27)
    assert spend.because == "The history is too short: 27 of 28 complete days."


def test_what_is_counted_today_is_the_least_that_comes(make_site: SiteMaker) -> None:
    lake = make_site()
    for ago in range(1, 57):
        sells(lake, TODAY - timedelta(days=ago), 100 if ago % 2 else 200)
    sells(lake, TODAY, 1_000)
    revenue = forecast_of(lake).metrics[0]
    assert revenue.forecast_micros is not None
    assert revenue.low_micros is not None
    assert revenue.high_micros is not None
    assert revenue.so_far_micros <= revenue.low_micros < revenue.forecast_micros < revenue.high_micros
    today = revenue.days[10]
    assert (today.actual_micros, today.expected_micros) == (1_000 * E, 1_000 * E)
    assert revenue.forecast_micros == sum((day.expected_micros or day.actual_micros or 0) for day in revenue.days)


def test_days_end_by_what_is_counted(make_site: SiteMaker) -> None:
    lake = make_site(timezone="Pacific/Auckland")
    for ago in range(1, 60):
        sells(lake, TODAY - timedelta(days=ago), 100)
    # 11 March 15:00 UTC is the 12th in Auckland; of the 11th there is nothing.
    revenue = forecast_of(lake).metrics[0]
    assert next(day.day for day in revenue.days if not day.complete) == "2026-03-12"
    assert revenue.days[10].actual_micros == 0


def test_without_history_there_is_no_forecast_and_it_says_so(make_site: SiteMaker) -> None:
    lake = make_site()
    found = forecast_of(lake, counted=False)
    assert [note.kind for note in found.frame.notes] == ["NOT_COUNTED_YET"]
    found = forecast_of(lake)
    assert found.frame.notes == ()
    assert [one.because for one in found.metrics] == [
        "There is no revenue in the last 8 weeks.",
        "There is no spend in the last 8 weeks.",
    ]
    assert [shown(one) for one in found.metrics] == [(0, None, None, None)] * 2


def test_the_route_answers_in_json(make_site: SiteMaker) -> None:
    lake = make_site()
    path = f"/v1/sites/{lake.site_id}/forecast"
    status, found = answer(handler(request(path, lake.organization_id), None))
    assert (status, found["data_until"], found["method"]) == (200, None, "WEEKDAY_PROFILE")
    assert [one["metric"] for one in found["metrics"]] == ["revenue", "spend"]
    assert {"day", "actual_micros", "complete", "expected_micros"} <= set(found["metrics"][0]["days"][0])


def test_a_site_made_after_the_last_run_says_that_it_is_not_counted_yet(make_site: SiteMaker) -> None:
    lake = make_site()
    made_ms = tenancy.get_site(lake.organization_id, lake.site_id).created_ms
    forecast_of(lake, made_ms - 1)
    found = forecast_of(lake, counted=False)
    assert (found.frame.data_until_ms, [note.kind for note in found.frame.notes]) == (0, ["NOT_COUNTED_YET"])
