"""Money as senders spell it, where the spelling has one meaning: 1.234,56 and "49,90 €", but not 1,234 and not $.

`kernel.money` is the exact form. What it does not know is looked at here; what stays ambiguous is no amount.
"""

import re
import unicodedata
from contextlib import suppress
from functools import lru_cache
from html import unescape

from optiq.collect.placeholders import is_placeholder
from optiq.kernel.errors import InvalidError
from optiq.kernel.money import parse_currency, to_micros

_SIGNS = {
    # Signs and names of one currency each (CLDR's narrow symbols); $, ¥ and kr are several's.
    "€": "EUR",
    "EURO": "EUR",
    "EUROS": "EUR",
    "£": "GBP",
    "₹": "INR",
    "₽": "RUB",
    "₩": "KRW",
    "₺": "TRY",
    "₴": "UAH",
    "₪": "ILS",
    "₫": "VND",
    "฿": "THB",
    "₱": "PHP",
    "₦": "NGN",
    "₡": "CRC",
    "₲": "PYG",
    "₵": "GHS",
    "₸": "KZT",
    "₾": "GEL",
    "₼": "AZN",
    "₮": "MNT",
    "₭": "LAK",
    "៛": "KHR",
    "ZŁ": "PLN",
    "KČ": "CZK",
    "FT": "HUF",
    "Đ": "VND",
    "円": "JPY",
    "원": "KRW",
    "RP": "IDR",
    "RM": "MYR",
    "S/": "PEN",
    "ЛВ": "BGN",
    "R$": "BRL",
    "US$": "USD",
    "CA$": "CAD",
    "C$": "CAD",
    "A$": "AUD",
    "AU$": "AUD",
    "NZ$": "NZD",
    "HK$": "HKD",
    "S$": "SGD",
    "NT$": "TWD",
    "MX$": "MXN",
    "CN¥": "CNY",
    "JP¥": "JPY",
}
_NO_CURRENCY = frozenset({"XXX", "XTS"})
"""ISO 4217's codes for none and for tests."""
_SHARED_SIGNS = {
    # They are read where the event names one of these currencies.
    "$": "ARS AUD CAD CLP COP HKD MXN NZD SGD TWD USD UYU",
    "¥": "CNY JPY",
    "￥": "CNY JPY",
    "KR": "DKK ISK NOK SEK",
    "RS": "INR LKR MUR NPR PKR SCR",
    "LEI": "MDL RON",
    "LEU": "MDL RON",
    "FR": "CHF",
    "SFR": "CHF",
    "R": "ZAR",
    "TL": "TRY",
    "РУБ": "BYN RUB",
    "LV": "BGN",
    "DH": "AED MAD",
}
_WORD = re.compile(r"[^\W\d_]+|[$€£¥₹₽₩₺₴₪₫฿₱]+")
_MAY_NAME = re.compile(
    r"[$¥￥]|^\s*(?:\d{3}|XXX|XTS)\s*$|\b(?:kr|rs|lei|leu|s?fr|r|tl)\b|dollar|dólar|peso|pound|pfund|franc|franken|fränk|kron|crown|"
    r"dinar|dirham|rial|riyal|rupee|rupiah|ruble|rubel|yen|yuan|won\b|lira|real|rand\b|zloty|złoty|forint|coin|token",
    re.IGNORECASE,
)
_WITHOUT_MINOR_UNITS = frozenset(
    {
        *("BIF", "CLP", "COP", "DJF", "GNF", "HUF", "IDR", "IRR", "ISK", "JPY", "KMF", "KRW", "LAK", "MMK", "PYG"),
        *("RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"),
    }
)
"""Currencies whose prices have no decimals (CLDR: 0 digits, in cash at least), so three digits behind a mark are
thousands."""

_GROUP = r" \u00a0\u2009\u202f'’"
_SPELT = re.compile(
    rf"(?:(?P<before>[^\d\s.,+\-−]{{1,5}})\.?)?\s*(?P<sign>[+\-−]?)(?P<number>\d[\d.,{_GROUP}]*?)(?P<whole>[.,][-–—]+)?"
    r"\s*(?:(?P<after>[^\d\s.,+\-−]{1,5})\.?)?",
    re.ASCII,
)
_LONGEST = 60
_INVISIBLE = "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_MARKS = {ord(one): "" for one in _INVISIBLE} | str.maketrans("\u066b．\u066c，－＋", "..,,-+")
"""What surrounds numbers in scripts written from the right, and the marks of Arabic and full-width numbers."""
_THOUSANDS = re.compile(r"[+\-]?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?P<mark>[., ])\d{3}(?:(?P=mark)\d{3})*|\d{1,2}(?:,\d{2})+,\d{3}", re.ASCII)
"""Groups of three, and India's of two before the last three."""


