"""The forecast's profile: by hand where nothing varies, and how often its band is right where something does."""

from datetime import date, timedelta
from random import Random

import pytest
from optiq.reports.forecasts.weekday_profile import profile_of

MONDAY = date(2026, 1, 5)


def weeks(*values: float, count: int = 8) -> dict[date, float]:
    return {MONDAY + timedelta(days=number): values[number % 7] for number in range(7 * count)}


def test_what_repeats_is_expected_again_without_any_doubt() -> None:
    profile = profile_of(weeks(10, 10, 10, 10, 20, 40, 30))
    assert profile.by_weekday == pytest.approx((10, 10, 10, 10, 20, 40, 30))
    assert (profile.expected(date(2026, 3, 7)), profile.margin(10)) == (pytest.approx(40), pytest.approx(0))


def test_the_last_four_weeks_tell_the_level() -> None:
    past = weeks(10, 10, 10, 10, 10, 10, 10)
    grown = {day: value * (2 if day >= MONDAY + timedelta(days=28) else 1) for day, value in past.items()}
    # The mean of eight weeks is 15; the last four are 20, so 4/3 as large.
    assert profile_of(grown).by_weekday == pytest.approx((20,) * 7)


def test_one_campaign_does_not_repeat_itself() -> None:
    past = weeks(10, 10, 10, 10, 10, 10, 10) | {MONDAY + timedelta(days=49): 1_000.0}
    # The Monday counts 30: its mean is (7 x 10 + 30) / 8, and the last four weeks sum to 300 of 290.
    profile = profile_of(past)
    assert profile.by_weekday[0] == pytest.approx(12.5 * 300 / 290)
    assert profile.by_weekday[1] == pytest.approx(10 * 300 / 290)
    # What did happen once may happen again: the band knows it.
    assert profile.margin(1) > 100


def test_mostly_empty_days_keep_their_mean() -> None:
    profile = profile_of(weeks(0, 0, 0, 0, 0, 0, 0) | {MONDAY: 56.0, MONDAY + timedelta(days=28): 56.0})
    assert profile.by_weekday == pytest.approx((14, 0, 0, 0, 0, 0, 0))


def test_nothing_is_expected_of_nothing() -> None:
    assert profile_of(weeks(*(0,) * 7)).by_weekday == (0,) * 7


@pytest.mark.parametrize("days", [1, 14, 30])
def test_four_of_five_sums_are_within_the_band(days: int) -> None:
    random = Random(days)
    shape = (1.0, 0.9, 0.9, 1.0, 1.2, 1.6, 1.4)
    within = 0
    for _ in range(400):
        first = MONDAY + timedelta(days=random.randrange(7))
        every = [first + timedelta(days=number) for number in range(56 + days)]
        values = {day: shape[day.weekday()] * 1_000 * random.lognormvariate(0, 0.3) for day in every}
        profile = profile_of({day: values[day] for day in every[:56]})
        expected = sum(profile.expected(day) for day in every[56:])
        within += abs(sum(values[day] for day in every[56:]) - expected) <= profile.margin(days)
    assert 0.72 <= within / 400 <= 0.9
