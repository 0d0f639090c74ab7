"""Reads the ECB's euro reference rates.

Two files (https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates): the history
(`eurofxref-hist.csv`: days such as 2026-01-31) and the latest day alone (`eurofxref.csv`: days such as 30 January
2026). Both name currencies in the first line, end lines with a comma, and say N/A where there is no rate.
"""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from optiq.kernel.clock import parse_day
from optiq.kernel.errors import InvalidError
from optiq.kernel.money import MICROS, parse_currency

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_LONG_DAY = re.compile(r"(\d{1,2}) ([A-Z][a-z]+) (\d{4})")
_MISSING = ("", "N/A")
_HIGHEST = 10**9


@dataclass(frozen=True, slots=True)
class DayRates:
    """The rates of one day: micros of a currency for one EUR, by currency."""

    day: date
    rate_micros: Mapping[str, int]


def read_rates(lines: Iterable[str]) -> list[DayRates]:
    """The rates of a file, in its order.

    Raises:
        InvalidError: the file is not one of the ECB's; the message names the line.
    """
    reader = csv.reader(lines, strict=True)
    days: dict[date, DayRates] = {}
    try:
        header = [cell.strip() for cell in next(reader, [])]
        currencies = _currencies(header)
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            rates = _day_rates([cell.strip() for cell in row], currencies)
            if rates.day in days:
                raise InvalidError(f"{rates.day} stands there twice")
            days[rates.day] = rates
    except (InvalidError, csv.Error) as error:
        raise InvalidError(f"line {max(reader.line_num, 1)}: {error}") from error
    if not days:
        raise InvalidError("the file holds no rates")
    return list(days.values())


def _currencies(header: Sequence[str]) -> list[str]:
    if not header or header[0] != "Date":
        raise InvalidError("the first line must begin with 'Date', then name the currencies")
    currencies = [parse_currency(cell) for cell in (header[1:-1] if header[-1] == "" else header[1:])]
    if len(set(currencies)) != len(currencies) or not currencies:
        raise InvalidError("the first line must name each currency once")
    return currencies


def _day_rates(row: Sequence[str], currencies: Sequence[str]) -> DayRates:
    cells = row[1:-1] if row[-1] == "" and len(row) > len(currencies) + 1 else row[1:]
    if len(cells) != len(currencies):
        raise InvalidError(f"{len(cells)} rates for {len(currencies)} currencies")
    rates = {
        currency: _rate_micros(currency, cell)
        for currency, cell in zip(currencies, cells, strict=True)
        if cell not in _MISSING
    }
    return DayRates(_day(row[0]), rates)


def _day(text: str) -> date:
    if (match := _LONG_DAY.fullmatch(text)) and match[2] in _MONTHS:
        return parse_day(f"{match[3]}-{_MONTHS.index(match[2]) + 1:02d}-{int(match[1]):02d}")
    return parse_day(text)


def _rate_micros(currency: str, text: str) -> int:
    try:
        rate = Decimal(text)
    except InvalidOperation as error:
        raise InvalidError(f"the rate of {currency}, '{text[:40]}', is not a decimal number") from error
    if not rate.is_finite() or not 0 < rate < _HIGHEST:
        raise InvalidError(f"the rate of {currency}, '{text[:40]}', must be above 0 and below one billion")
    micros = rate * MICROS
    if micros != micros.to_integral_value():
        raise InvalidError(f"the rate of {currency}, '{text[:40]}', has more than six decimals")
    return int(micros)
