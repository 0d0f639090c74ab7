"""Money is an integer number of micros and an ISO 4217 currency: 10.50 EUR is 10_500_000 micros."""

import re
from decimal import ROUND_HALF_EVEN, Decimal

from optiq.kernel.errors import InvalidError

MICROS = 1_000_000
MAX_MICROS = 10**15
"""One billion units. Keeps sums of a billion conversions inside 64 bits only by day; reports sum in 128 bits."""

_DECIMAL = re.compile(r"^[+-]?([0-9]{1,20}(\.[0-9]{0,20})?|\.[0-9]{1,20})([eE][+-]?[0-9]{1,3})?$")
_LARGEST_EXPONENT = 9
_SMALLEST_EXPONENT = -20


def to_micros(amount: object) -> int:
    """A decimal amount (number or text, such as 49.9 or "49.90") as micros, half-even at the seventh decimal.

    Raises:
        InvalidError: not a finite decimal number, or beyond one billion units either way.
    """
    if isinstance(amount, bool) or not isinstance(amount, int | float | str):
        raise InvalidError("an amount must be a number or a decimal text")
    # str() of a float is its shortest decimal form, which is what the sender wrote. An integer of thousands of
    # digits is refused by Python itself.
    try:
        text = str(amount).strip()
    except ValueError as error:
        raise InvalidError("an amount may not exceed one billion") from error
    if not _DECIMAL.match(text):
        raise InvalidError(f"'{text[:40]}' is not a decimal amount such as 49.90")
    value = Decimal(text)
    # Looked at before any arithmetic: a number with an exponent of a million takes minutes to write out.
    if value and value.adjusted() > _LARGEST_EXPONENT:
        raise InvalidError("an amount may not exceed one billion")
    if value.adjusted() < _SMALLEST_EXPONENT:
        return 0
    micros = int((value * MICROS).to_integral_value(ROUND_HALF_EVEN))
    if abs(micros) > MAX_MICROS:
        raise InvalidError("an amount may not exceed one billion")
    return micros


def parse_currency(text: str) -> str:
    """An upper-case ISO 4217 code. Raises InvalidError for anything but three ASCII letters."""
    code = text.strip().upper()
    if len(code) != 3 or not code.isascii() or not code.isalpha():
        raise InvalidError(f"'{text[:20]}' is not a currency code such as EUR")
    return code
