"""What the fields of a posting may be."""

from optiq.billing.ledger.contracts import Source
from optiq.kernel.errors import InvalidError
from optiq.kernel.ids import may_be_id

OWN_KINDS = frozenset({"rollover", "expiry", "regeneration", "reversal", "purchase", "purchase_bonus"})
"""Kinds of sources that follow from the ledger itself, or from a purchase, which is an item of its own."""
_RESERVED = OWN_KINDS | {"hold", "hold_end"}
_LONGEST_SOURCE = 128
_LONGEST_NOTE = 500
_LONGEST_PRODUCT = 40


def checked_source(source: Source) -> Source:
    """Raises InvalidError for a source that cannot be one."""
    for name, text in source._asdict().items():
        if not (0 < len(text) <= _LONGEST_SOURCE and text.isascii() and text.isprintable()):
            raise InvalidError(f"source.{name}: must have 1 to {_LONGEST_SOURCE} printable ASCII characters")
    if "#" in source.kind or source.kind in _RESERVED:
        raise InvalidError(f"source.kind: must not be '{source.kind}'")
    return source


def checked_hold(hold_id: str) -> str:
    if not may_be_id(hold_id):
        raise InvalidError("hold_id: must have 1 to 64 printable ASCII characters")
    return hold_id


def checked_product(product: str) -> str:
    if not (0 < len(product) <= _LONGEST_PRODUCT and product.isascii() and product.replace("_", "").isalnum()):
        raise InvalidError(f"product: must have 1 to {_LONGEST_PRODUCT} letters, digits and underscores")
    return product


def checked_note(note: str) -> str:
    if len(note) > _LONGEST_NOTE:
        raise InvalidError(f"note: must have at most {_LONGEST_NOTE} characters")
    return note
