"""Numbers as platforms write them. What cannot be is a bad answer, and no row of it is taken."""

from decimal import Decimal, InvalidOperation

from optiq.ads.platforms.reported import Json
from optiq.kernel.errors import UpstreamError
from optiq.kernel.money import MAX_MICROS, MICROS

_LARGEST_COUNT = 10**15
_LARGEST_AMOUNT, _MICROS = Decimal(MAX_MICROS // MICROS), Decimal(MICROS)


class BadNumberError(UpstreamError):
    """A platform's answer has a number that cannot be."""

    def __init__(self, what: str) -> None:
        super().__init__(f"the platform's answer has a bad number of {what}", retryable=False)


def whole(what: str, value: Json) -> int:
    """A count, which a platform may write as text: "1000" is 1000; absent is 0."""
    text = "0" if value is None else str(value)
    if not text.isdecimal() or (number := int(text)) > _LARGEST_COUNT:
        raise BadNumberError(what)
    return number


def micros_as_given(what: str, value: Json) -> int:
    """Money that comes in micros, such as Google's `costMicros`. It may be less than 0 after a credit."""
    text = "0" if value is None else str(value)
    if not text.removeprefix("-").isdecimal() or abs(number := int(text)) > MAX_MICROS:
        raise BadNumberError(what)
    return number


def micros_of(what: str, value: Json) -> int:
    """A decimal amount or a fractional count × 10⁶: "12.34" is 12340000, 2.5 is 2500000."""
    if value is None or value == "0":
        return 0
    try:
        number = value if type(value) is Decimal else Decimal(str(value))
        is_possible = -_LARGEST_AMOUNT <= number <= _LARGEST_AMOUNT
    except InvalidOperation as error:  # No number, or NaN, which has no order.
        raise BadNumberError(what) from error
    if not is_possible:
        raise BadNumberError(what)
    return round(number * _MICROS)


def micros_or_none(what: str, value: Json) -> int | None:
    """As `micros_of`; None for "-", by which TikTok says that there is no value."""
    return None if value == "-" else micros_of(what, value)
