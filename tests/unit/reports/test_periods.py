"""Periods of questions, on a day in the middle of things: Saturday, 15 August 2026."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from optiq.kernel.errors import InvalidError
from optiq.reports.questions.periods import compared_days, period_days

TODAY = date(2026, 8, 15)
BERLIN = ZoneInfo("Europe/Berlin")


def days(period: str) -> tuple[str, str]:
    found = period_days(period, TODAY, BERLIN)
    return found.first.isoformat(), found.last.isoformat()


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("today", "2026-08-15", "2026-08-15"),
        ("yesterday", "2026-08-14", "2026-08-14"),
        ("last7d", "2026-08-09", "2026-08-15"),
        ("last400d", "2025-07-12", "2026-08-15"),
        ("this_week", "2026-08-10", "2026-08-15"),
        ("last_week", "2026-08-03", "2026-08-09"),
        ("this_month", "2026-08-01", "2026-08-15"),
        ("last_month", "2026-07-01", "2026-07-31"),
        ("this_quarter", "2026-07-01", "2026-08-15"),
        ("last_quarter", "2026-04-01", "2026-06-30"),
        ("this_year", "2026-01-01", "2026-08-15"),
        ("last_year", "2025-01-01", "2025-12-31"),
        ("2026-02-01..2026-02-28", "2026-02-01", "2026-02-28"),
    ],
)
def test_a_period_is_its_days(period: str, first: str, last: str) -> None:
    assert days(period) == (first, last)


@pytest.mark.parametrize("period", ["", "last0d", "last401d", "last30", "next_week", "2026-02-01", "..", "2026-2-1..x"])
def test_a_period_that_cannot_be_names_its_field(period: str) -> None:
    with pytest.raises(InvalidError, match=r"^period: "):
        days(period)


@pytest.mark.parametrize(
    ("compare", "first", "last"),
    [
        ("PREVIOUS_PERIOD", "2026-07-31", "2026-08-02"),
        ("SAME_WEEKDAYS", "2026-07-27", "2026-07-29"),
        ("PREVIOUS_YEAR", "2025-08-04", "2025-08-06"),
        ("2026-01-01..2026-01-31", "2026-01-01", "2026-01-31"),
    ],
)
def test_a_comparison_is_its_days(compare: str, first: str, last: str) -> None:
    found = compared_days(compare, period_days("2026-08-03..2026-08-05", TODAY, BERLIN))
    assert found is not None
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)


def test_nothing_is_compared_without_a_wish() -> None:
    assert compared_days("NONE", period_days("today", TODAY, BERLIN)) is None
