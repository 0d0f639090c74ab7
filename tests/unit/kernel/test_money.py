"""Amounts, in whatever form they are sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from optiq.kernel.errors import InvalidError
from optiq.kernel.money import MAX_MICROS, to_micros


@pytest.mark.parametrize(
    ("amount", "micros"),
    [
        (49.9, 49_900_000),
        ("49.90", 49_900_000),
        (" -3.25 ", -3_250_000),
        (7, 7_000_000),
        ("1e3", 1_000_000_000),
        (".5", 500_000),
        (0.1 + 0.2, 300_000),
        ("0.0000005", 0),
        ("0.0000015", 2),
        ("1e-300", 0),
        ("1000000000", MAX_MICROS),
        ("-0", 0),
    ],
)
def test_an_amount_becomes_micros(amount: object, micros: int) -> None:
    assert to_micros(amount) == micros


@pytest.mark.parametrize(
    "amount",
    [
        "",
        "ten",
        "NaN",
        float("inf"),
        True,
        None,
        [],
        "1_000",
        "١٢",
        "0x10",
        "1,5",
        "1e999999",
        "-1e999999",
        "9e99993",
        "1e9999999999",
        "1000000000.000001",
        pytest.param(10**5000, id="an integer of 5,001 digits"),
        pytest.param("9" * 5000, id="a text of 5,000 digits"),
    ],
)
def test_what_is_no_amount_is_refused_at_once(amount: object) -> None:
    with pytest.raises(InvalidError):
        to_micros(amount)


@given(st.integers(-MAX_MICROS, MAX_MICROS))
def test_every_number_of_micros_can_be_said(micros: int) -> None:
    sign = "-" if micros < 0 else ""
    assert to_micros(f"{sign}{abs(micros) // 10**6}.{abs(micros) % 10**6:06d}") == micros
