"""Values as senders write them: ids and numbers in one spelling, and a value as a sentence shows it."""

import math

from optiq.collect.mending import shortened_id
from optiq.collect.payloads import MAX_ID
from optiq.collect.placeholders import is_placeholder, without_blanks
from optiq.kernel.order_numbers import bare_number


def is_empty(value: object) -> bool:
    """Whether a value is absent: null, or a text of blanks."""
    return value is None or (isinstance(value, str) and not value.strip())


def one_spelling(value: object) -> str:
    """A number of an order or a product as text: 1010, 1010.0, " 1010 " and #1010 are one. "" for what is no number."""
    text = shortened_id(plain_text(value), MAX_ID)
    bare = bare_number(text)
    return "" if is_placeholder(text) or (bare is not text and is_placeholder(bare)) else bare


def plain_text(value: object) -> str:
    """A text or number without outer blanks and without `.0`; "" for any other value."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, str | int | float) or isinstance(value, bool) or value == math.inf or value != value:
        return ""
    text = without_blanks(str(value))
    whole, point, zeros = text.partition(".")
    return whole if point and whole.isdecimal() and not zeros.strip("0") else text


def shown(value: object) -> str:
    """A short text or a number in quotes; of any other value only that it is neither."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return "what is no text or number"
    return f'"{str(value)[:40]}"'
