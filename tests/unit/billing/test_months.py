"""Boundaries of billing periods."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from optiq.billing.months import months_after, period_at
from optiq.kernel.clock import from_rfc3339, to_rfc3339


def after(anchor: str, months: int) -> str:
    return to_rfc3339(months_after(from_rfc3339(anchor), months)).replace(".000Z", "Z")


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        (1, "2026-02-28T14:37:12Z"),
        (2, "2026-03-31T14:37:12Z"),
        (3, "2026-04-30T14:37:12Z"),
        (4, "2026-05-31T14:37:12Z"),
        (25, "2028-02-29T14:37:12Z"),
    ],
)
def test_months_after_ends_with_the_month_when_it_has_no_such_day(months: int, expected: str) -> None:
    assert after("2026-01-31T14:37:12Z", months) == expected


@pytest.mark.parametrize(
    ("years", "expected"), [(1, "2025-02-28"), (2, "2026-02-28"), (3, "2027-02-28"), (4, "2028-02-29")]
)
def test_months_after_keeps_the_leap_day_when_the_year_has_it(years: int, expected: str) -> None:
    assert after("2024-02-29T00:00:00Z", 12 * years) == f"{expected}T00:00:00Z"


_INSTANTS = st.integers(from_rfc3339("2020-01-01T00:00:00Z"), from_rfc3339("2040-01-01T00:00:00Z"))


@given(anchor=_INSTANTS, at=_INSTANTS, months=st.sampled_from([1, 3, 12]))
def test_period_at_is_the_one_period_with_the_instant(anchor: int, at: int, months: int) -> None:
    start, end = period_at(anchor, at, months)

    assert start <= at < end
    assert period_at(anchor, end, months)[0] == end
    assert period_at(anchor, start, months) == (start, end)
