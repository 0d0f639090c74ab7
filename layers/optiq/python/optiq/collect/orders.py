"""What an event says of an order: its number, what it is worth, and its lines.

An event that corrects an order is refused rather than guessed at: a refund of no amount takes everything off.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from optiq.collect.amounts import may_name_currency, read_amount, read_currency
from optiq.collect.mending import refusal, warns_of
from optiq.collect.order_lines import MAX_PRODUCTS, read_lines, read_refunded_lines
from optiq.collect.payloads import MAX_ID
from optiq.collect.spellings import is_empty, one_spelling, shown
from optiq.kernel.errors import InvalidError
from optiq.kernel.events import Correction, Product

VALUES = ("revenue", "total", "value")
REFUND_VALUES = ("refund_amount", "refundAmount", *VALUES, "amount")
"""`refund_amount` comes first, because the `total` beside it may be the order's."""
_AMOUNT = re.compile("amount|refund(ed)?(_?(total|value|sum)|$)|total|transactions|_line_items", re.IGNORECASE)
NUMBERS = ("order_id", "transaction_id", "order_number")
"""Segment's and Google Analytics' names, in any case and with or without `_`: orderId, OrderID, order-number. A
checkout's id is none: it may end in no order."""
REFUND_IDS = ("refund_id",)
_LONGEST_NAME = 20
_NO_LETTERS = re.compile(r"[\s_.\-]+")


@dataclass(frozen=True, slots=True)
class Order:
    """Of an event that is about none, all is empty; its value and currency may be given all the same.

    Attributes:
        order_id: in one spelling for text and number, or "".
        value_micros: None when the event has no value, or none that can be read.
        refund_id: the sender's own id of a refund, or "".
    """

    order_id: str = ""
    value_micros: int | None = None
    currency: str = ""
    products: tuple[Product, ...] = ()
    refund_id: str = ""


NO_ORDER = Order()


def read_order(properties: Mapping[str, Any], prefix: str, warnings: list[str]) -> Order:
    """The order in an event's properties, which senders know as `prefix`; what cannot be read is left out."""
    if not properties:
        return NO_ORDER
    order_id = _order_id(properties, prefix, warnings)
    value_micros, currency = _value(VALUES, properties, prefix, warnings)
    products = read_lines(properties, prefix, currency, warnings) if order_id else ()
    if not order_id and value_micros is None and not currency:
        return NO_ORDER
    return Order(order_id, value_micros, currency, products)


def read_correction(correction: Correction, properties: Mapping[str, Any], prefix: str, warnings: list[str]) -> Order:
    """What an event changes of an order.

    Raises:
        InvalidError: it names no order, or it is a refund whose amount or lines cannot be read.
    """
    if correction != "REFUND":
        order = read_order(properties, prefix, warnings)
        _require_number(order.order_id, prefix, warnings)
        return order
    order_id = _order_id(properties, prefix, warnings)
    _require_number(order_id, prefix, warnings)
    value_micros, currency = _value(REFUND_VALUES, properties, prefix, warnings)
    _require_readable_amount(properties, prefix, warnings)
    products, whole = read_refunded_lines(properties, prefix, currency, warnings)
    if (
        value_micros == 0
        and products
        and not is_empty(properties.get("items"))
        and not is_empty(properties.get("value"))
    ):
        # Google's tags send a value of 0 with the items that come back.
        value_micros = None
    if value_micros is None and not products:
        _require_no_other_amount(properties, prefix, warnings)
    if value_micros is None and not whole:
        fix = f"send product_id, quantity and price of each (at most {MAX_PRODUCTS}), or the amount as {prefix}.total"
        raise refusal(f"the lines of a refund cannot be read; {fix}", warnings)
    refund_id = next((one for _, value in _named(REFUND_IDS, properties) if (one := one_spelling(value))), "")
    return Order(order_id, value_micros, currency, products, refund_id)


def _require_number(order_id: str, prefix: str, warnings: Sequence[str]) -> None:
    if not order_id:
        reason = f"{prefix}.order_id: name the order that is refunded, cancelled or updated, such as A-1001"
        raise refusal(reason, warnings)


def _require_readable_amount(properties: Mapping[str, Any], prefix: str, warnings: Sequence[str]) -> None:
    """The first amount that is given must be read: a number that JSON does not know was left out with a warning."""
    for name in REFUND_VALUES:
        if warns_of(f"{prefix}.{name}", warnings):
            raise refusal("the amount of a refund cannot be read; send one such as 49.90, or none for all", warnings)
        if not is_empty(properties.get(name)):
            return


def _require_no_other_amount(properties: Mapping[str, Any], prefix: str, warnings: Sequence[str]) -> None:
    """An amount under a name that we do not know is never taken for none, which would refund everything."""
    for name, value in properties.items():
        if name not in REFUND_VALUES and _AMOUNT.search(name) and not is_empty(value) and not isinstance(value, bool):
            fix = f"send it as {prefix}.total, or leave it out to refund everything"
            raise refusal(f"{prefix}.{name[:40]}: not known as the amount of a refund; {fix}", warnings)


def _order_id(properties: Mapping[str, Any], prefix: str, warnings: list[str]) -> str:
    for name, value in _named(NUMBERS, properties):
        if order_id := one_spelling(value):
            return order_id
        warnings.append(f"{prefix}.{name}: {shown(value)} names no order; left out")
    return ""


def _named(names: Sequence[str], properties: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The properties of these names that say something, however the names are spelt; in the order of the names."""
    given = [(_plain_name(name), name) for name in properties if len(name) <= _LONGEST_NAME]
    for wanted in map(_plain_name, names):
        for plain, name in given:
            if plain == wanted and not is_empty(properties[name]):
                yield name, properties[name]


# The events of all senders have few names.
@lru_cache(maxsize=4_096)
def _plain_name(name: str) -> str:
    return _NO_LETTERS.sub("", name).lower()


def _value(
    names: Sequence[str], properties: Mapping[str, Any], prefix: str, warnings: list[str]
) -> tuple[int | None, str]:
    """The first amount of these names that can be read, in micros, and its currency."""
    currency, known = "", True
    if not is_empty(given := properties.get("currency")):
        currency, known = _currency(given, prefix, warnings)
    for name in names:
        amount = properties.get(name)
        if is_empty(amount):
            continue
        if not known:
            warnings.append(f"{prefix}.{name}: left out, because its currency is not known")
            return None, ""
        try:
            return read_amount(amount, currency)
        except InvalidError:
            warnings.append(f'{prefix}.{name}: {shown(amount)} is not a number such as "49.90"; left out')
    return None, currency


def _currency(given: object, prefix: str, warnings: list[str]) -> tuple[str, bool]:
    """The code, and whether amounts have a known currency: the one given, or the site's when none is.

    A text that may name another currency is never taken for the site's; any other that is no code is.
    """
    text = given.strip() if isinstance(given, str) and len(given) <= MAX_ID else ""
    try:
        return read_currency(text), True
    except InvalidError:
        warnings.append(f"{prefix}.currency: {shown(given)} is not a currency code such as EUR; left out")
        return "", not may_name_currency(text)
