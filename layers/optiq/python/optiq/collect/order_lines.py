"""The lines of an order or a refund, as shops write them.

A refund's line takes its amount off, whatever its sign. WooCommerce writes quantities of refunds below 0:
https://woocommerce.github.io/woocommerce-rest-api-docs/#order-refunds
"""

from collections.abc import Mapping, Sequence
from typing import Any

from optiq.collect.amounts import read_amount
from optiq.collect.json_bodies import read_json
from optiq.collect.mending import warns_of
from optiq.collect.spellings import is_empty, one_spelling, plain_text, shown
from optiq.kernel.errors import InvalidError
from optiq.kernel.events import Product

LINES = ("products", "items")
PRODUCT_IDS = ("product_id", "item_id", "productId", "itemId", "sku", "id", "variant_id", "variantId", "name")
"""A line is known by the first of these that names a product."""
MAX_PRODUCTS = 100
MAX_QUANTITY = 1_000_000


def read_lines(properties: Mapping[str, Any], prefix: str, currency: str, warnings: list[str]) -> tuple[Product, ...]:
    """The lines of an order in a currency; a line that cannot be read is left out with a warning."""
    return _read(properties, prefix, currency, warnings, refund=False)[0]


def read_refunded_lines(
    properties: Mapping[str, Any], prefix: str, currency: str, warnings: list[str]
) -> tuple[tuple[Product, ...], bool]:
    """The lines of a refund, with absolute prices and quantities, and whether every one could be read."""
    return _read(properties, prefix, currency, warnings, refund=True)


def _read(
    properties: Mapping[str, Any], prefix: str, currency: str, warnings: list[str], *, refund: bool
) -> tuple[tuple[Product, ...], bool]:
    whole = True
    for name in LINES:
        field = f"{prefix}.{name}"
        lines = _listed(properties.get(name))
        if lines is None:
            warnings.append(f"{field}: is not a list; left out")
            whole = False
        elif lines:
            if len(lines) > MAX_PRODUCTS:
                warnings.append(f"{field}: the first {MAX_PRODUCTS} of {len(lines)} lines are kept")
            kept = enumerate(lines[:MAX_PRODUCTS])
            read = [_line(line, f"{field}.{n}", currency, warnings, refund) for n, line in kept]
            products = tuple(product for product in read if product)
            return products, whole and len(products) == len(lines)
    return (), whole


def _listed(value: object) -> Sequence[object] | None:
    """The lines in a list or in the JSON text of one; None for anything else.

    One line alone may be no list, and PHP writes a list with gaps as an object.
    """
    if is_empty(value):
        return ()
    if isinstance(value, str):
        value = _parsed(value)
    if isinstance(value, dict):
        return [value] if any(name in value for name in PRODUCT_IDS) else list(value.values())
    return value if isinstance(value, list) else None


def _parsed(text: str) -> object:
    try:
        return read_json(text.encode(errors="replace"))
    except InvalidError:
        return None


def _line(line: object, field: str, currency: str, warnings: list[str], refund: bool) -> Product | None:
    """One line. Of a refund, a line is read whole or not at all: no quantity or price is guessed."""
    if not isinstance(line, dict):
        warnings.append(f"{field}: is not an object; left out")
        return None
    product_id = next((found for name in PRODUCT_IDS if (found := one_spelling(line.get(name)))), "")
    price_micros = _price(line.get("price"), field, currency, warnings)
    quantity = _quantity(line.get("quantity"), field, warnings)
    if refund:
        price_micros = None if price_micros is None else abs(price_micros)
        quantity = abs(quantity)
        if any(warns_of(f"{field}.{name}", warnings) for name in ("price", "quantity")):
            return None
    if quantity < 1 or (not product_id and price_micros is None):
        warnings.append(f"{field}: has no product and no price, or no quantity; left out")
        return None
    return Product(product_id=product_id, price_micros=price_micros, quantity=quantity)


def _price(value: object, field: str, currency: str, warnings: list[str]) -> int | None:
    if is_empty(value):
        return None
    try:
        return read_amount(value, currency)[0]
    except InvalidError:
        warnings.append(f'{field}.price: {shown(value)} is not a number such as "49.90"; left out')
        return None


def _quantity(value: object, field: str, warnings: list[str]) -> int:
    """How many, with its sign; 1 when that is absent or cannot be read."""
    if is_empty(value):
        return 1
    text = plain_text(value)
    negative, digits = text.startswith("-"), text.removeprefix("-")
    if digits.isdecimal() and len(digits) <= len(str(MAX_QUANTITY)) and int(digits) <= MAX_QUANTITY:
        return int(text)
    if negative:
        return 0
    warnings.append(f"{field}.quantity: {shown(value)} is not a whole number of at least 1; 1 is taken")
    return 1
