"""Each kind of rule, with the numbers of its definition."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from optiq.alerts.judging.clicks import odd_count
from optiq.alerts.judging.contracts import DayValues
from optiq.alerts.judging.costs import cpa_spike, roas_drop, spend_threshold
from optiq.alerts.judging.detecting import K
from optiq.alerts.judging.drops import conversion_drop
from optiq.alerts.judging.silence import silence, usual_week

TUESDAY = date(2026, 11, 24)
MEDIUM = K["MEDIUM"]


def days(last: date = TUESDAY, **series: Sequence[float | None]) -> list[DayValues]:
    """Days up to the last, with a metric's numbers each."""
    (length,) = {len(values) for values in series.values()}
    first = last - timedelta(days=length - 1)
    return [
        DayValues(first + timedelta(days=place), {name: values[place] for name, values in series.items()})
        for place in range(length)
    ]


def weeks(count: int, workday: float = 100, weekend: float = 60) -> list[float | None]:
    """From Tuesday to Monday."""
    return [workday, workday, workday, workday, weekend, weekend, workday] * count


@pytest.mark.parametrize(("value", "state", "score"), [(52, "BREACH", -5.25), (78, "FINE", -2.2), (74, "FINE", -2.63)])
def test_conversions_drop_when_they_are_few_and_it_is_no_chance(value: float, state: str, score: float) -> None:
    found = conversion_drop(days(conversions=[*weeks(8), value]), 30, 7)

    assert (found.outcome, found.usual) == (state, 100)
    assert found.score == pytest.approx(score, abs=0.005)


def test_a_weekend_is_compared_with_weekends() -> None:
    found = conversion_drop(days(date(2026, 11, 28), conversions=[*weeks(8), 100, 100, 100, 100, 58]), 30, 7)

    assert (found.outcome, found.usual) == ("FINE", 60)


def test_few_conversions_are_put_together_until_ten_are_usual() -> None:
    found = conversion_drop(days(conversions=[*[4] * 56, 0, 0, 0]), 30, 7)

    assert (found.outcome, found.value, found.usual) == ("BREACH", 0, 12)


def test_fewer_than_ten_conversions_in_a_week_are_not_judged() -> None:
    assert conversion_drop(days(conversions=[*[1] * 56, 0]), 30, 7).outcome == "TOO_LITTLE"


@pytest.mark.parametrize(("history", "state"), [(20, "LEARNING"), (21, "BREACH")])
def test_conversions_are_judged_after_three_weeks(history: int, state: str) -> None:
    assert conversion_drop(days(conversions=[*weeks(8)[-history:], 0]), 30, 7).outcome == state


def test_an_unknown_number_is_not_zero() -> None:
    found = [
        conversion_drop(days(conversions=[*weeks(8), None]), 30, 7),
        odd_count(days(clicks=[*weeks(8), None]), "clicks", MEDIUM),
        cpa_spike(days(spend=[20.0] * 9 + [None], conversions=[2.0] * 10), 50, 7),
        roas_drop(days(spend=[20.0] * 14, revenue=[2.0] * 13 + [None]), 50, 7),
        spend_threshold(None, 500),
    ]

    assert [each.outcome for each in found] == ["NO_DATA"] * 5


@pytest.mark.parametrize(("spend", "level", "state"), [(480, 0, "FINE"), (500, 0, "FINE"), (510, 100, "BREACH")])
def test_spend_is_judged_against_its_threshold(spend: float, level: int, state: str) -> None:
    found = spend_threshold(spend, 500)

    assert (found.outcome, found.level) == (state, level)


def test_levels_of_a_threshold_are_told_apart() -> None:
    assert [spend_threshold(spend, 100, (80, 100, 120)).level for spend in (80, 81, 101, 121)] == [0, 80, 100, 120]


