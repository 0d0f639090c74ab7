"""The ECB's files, as they are and as they are not."""

from datetime import date

import pytest
from optiq.kernel.errors import InvalidError
from optiq.rates.domain import DayRates, read_rates

HISTORY = "Date,USD,JPY,CYP,\n2026-01-05,1.1719,183.64,N/A,\n2026-01-02,1.1757,184.1,,\n"


def test_the_history_file() -> None:
    assert read_rates(HISTORY.splitlines()) == [
        DayRates(date(2026, 1, 5), {"USD": 1_171_900, "JPY": 183_640_000}),
        DayRates(date(2026, 1, 2), {"USD": 1_175_700, "JPY": 184_100_000}),
    ]


def test_the_file_of_one_day() -> None:
    found = read_rates(["Date, USD, JPY, GBP, \n", "02 January 2026, 1.1757, 184.10, 0.87215, \n"])
    assert found == [DayRates(date(2026, 1, 2), {"USD": 1_175_700, "JPY": 184_100_000, "GBP": 872_150})]


@pytest.mark.parametrize("text", [HISTORY.replace(",\n", "\n"), HISTORY.replace("\n", "\r\n"), HISTORY + "\n\n"])
def test_line_ends_do_not_matter(text: str) -> None:
    assert len(read_rates(text.splitlines(keepends=True))) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1"),
        ("Day,USD,\n", "line 1: the first line must begin with 'Date'"),
        ("Date,USD,USD,\n", "line 1: the first line must name each currency once"),
        ("Date,\n", "line 1"),
        ("Date,US$,\n", "line 1: 'US\\$' is not a currency code"),
        ("Date,USD,\n", "holds no rates"),
        ("Date,USD,\n2026-01-02,1.1,\n2026-01-03,abc,\n", "line 3: the rate of USD, 'abc', is not a decimal number"),
        ("Date,USD,\n2026-01-02,-1,\n", "line 2: the rate of USD"),
        ("Date,USD,\n2026-01-02,0,\n", "line 2: the rate of USD"),
        ("Date,USD,\n2026-01-02,NaN,\n", "line 2: the rate of USD"),
        ("Date,USD,\n2026-01-02,1.1234567,\n", "line 2: the rate of USD, '1.1234567', has more than six decimals"),
        ("Date,USD,\n2026-13-02,1.1,\n", "line 2: '2026-13-02' is not a calendar day"),
        ("Date,USD,\n02 Januar 2026,1.1,\n", "line 2: '02 Januar 2026' is not a calendar day"),
        ("Date,USD,\n2026-01-02,1.1,2.2,\n", "line 2: 2 rates for 1 currencies"),
        ("Date,USD,\n2026-01-02\n", "line 2: 0 rates for 1 currencies"),
        ("Date,USD,\n2026-01-02,1.1,\n2026-01-02,1.2,\n", "line 3: 2026-01-02 stands there twice"),
        ('Date,USD,\n2026-01-02,"1.1,\n', "line 2"),
    ],
)
def test_a_mistake_is_named_with_its_line(text: str, said: str) -> None:
    with pytest.raises(InvalidError, match=said):
        read_rates(text.splitlines(keepends=True))
