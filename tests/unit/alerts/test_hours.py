"""Odd hours: two in a row, far from the same hour of other weeks."""

import random

import pytest
from optiq.alerts.judging.hours import odd_hours

MONDAY_NINE = 9


def hours(weeks: int, *last: float, end: int = MONDAY_NINE, night: float = 10, day: float = 200) -> list[float]:
    """Whole weeks of quiet nights and busy days that end with an hour of the week, the last ones as given."""
    count = weeks * 168
    usual = [day if 8 <= (end - back) % 24 < 20 else night for back in range(count - 1, -1, -1)]
    chance = random.Random(7)
    counts = [float(max(0, round(one + chance.gauss(0, one**0.5)))) for one in usual]
    return [*counts[: count - len(last)], *last]


@pytest.mark.parametrize(
    ("last", "outcome"),
    [((60, 50), "BREACH"), ((200, 50), "FINE"), ((60, 200), "FINE"), ((420, 400), "BREACH"), ((420, 50), "FINE")],
)
def test_two_hours_on_one_side_are_odd(last: tuple[float, float], outcome: str) -> None:
    found = odd_hours(hours(4, *last, end=10), 10)

    assert found.outcome == outcome
    assert found.side == ("HIGH" if last[-1] >= 200 else "LOW")


def test_a_night_is_compared_with_nights() -> None:
    assert odd_hours(hours(4, 9, 11, end=3), 3).outcome == "FINE"
    assert odd_hours(hours(4, 200, 200, end=3), 3).outcome == "BREACH"


def test_few_events_are_nobodys_concern() -> None:
    assert odd_hours(hours(4, 0, 0, end=3, night=4), 3).outcome == "FINE"


def test_two_weeks_of_hours_are_needed() -> None:
    found = odd_hours(hours(2)[24:], MONDAY_NINE)

    assert (found.outcome, found.why) == ("LEARNING", "Learning: 2 more days are needed.")


def test_usual_hours_are_seldom_odd() -> None:
    series, found = hours(8), 0
    for last in range(4 * 168, 8 * 168):
        place = (MONDAY_NINE - (len(series) - 1 - last)) % 168
        found += odd_hours(series[: last + 1], place).outcome == "BREACH"

    assert found == 0