@pytest.mark.parametrize(("spend", "state"), [(61, "BREACH"), (59, "FINE")])
def test_spend_without_a_conversion_is_dear_from_three_times_the_usual_cost(spend: float, state: str) -> None:
    found = cpa_spike(days(spend=[40.0] * 7 + [0, 0, spend], conversions=[2.0] * 7 + [0, 0, 0]), 50, 7)

    assert (found.outcome, found.usual) == (state, 20)


@pytest.mark.parametrize(("each", "state"), [(1.0, "TOO_LITTLE"), (2.0, "BREACH")])
def test_a_cost_is_compared_with_that_of_ten_conversions(each: float, state: str) -> None:
    found = cpa_spike(days(spend=[40.0] * 7 + [90.0] * 3, conversions=[each] * 7 + [1.0] * 3), 50, 7)

    assert found.outcome == state


def test_a_cost_is_the_quotient_of_sums() -> None:
    found = cpa_spike(days(spend=[20.0] * 7 + [10, 10, 70], conversions=[2.0] * 7 + [1, 1, 1]), 50, 7)

    assert (found.value, found.usual, found.bound) == (30, 10, 15)


@pytest.mark.parametrize(
    ("spend", "revenue", "state"),
    [(100.0, 500.0, "FINE"), (100.0, 340.0, "BREACH"), (49.0, 10.0, "TOO_LITTLE"), (0.0, 0.0, "TOO_LITTLE")],
)
def test_return_is_judged_where_half_of_the_usual_is_spent(spend: float, revenue: float, state: str) -> None:
    found = roas_drop(days(spend=[100.0] * 14 + [spend] * 7, revenue=[500.0] * 14 + [revenue] * 7), 30, 14)

    assert found.outcome == state


def test_return_without_any_spend_before_is_not_judged() -> None:
    assert roas_drop(days(spend=[0.0] * 14, revenue=[500.0] * 14), 30, 7).outcome == "TOO_LITTLE"


def test_a_day_that_is_left_out_is_neither_usual_nor_judged() -> None:
    sale = days(clicks=[*weeks(8), 300, *weeks(1)[1:], 100])
    left_out = [DayValues(day.day, day.values, excluded=day.value("clicks") == 300) for day in sale]

    with_it, without = odd_count(sale[:57], "clicks", MEDIUM), odd_count(left_out[:57], "clicks", MEDIUM)
    after = odd_count(left_out, "clicks", MEDIUM)

    assert (with_it.outcome, without.outcome) == ("BREACH", "NO_DATA")
    assert after.outcome == "FINE"
    assert after.usual == pytest.approx(100)


@pytest.mark.parametrize(("value", "side"), [(52, "LOW"), (150, "HIGH")])
def test_odd_clicks_have_a_side_and_a_bound(value: float, side: str) -> None:
    found = odd_count(days(clicks=[*weeks(8), value]), "clicks", MEDIUM)
    bound = found.bound or 0

    at_bound = odd_count(days(clicks=[*weeks(8), bound]), "clicks", MEDIUM)

    assert (found.outcome, found.side) == ("BREACH", side)
    assert abs(at_bound.score or 0) == pytest.approx(MEDIUM)
    assert found.worse > 1


@pytest.mark.parametrize(
    ("each", "quiet", "state", "window"),
    [(40, 1, "BREACH", 1), (7, 2, "FINE", 3), (7, 3, "BREACH", 3), (0.5, 24, "TOO_LITTLE", None)],
)
def test_silence_is_judged_by_the_shortest_time_in_which_twenty_events_are_usual(
    each: float, quiet: int, state: str, window: float | None
) -> None:
    found = silence(dict.fromkeys(range(168), each), 30, quiet)

    assert (found.outcome, found.bound) == (state, window)


def test_a_quiet_night_is_no_silence() -> None:
    hours = [(hour % 168, 0 if hour % 24 < 6 else 50) for hour in range(28 * 24)]
    profile = usual_week(hours)

    assert silence(profile, 5, 6).outcome == "FINE"
    assert silence(profile, 6, 1).outcome == "BREACH"
