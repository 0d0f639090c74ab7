"""Numbers as a mail writes them."""

import pytest
from optiq.reports.spelling.api import NOTHING, count, duration, moved, of_metric


@pytest.mark.parametrize(
    ("metric", "value", "written"),
    [
        ("revenue", 1_234_560_000, "1,234.56 EUR"),
        ("revenue", 0, "0.00 EUR"),
        ("revenue", -5_000_000, "-5.00 EUR"),
        ("visits", 12_345, "12,345"),
        ("conversions", 14.82, "14.8"),
        ("conversions", 0.0, "0"),
        ("roas", 2.5, "2.50"),
        ("conversion_rate", 0.0123, "1.2 %"),
        ("visit_duration", 80_000, "1 min 20 s"),
        ("cpa", None, NOTHING),
    ],
)
def test_a_metric_is_written_with_its_unit(metric: str, value: float | None, written: str) -> None:
    assert of_metric(metric, value, "EUR").replace("\u00a0", " ") == written


@pytest.mark.parametrize(
    ("value", "before", "change", "written"),
    [
        (120, 100, 0.2, "+20.0 %"),
        (0, 5, -1.0, "-100.0 %"),
        (5, 0, None, "new"),
        (0, 0, None, ""),
        (None, None, None, ""),
    ],
)
def test_a_change_has_its_sign(value: float | None, before: float | None, change: float | None, written: str) -> None:
    assert moved(value, before, change).replace("\u00a0", " ") == written


def test_shares_are_written_with_one_digit_and_times_with_two_parts() -> None:
    assert [count(value) for value in (3, 2.9999999, 2.5, 1_000_000)] == ["3", "3", "2.5", "1,000,000"]
    times = [duration(value).replace("\u00a0", " ") for value in (0, 999, 93_784_000, None)]
    assert times == ["0 s", "0 s", "1 d 2 h", NOTHING]


def test_no_line_ends_between_a_number_and_its_unit() -> None:
    assert of_metric("revenue", 1_000_000, "EUR") == "1.00\u00a0EUR"
    assert " " not in moved(2, 1, 1.0) + duration(93_784_000) + of_metric("ctr", 0.5, "EUR")
