"""Public site keys that nobody signed, made from ones that were: what a forger without the secret can make."""

import base64
from collections.abc import Callable, Mapping

from optiq.kernel.ids import decode_ulid

_PREFIX = "pk_"
Forge = Callable[[str, str], str]
"""Makes a key from a site's own and another's."""


def _raw(key: str) -> bytes:
    return base64.urlsafe_b64decode(key.removeprefix(_PREFIX) + "==")


def _key(raw: bytes) -> str:
    return _PREFIX + base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _flipped(at: int) -> Forge:
    def forge(own: str, _: str) -> str:
        raw = bytearray(_raw(own))
        raw[at] ^= 1
        return _key(bytes(raw))

    return forge


def _parts(key: str) -> tuple[bytes, bytes, bytes]:
    raw = _raw(key)
    return raw[:16], raw[16:32], raw[32:]


def _of_ids(organization_id: str, site_id: str, tag: bytes) -> str:
    return _key(decode_ulid(organization_id.removeprefix("org_")) + decode_ulid(site_id.removeprefix("site_")) + tag)


def _next(character: str) -> str:
    """The next character of base 64."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return alphabet[(alphabet.index(character) + 1) % 64]


FORGED: Mapping[str, Forge] = {
    "first bit of the organization": _flipped(0),
    "last bit of the organization": _flipped(15),
    "first bit of the site": _flipped(16),
    "last bit of the site": _flipped(31),
    "first bit of the signature": _flipped(32),
    "last bit of the signature": _flipped(41),
    "another's organization": lambda own, other: _key(_parts(other)[0] + _parts(own)[1] + _parts(own)[2]),
    "another's site": lambda own, other: _key(_parts(own)[0] + _parts(other)[1] + _parts(own)[2]),
    "another's ids with the own signature": lambda own, other: _key(b"".join(_parts(other)[:2]) + _parts(own)[2]),
    "another's signature": lambda own, other: _key(b"".join(_parts(own)[:2]) + _parts(other)[2]),
    "organization and site swapped": lambda own, _: _key(_parts(own)[1] + _parts(own)[0] + _parts(own)[2]),
    "no signature": lambda own, _: _key(b"".join(_parts(own)[:2])),
    "a signature of zeros": lambda own, _: _key(b"".join(_parts(own)[:2]) + bytes(10)),
    "a signature of ones": lambda own, _: _key(b"".join(_parts(own)[:2]) + b"\xff" * 10),
    "a shorter signature": lambda own, _: _key(_raw(own)[:-1]),
    "a longer signature": lambda own, _: _key(_raw(own) + b"\0"),
    "made of ids alone": lambda *_: _of_ids(
        "org_01JB0000000000000000000000", "site_01JB0000000000000000000000", bytes(10)
    ),
    "padding": lambda own, _: own + "==",
    "space after": lambda own, _: own + " ",
    "line end after": lambda own, _: own + "\n",
    "bits that no byte has": lambda own, _: own[:-1] + _next(own[-1]),
    "twice the prefix": lambda own, _: _PREFIX + own,
    "no prefix": lambda own, _: own.removeprefix(_PREFIX),
    "capitals": lambda own, _: own.upper(),
    "empty": lambda *_: "",
    "the prefix alone": lambda *_: _PREFIX,
    "not ASCII": lambda own, _: own[:-1] + "é",
}
