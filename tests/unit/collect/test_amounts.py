"""Money in the spellings of shops: read where they have one meaning, and never guessed."""

import pytest
from optiq.collect.amounts import read_amount, read_currency
from optiq.kernel.errors import InvalidError


@pytest.mark.parametrize(
    ("said", "micros"),
    [
        *((49.9, 49_900_000), ("49.90", 49_900_000), (" 49.90 ", 49_900_000), ("1e2", 100_000_000)),
        *(("49,90", 49_900_000), ("0,123", 123_000), ("1.234,56", 1_234_560_000), ("1,234.56", 1_234_560_000)),
        *(("1 234,56", 1_234_560_000), ("1'234.50", 1_234_500_000), ("1\u202f234,5", 1_234_500_000)),
        *(("1.234.567", 1_234_567_000_000), ("1,23,456.78", 123_456_780_000), ("49,-", 49_000_000)),
        *(("1.234,-", 1_234_000_000), ("-49,90", -49_900_000), ("−5", -5_000_000)),
        # The digits and marks of other scripts, and what surrounds them in texts from the right.
        *(("٤٢", 42_000_000), ("٤٩٫٩٠", 49_900_000), ("۱٬۲۳۴٫۵۰", 1_234_500_000), ("४९.९०", 49_900_000)),
        *(("４９．９０", 49_900_000), ("\u200f٤٩٫٩٠\u200e", 49_900_000), ("\u200e49.90", 49_900_000)),
    ],
)
def test_an_amount_with_one_meaning_is_read(said: object, micros: int) -> None:
    assert read_amount(said, "EUR") == (micros, "EUR")


@pytest.mark.parametrize(
    ("said", "given", "expected"),
    [
        *(("49,90 €", "", "EUR"), ("€49.90", "EUR", "EUR"), ("49.90\u00a0EUR", "", "EUR"), ("US$ 49.90", "", "USD")),
        *(("$49.90", "CAD", "CAD"), ("49.90 kr", "SEK", "SEK"), ("¥49.90", "JPY", "JPY"), ("49.90 zł", "", "PLN")),
        # As HTML writes it, and with a sign that a code tells.
        *(("&euro;49.90", "", "EUR"), ("49,90&nbsp;&#8364;", "", "EUR"), ("49.90&nbsp;€", "", "EUR")),
        *(("$49.90 CAD", "", "CAD"), ("$49.90 USD", "USD", "USD"), ("€49.90 EUR", "", "EUR"), ("S$49.90", "", "SGD")),
        *(("49,90 руб.", "RUB", "RUB"), ("49,90 lv.", "BGN", "BGN"), ("49.90 DH", "AED", "AED")),
    ],
)
def test_an_amount_may_name_its_currency(said: str, given: str, expected: str) -> None:
    assert read_amount(said, given) == (49_900_000, expected)


@pytest.mark.parametrize(
    ("said", "given"),
    [
        *(("1,234", ""), ("1.234 €", ""), ("-1,234", "EUR"), ("12,34.5", ""), ("1,2,3", ""), ("28.11.2026", "")),
        *(("$49.90", ""), ("$49.90", "EUR"), ("49.90 kr", ""), ("49.90 €", "USD"), ("€49.90 $", ""), ("5 pcs", "")),
        *(("¥4,990", ""), ("¥4,990", "CNY"), ("Rs. 49", ""), ("49.90 Lei", ""), ("1.990 kr", "SEK"), ("$1.990", "USD")),
        *(("abc", ""), ("", ""), (True, ""), ([1], ""), ({}, ""), (float("inf"), ""), ("NaN", ""), ("1e999", "")),
        *(
            (10**30, ""),
            ("49⁹⁰", ""),
            ("½", ""),
            ("49&", ""),
            ("$49.90 CAD", "USD"),
            ("$49.90 EUR", ""),
            ("9" * 5_000, ""),
            ("1," * 30, ""),
        ),
    ],
)
def test_an_amount_without_one_meaning_is_none(said: object, given: str) -> None:
    with pytest.raises(InvalidError):
        read_amount(said, given)


@pytest.mark.parametrize(
    ("said", "given", "expected"),
    [
        # Without minor units, three digits behind a mark are thousands.
        *(("1.500", code, 1_500) for code in ("CLP", "JPY", "KRW", "VND", "IDR", "PYG", "XOF", "HUF", "COP")),
        *(("1,500", "JPY", 1_500), ("-1.500", "CLP", -1_500), ("¥4,990", "JPY", 4_990), ("$1.990", "CLP", 1_990)),
        *(("Rp 150.000", "IDR", 150_000), ("Rp150.000,00", "IDR", 150_000), ("150.000 Ft", "HUF", 150_000)),
        *(("1'500", "JPY", 1_500), ("1 500 ¥", "JPY", 1_500), ("0.500", "JPY", 0.5), ("1.50", "JPY", 1.5)),
        *(("1.5000", "JPY", 1.5), (1.5, "JPY", 1.5), ("1.500", "EUR", 1.5), ("1.500", "KWD", 1.5), ("1.500", "", 1.5)),
        # Names that several currencies share are read where the event says which.
        *(("Rs. 49", "INR", 49), ("Rs.1,234.50", "PKR", 1_234.5), ("49.90 Lei", "RON", 49.9), ("R 49,90", "ZAR", 49.9)),
        *(("kr. 49,90", "DKK", 49.9), ("Fr. 49.90", "CHF", 49.9), ("￥49", "CNY", 49), ("49 TL", "TRY", 49)),
    ],
)
def test_an_amount_is_read_by_its_currency(said: object, given: str, expected: float) -> None:
    assert read_amount(said, given) == (round(expected * 1_000_000), given)


@pytest.mark.parametrize(("said", "code"), [("Rp 150.000", "IDR"), ("150.000 ₫", "VND"), ("₩150,000", "KRW")])
def test_a_sign_of_one_currency_tells_its_thousands(said: str, code: str) -> None:
    assert read_amount(said, "") == (150_000_000_000, code)


@pytest.mark.parametrize(
    ("said", "code"),
    [("eur ", "EUR"), ("Euro", "EUR"), ("€", "EUR"), ("£", "GBP"), ("R$", "BRL"), ("Kč", "CZK"), ("usd", "USD")],
)
def test_a_currency_with_one_meaning_is_read(said: str, code: str) -> None:
    assert read_currency(said) == code


@pytest.mark.parametrize("said", ["$", "¥", "kr", "dollars", "E", "", "978", "XXX", "NaN", "nil", "{{c}}", "€€"])
def test_a_currency_without_one_meaning_is_none(said: str) -> None:
    with pytest.raises(InvalidError):
        read_currency(said)