def read_currency(given: str) -> str:
    """An ISO 4217 code. Raises InvalidError for what names no currency, or not one alone."""
    text = given.strip()
    try:
        return _code(text)
    except InvalidError:
        # "EUR;" and "Euro (EUR)" name one.
        named = _named(text)
        if len(named) != 1:
            raise
        return named.pop()


def may_name_currency(given: str) -> bool:
    """Whether a text that is no code may mean one: `$`, `dollar`, 978 (ISO's number), `EUR or USD`; not `default`."""
    return not is_placeholder(given) and (_MAY_NAME.search(given) is not None or bool(_named(given)))


def _named(text: str) -> set[str]:
    """The currencies that single words of a text name. A code is in capitals: "the" is no currency."""
    found = set()
    for word in _WORD.findall(text):
        if not (word.isupper() or word.upper() in _SIGNS):
            continue
        with suppress(InvalidError):
            found.add(_code(word))
    return found


def _code(text: str) -> str:
    if code := _SIGNS.get(text.upper()):
        return code
    code = parse_currency(text)
    if code in _NO_CURRENCY or is_placeholder(text):
        raise InvalidError(f"'{text[:20]}' is not a currency code such as EUR")
    return code


def read_amount(given: object, currency: str) -> tuple[int, str]:
    """An amount in micros, and its currency where the amount names one, else the given one ("" for none).

    Raises:
        InvalidError: no amount, one that may be read in two ways, or one in another currency than the given.
    """
    text = ""
    if isinstance(given, str) and len(given) <= _LONGEST:
        given = text = _plainly(given)
    in_thousands = currency in _WITHOUT_MINOR_UNITS and _THOUSANDS.fullmatch(text)
    if not in_thousands:
        with suppress(InvalidError):
            return to_micros(given), currency
    found = _SPELT.fullmatch(text)
    if not found:
        return to_micros(given), currency
    currency = _currency_of(found["before"] or "", found["after"] or "", currency)
    sign = "-" if found["sign"] in ("-", "−") else ""
    number = re.sub(f"[{_GROUP}]", " ", found["number"]).strip()
    return to_micros(sign + (_whole(number) if found["whole"] else _plain(number, currency))), currency


@lru_cache(maxsize=1_024)
def _plainly(text: str) -> str:
    """A text without HTML's escapes (`&nbsp;`, `&euro;`), with the digits and marks of other scripts as ours."""
    if "&" in text:
        text = unescape(text)
    if not text.isascii():
        text = text.translate(_MARKS)
        # Only digits of positional numbers: the cents of 49⁹⁰ have no mark before them.
        text = "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in text)
    return text.strip()


def _currency_of(before: str, after: str, currency: str) -> str:
    named = (before or after).strip()
    if not named:
        return currency
    if before and after:
        one = _of_two(before.strip(), after.strip())
        if not one or currency not in ("", one):
            raise InvalidError("the amount names another currency than the event")
        return one
    if currency in _SHARED_SIGNS.get(named.upper(), "").split():
        return currency
    if named.upper() not in _SIGNS and not named.isupper():
        raise InvalidError(f"'{named}' is not a currency code such as EUR")
    code = read_currency(named)
    if currency not in ("", code):
        raise InvalidError("the amount names another currency than the event")
    return code


def _of_two(before: str, after: str) -> str:
    """The currency that a sign and a code name together, such as `$49.90 CAD` and `€49.90 EUR`; "" for none."""
    try:
        code = parse_currency(after)
    except InvalidError:
        return ""
    sign = before.upper()
    return code if code in (sign, _SIGNS.get(sign), *_SHARED_SIGNS.get(sign, "").split()) else ""


def _plain(number: str, currency: str) -> str:
    """The number as the kernel spells it. Raises InvalidError when a mark may be a decimal point or a separator."""
    last = max(number.rfind("."), number.rfind(","))
    if last < 0:
        return _whole(number)
    mark, head, tail = number[last], number[:last], number[last + 1 :]
    if mark in head:
        return _whole(number)
    if any(other in head for other in "., "):
        return f"{_whole(head)}.{tail}"
    # 1,234 is a thousand in London and one in Berlin, 1.234 € the other way; 0,123 and 1,23 are less everywhere.
    if len(tail) == 3 and head.lstrip("0"):
        if currency in _WITHOUT_MINOR_UNITS:
            return _whole(number)
        raise InvalidError("may be read in two ways; send a decimal point and no other separator")
    return f"{head}.{tail}"


def _whole(number: str) -> str:
    """Digits in groups, without the mark between them."""
    if number.isdecimal():
        return number
    if not _GROUPED.fullmatch(number):
        raise InvalidError(f"'{number[:40]}' is not a decimal amount such as 49.90")
    return re.sub("[., ]", "", number)
