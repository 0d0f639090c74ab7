"""Forecasts of a month."""

from optiq.billing.usage.contracts import UsageForecast
from optiq.billing.usage.forecasting import forecast
from optiq.kernel.clock import DAY_MS, HOUR_MS, from_rfc3339

START, END = from_rfc3339("2026-04-01T00:00:00Z"), from_rfc3339("2026-05-01T00:00:00Z")
DAY_11 = START + 10 * DAY_MS


def _hours(from_ms: int, until_ms: int, of_day: dict[int, int]) -> dict[int, int]:
    """Events of each hour by the weekday (0 is a Thursday)."""
    return {hour: of_day.get(hour // DAY_MS % 7, 10) for hour in range(from_ms, until_ms, HOUR_MS)}


def test_steady_usage_is_expected_to_go_on_without_a_band() -> None:
    assert forecast(_hours(START, DAY_11, {}), START, END, DAY_11) == UsageForecast(7_200, 7_200, 7_200)


def test_weekdays_count_when_two_weeks_are_known() -> None:
    hours = _hours(START - 20 * DAY_MS, DAY_11, {2: 100, 3: 0})
    month = _hours(START, END, {2: 100, 3: 0})
    assert forecast(hours, START, END, DAY_11) == UsageForecast(*[sum(month.values())] * 3)


def test_band_is_wider_when_days_differ_and_more_of_them_are_left() -> None:
    hours = {hour: 5 if hour // DAY_MS % 2 else 15 for hour in range(START, END, HOUR_MS)}
    bands = []
    for day in (6, 12, 24):
        now_ms = START + day * DAY_MS
        found = forecast({h: n for h, n in hours.items() if h < now_ms}, START, END, now_ms)
        assert found is not None
        assert found.low < 7_200 < found.high
        bands.append(found.high - found.low)
    assert bands == sorted(bands, reverse=True)


def test_forecast_is_none_when_less_than_two_days_are_known() -> None:
    now_ms = START + 2 * DAY_MS - HOUR_MS
    assert forecast(_hours(START, now_ms, {}), START, END, now_ms) is None
    assert forecast({}, START, END, DAY_11) is None


def test_forecast_is_what_was_used_when_the_month_is_over() -> None:
    assert forecast(_hours(START, END, {}), START, END, END) == UsageForecast(7_200, 7_200, 7_200)
