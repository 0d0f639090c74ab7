"""What an event says of an order: its number, what it is worth, and its lines."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from optiq.collect.amounts import read_amount, read_currency
from optiq.collect.mending import refusal, shortened_id
from optiq.collect.payloads import MAX_ID
from optiq.collect.placeholders import is_placeholder
from optiq.kernel.errors import InvalidError
from optiq.kernel.events import Product, correction_of

MAX_PRODUCTS = 100
MAX_QUANTITY = 1_000_000

_VALUES = ("revenue", "total", "value")
_NUMBERS = ("order_id", "orderId", "transaction_id", "transactionId", "order_number", "orderNumber")
"""Segment's and Google Analytics' names, in both spellings. A checkout's id is none: it may end in no order."""
_LINES = ("products", "items")
_PRODUCT_IDS = ("product_id", "item_id", "productId", "itemId", "sku", "id", "variant_id", "variantId", "name")


@dataclass(frozen=True, slots=True)
class Order:
    """Of an event that is about none, all is empty; its value and currency may be given all the same.

    Attributes:
        order_id: in one spelling for text and number, or "".
        value_micros: None when the event has no value, or none that can be read.
    """

    order_id: str = ""
    value_micros: int | None = None
    currency: str = ""
    products: tuple[Product, ...] = ()


NO_ORDER = Order()


def read_order(properties: Mapping[str, Any], prefix: str, warnings: list[str]) -> Order:
    """The order in an event's properties, which senders know as `prefix`; what cannot be read is left out."""
    if not properties:
        return NO_ORDER
    order_id = _order_id(properties, prefix, warnings)
    value_micros, currency = _value(properties, prefix, warnings)
    products = _products(properties, prefix, warnings) if order_id else ()
    if not order_id and value_micros is None and not currency:
        return NO_ORDER
    return Order(order_id, value_micros, currency, products)


def check_refund(name: str, order: Order, properties: Mapping[str, Any], warnings: Sequence[str]) -> None:
    """Raises InvalidError for a refund whose amount cannot be read: without an amount it would take everything off."""
    stated = any(properties.get(value) for value in _VALUES)
    if stated and order.value_micros is None and correction_of(name) == "REFUND":
        raise refusal("the amount of a refund cannot be read; send one such as 49.90, or none for all", warnings)


def one_spelling(value: object) -> str:
    """A number of an order or a product as text: 1010, 1010.0 and " 1010 " are one. "" for what is no number."""
    text = shortened_id(_plain(value), MAX_ID)
    return "" if is_placeholder(text) else text


def _plain(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, str | int | float) or isinstance(value, bool) or value == math.inf or value != value:
        return ""
    text = str(value).strip()
    whole, point, zeros = text.partition(".")
    return whole if point and whole.isdecimal() and not zeros.strip("0") else text


def _order_id(properties: Mapping[str, Any], prefix: str, warnings: list[str]) -> str:
    for name in _NUMBERS:
        value = properties.get(name)
        if value is None or value == "":
            continue
        if order_id := one_spelling(value):
            return order_id
        warnings.append(f"{prefix}.{name}: {_shown(value)} names no order; left out")
    return ""


def _value(properties: Mapping[str, Any], prefix: str, warnings: list[str]) -> tuple[int | None, str]:
    currency, known = "", True
    said = properties.get("currency")
    if said is not None and said != "":
        currency, known = _currency(said, prefix, warnings)
    for name in _VALUES:
        amount = properties.get(name)
        if amount is None or amount == "":
            continue
        if not known:
            warnings.append(f"{prefix}.{name}: left out, because its currency is not known")
            return None, ""
        try:
            return read_amount(amount, currency)
        except InvalidError:
            warnings.append(f'{prefix}.{name}: {_shown(amount)} is not a number such as "49.90"; left out')
    return None, currency


def _currency(said: object, prefix: str, warnings: list[str]) -> tuple[str, bool]:
    """The code, and whether amounts have a known currency: the one given, or the site's when none is.

    A text that stands for no currency is none. One that may name a currency is never taken for the site's.
    """
    text = said.strip() if isinstance(said, str) else ""
    try:
        return read_currency(text), True
    except InvalidError:
        warnings.append(f"{prefix}.currency: {_shown(said)} is not a currency code such as EUR; left out")
        return "", len(text) <= MAX_ID and is_placeholder(text)


def _products(properties: Mapping[str, Any], prefix: str, warnings: list[str]) -> tuple[Product, ...]:
    for name in _LINES:
        lines = _lines(properties.get(name))
        if lines is None:
            warnings.append(f"{prefix}.{name}: is not a list; left out")
        elif lines:
            if len(lines) > MAX_PRODUCTS:
                warnings.append(f"{prefix}.{name}: the first {MAX_PRODUCTS} of {len(lines)} lines are kept")
            field = f"{prefix}.{name}"
            read = (_product(line, f"{field}.{n}", warnings) for n, line in enumerate(lines[:MAX_PRODUCTS]))
            return tuple(product for product in read if product)
    return ()


def _lines(value: object) -> Sequence[object] | None:
    """The lines in a list; one line alone may be no list, and PHP writes a list with gaps as an object."""
    if value is None or value == "":
        return ()
    if isinstance(value, dict):
        return [value] if any(name in value for name in _PRODUCT_IDS) else list(value.values())
    return value if isinstance(value, list) else None


def _product(line: object, field: str, warnings: list[str]) -> Product | None:
    if not isinstance(line, dict):
        warnings.append(f"{field}: is not an object; left out")
        return None
    product_id = next((found for name in _PRODUCT_IDS if (found := one_spelling(line.get(name)))), "")
    price_micros = _price(line.get("price"), field, warnings)
    quantity = _quantity(line.get("quantity"), field, warnings)
    if quantity is None or (not product_id and price_micros is None):
        warnings.append(f"{field}: has no product and no price, or no quantity; left out")
        return None
    return Product(product_id=product_id, price_micros=price_micros, quantity=quantity)


def _price(said: object, field: str, warnings: list[str]) -> int | None:
    if said is None or said == "":
        return None
    try:
        return read_amount(said, "")[0]
    except InvalidError:
        warnings.append(f'{field}.price: {_shown(said)} is not a number such as "49.90"; left out')
        return None


def _quantity(said: object, field: str, warnings: list[str]) -> int | None:
    """How many; 1 when that is not given or cannot be read, None for none at all."""
    if said is None or said == "":
        return 1
    text = _plain(said)
    if text.isdecimal() and len(text) <= len(str(MAX_QUANTITY)) and int(text) <= MAX_QUANTITY:
        return int(text) or None
    if text.startswith("-"):
        return None
    warnings.append(f"{field}.quantity: {_shown(said)} is not a whole number of at least 1; 1 is taken")
    return 1


def _shown(value: object) -> str:
    """A value as a sentence may show it: short texts and numbers; of others only that they are no text."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return "what is no text or number"
    return f'"{str(value)[:40]}"'
