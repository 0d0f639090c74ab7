"""The detector of odd days against numbers worked out elsewhere, and against what people would call odd."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from optiq.alerts.judging.detecting import K, judge
from optiq.alerts.judging.expecting import Day, expect

ANCHOR = Path(__file__).parents[4] / "shared" / "anchors" / "anomaly" / "cases.json"
MEDIUM = K["MEDIUM"]
MONDAY, TUESDAY = 0, 1


def until(weekday: int, values: Sequence[float]) -> list[Day]:
    """Days of which the last is the one before a weekday."""
    return [Day((weekday - len(values) + place) % 7, value) for place, value in enumerate(values)]


def weeks(count: int, workday: float = 100, weekend: float = 60) -> list[float]:
    """Weeks from Tuesday to Monday."""
    return [workday, workday, workday, workday, weekend, weekend, workday] * count


def test_expectations_and_scores_are_those_of_the_anchor() -> None:
    if not ANCHOR.exists():
        pytest.skip("the anchor anomaly is not here: it lies beside the repository, in ../shared/anchors")
    anchor = json.loads(ANCHOR.read_text())
    assert len(anchor["cases"]) == 13
    for case in anchor["cases"]:
        history = until(TUESDAY, anchor["histories"][case["history"]])
        expected = expect(history, TUESDAY)
        (verdict,) = judge([*history, Day(TUESDAY, case["today"])], len(history))

        assert expected is not None
        assert round(expected.value, 2) == case["expected"]
        assert round(expected.score(case["today"]), 2) == case["score"]
        if case["history"].startswith("flat"):  # The others' history has days that this detector would not let in.
            assert verdict.is_odd(MEDIUM) is case["fires_at_medium"]


@pytest.mark.parametrize(("days", "expects"), [(20, False), (21, True)])
def test_three_weeks_are_needed_to_expect_anything(days: int, expects: bool) -> None:
    assert (expect(until(TUESDAY, weeks(4)[-days:]), TUESDAY) is not None) is expects


def test_a_short_history_asks_for_more() -> None:
    three, four = (expect(until(TUESDAY, weeks(count)), TUESDAY) for count in (3, 4))

    assert three is not None
    assert four is not None
    assert three.threshold(MEDIUM) == pytest.approx(4.55)
    assert four.threshold(MEDIUM) == MEDIUM


def test_a_weekend_is_not_odd() -> None:
    days = until(TUESDAY, weeks(12))

    assert not [verdict for verdict in judge(days, 21) if verdict.is_odd(K["HIGH"])]


@pytest.mark.parametrize(
    ("usual", "value", "odd"),
    [
        (1_000, 830, False),  # less than a fifth off, however sure that is
        (1_000, 700, True),
        (1, 9, False),  # nobody's concern
        (3, 30, True),
    ],
)
def test_a_small_difference_is_not_odd(usual: float, value: float, odd: bool) -> None:
    days = [*until(TUESDAY, [usual] * 56), Day(TUESDAY, value)]

    (verdict,) = judge(days, 56)

    assert abs(verdict.score) >= MEDIUM
    assert verdict.is_odd(MEDIUM) is odd


def test_an_odd_day_makes_no_other_usual() -> None:
    sale = [*weeks(8), 300]
    days = until(MONDAY, [*sale, *weeks(1)[1:]])

    expected = expect([*days[:56], Day(days[56].weekday, 100), *days[57:]], MONDAY)
    (*_, last) = judge([*days, Day(MONDAY, 100)], 56)

    assert last.expected == expected


def test_a_new_level_is_odd_for_three_days_and_usual_then() -> None:
    days = until(TUESDAY, [*weeks(8), *weeks(2, 60, 36)])

    verdicts = judge(days, 56)

    assert [verdict.is_odd(MEDIUM) for verdict in verdicts] == [True] * 3 + [False] * 11
    assert [verdict.level_changed for verdict in verdicts] == [False, False, True] + [False] * 11
    assert verdicts[3].expected is not None
    assert verdicts[3].expected.value == pytest.approx(60, rel=0.01)


def test_three_odd_days_on_two_sides_are_no_new_level() -> None:
    verdicts = judge(until(TUESDAY, [*weeks(8), 20, 300, 20, 100]), 56)

    assert [verdict.is_odd(MEDIUM) for verdict in verdicts] == [True, True, True, False]
    assert not any(verdict.level_changed for verdict in verdicts)


def test_what_is_older_than_84_days_changes_nothing() -> None:
    old, days = [Day(day % 7, 100_000) for day in range(7)], until(TUESDAY, weeks(12))

    (alone,) = judge([*days, Day(TUESDAY, 52)], len(days))
    (after,) = judge([*old, *days, Day(TUESDAY, 52)], len(old) + len(days))

    assert after == alone
