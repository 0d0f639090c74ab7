"""Numbers as a mail writes them."""

import pytest
from optiq.sharing.mails.numbers import NOTHING, count, duration, moved, of_metric


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
    assert of_metric(metric, value, "EUR") == written


@pytest.mark.parametrize(
    ("before", "change", "written"),
    [(100, 0.2, "+20.0 %"), (5, -1.0, "-100.0 %"), (0, None, "new"), (None, None, NOTHING)],
)
def test_a_change_has_its_sign(before: float | None, change: float | None, written: str) -> None:
    assert moved(before, change) == written


def test_shares_are_written_with_one_digit_and_times_with_two_parts() -> None:
    assert [count(value) for value in (3, 2.9999999, 2.5, 1_000_000)] == ["3", "3", "2.5", "1,000,000"]
    assert [duration(value) for value in (0, 999, 93_784_000, None)] == ["0 s", "0 s", "1 d 2 h", NOTHING]
