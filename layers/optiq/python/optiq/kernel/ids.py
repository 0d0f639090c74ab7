"""Identifiers: a type prefix and a ULID (128 bits, Crockford base 32, sortable by time).

Things that follow from an event (conversions, touches, sessions) take their random part from a hash of
that event, so a replay makes the same ids. Identifiers of people are derived from keyed hashes and carry no time.
"""

import hashlib
import secrets
from functools import lru_cache

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RANDOM_BITS = 80
_LONGEST_ID = 64
DELAY_BITS, POSITION_BITS, _TAIL_BITS = 38, 12, 30
"""How `id_in_order` fills the random part: history is imported years late, and a batch has at most 2,500 messages."""
MOMENT_CHARACTERS = slice(-26, -6)
"""Of an id by `id_in_order`, those that say when it was: they sort as `moment_of` does."""
TURN_CHARACTERS = slice(-16, -6)
"""Of these, the delay and the position: they sort what happened in one instant."""


_PAIRS = tuple(high + low for high in ALPHABET for low in ALPHABET)


def may_be_id(text: str, prefix: str = "") -> bool:
    """Whether it is worth looking for: another text is no id of ours, and may not even fit a key of the table."""
    begins = f"{prefix}_" if prefix else ""
    return 0 < len(text) <= _LONGEST_ID and text.isascii() and text.isprintable() and text.startswith(begins)


def _encode(value: int) -> str:
    return "".join([_PAIRS[(value >> shift) & 1023] for shift in range(120, -1, -10)])


def decode_ulid(text: str) -> bytes:
    """The 16 bytes of a ULID. Raises ValueError when `text` is not one."""
    if len(text) != 26:
        raise ValueError("a ULID has 26 characters")
    value = 0
    for character in text:
        value = value << 5 | ALPHABET.index(character)
    return value.to_bytes(16, "big")


def encode_ulid(raw: bytes) -> str:
    """The 26 characters of 16 bytes."""
    return _encode(int.from_bytes(raw, "big"))


def new_id(prefix: str, now_ms: int) -> str:
    """A fresh id, such as `site_01JB…`."""
    return f"{prefix}_{_encode(now_ms << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS))}"


# A history is derived again for each of its customer's batches, and gives the same ids.
@lru_cache(maxsize=16_384)
def id_from(prefix: str, instant_ms: int, *parts: str) -> str:
    """The id that always belongs to these parts at this instant."""
    return f"{prefix}_{_encode(instant_ms << _RANDOM_BITS | _digest(prefix, *parts))}"


@lru_cache(maxsize=16_384)
def id_in_order(prefix: str, instant_ms: int, delay_ms: int, position: int, *parts: str) -> str:
    """As `id_from`; ids of one instant sort by delay (up to eight years), then by position (up to 4,095)."""
    tail = _digest(prefix, *parts) & (1 << _TAIL_BITS) - 1
    return f"{prefix}_{_encode(moment(instant_ms, delay_ms, position) << _TAIL_BITS | tail)}"


def moment(instant_ms: int, delay_ms: int, position: int) -> int:
    """When something happened, as a number that also sorts what happened in one instant."""
    delay = min(delay_ms, (1 << DELAY_BITS) - 1)
    return (instant_ms << DELAY_BITS | delay) << POSITION_BITS | min(position, (1 << POSITION_BITS) - 1)


def moment_of(identifier: str) -> int:
    """The moment in an id by `id_in_order`. Raises ValueError for another text."""
    return _number_of(identifier) >> _TAIL_BITS


def position_of(identifier: str) -> int:
    """The position in an id by `id_in_order`. Raises ValueError for another text."""
    return moment_of(identifier) & (1 << POSITION_BITS) - 1


def _digest(*parts: str) -> int:
    return int.from_bytes(hashlib.blake2b("\x1f".join(parts).encode(), digest_size=10).digest(), "big")


def instant_of(identifier: str) -> int:
    """The milliseconds in an id of ours. Raises ValueError for another text."""
    return _number_of(identifier) >> _RANDOM_BITS


def _number_of(identifier: str) -> int:
    return int.from_bytes(decode_ulid(identifier.rpartition("_")[2]), "big")
