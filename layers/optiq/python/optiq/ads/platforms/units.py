"""Numbers as platforms write them, by whole columns. What cannot be is a bad answer, and no row of it is taken."""

from collections.abc import Iterable
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


def wholes(what: str, values: Iterable[Json]) -> list[int]:
    """Counts, which a platform may write as text: "1000" is 1000; absent is 0."""
    texts = _texts(values)
    return _numbers(what, texts, "".join(texts), _LARGEST_COUNT)


def micros_as_given(what: str, values: Iterable[Json]) -> list[int]:
    """Money that comes in micros, such as Google's `costMicros`. It may be less than 0 after a credit."""
    texts = _texts(values)
    return _numbers(what, texts, "".join(texts).replace("-", ""), MAX_MICROS)


def micros_of(what: str, values: Iterable[Json]) -> list[int]:
    """Decimal amounts or fractional counts × 10⁶: "12.34" is 12340000, 2.5 is 2500000; absent is 0."""
    texts = _texts(values)
    # Most conversions are like others, and a decimal takes longer than to look one up.
    known = {text: _micros(what, text) for text in set(texts)}
    return [known[text] for text in texts]


def _texts(values: Iterable[Json]) -> list[str]:
    return ["0" if one is None else str(one) for one in values]


def _numbers(what: str, texts: list[str], digits: str, largest: int) -> list[int]:
    """The numbers of texts. `digits` is all that must be digits in them: whether they are is asked once for all."""
    if not texts:
        return []
    try:
        numbers = [*map(int, texts)]
    except ValueError as error:  # None, or a sign at the wrong place.
        raise BadNumberError(what) from error
    if not digits.isdecimal() or max(numbers) > largest or min(numbers) < -largest:
        raise BadNumberError(what)
    return numbers


def _micros(what: str, text: str) -> int:
    try:
        number = Decimal(text)
        is_possible = -_LARGEST_AMOUNT <= number <= _LARGEST_AMOUNT
    except InvalidOperation as error:  # No number, or NaN, which has no order.
        raise BadNumberError(what) from error
    if not is_possible:
        raise BadNumberError(what)
    return round(number * _MICROS)
