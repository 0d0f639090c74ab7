"""Secrets that a kept body holds in base64, such as HTTP Basic: hidden with all that is encoded together with them."""

import binascii
import re
from base64 import b64decode
from collections.abc import Callable

from optiq.collect.personal_data import HIDDEN

# Both alphabets; in JSON a slash may be escaped, in a query all three signs percent-encoded.
_RUN = re.compile(r"(?:[A-Za-z0-9+/_-]|\\/|%2[BbFf]){12,}(?:=|%3[Dd]){0,2}")
_WHOLE = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
_SECRET = re.compile(rb"(?<![A-Za-z0-9])[wo][kspi]_[A-Za-z0-9_-]{4,}|[wo][kspi]_[A-Za-z0-9_-]{20,}")
_SIGNS = (("\\/", "/"), ("%2b", "+"), ("%2B", "+"), ("%2f", "/"), ("%2F", "/"), ("%3d", "="), ("%3D", "="))
_MOST_ENCODINGS = 4


def without_encoded_secrets(text: str, holds: Callable[[str], bool]) -> str:
    """The text; `holds` says of one that is base64 as a whole whether what it decodes to is personal."""
    packed = "".join(text.split())
    if _WHOLE.fullmatch(packed):
        decoded = _decoded(packed)
        if decoded is not None and (_is_secret(decoded, 1) or holds(_text_of(decoded))):
            return HIDDEN
    return _RUN.sub(lambda run: HIDDEN if _holds_secret(run[0]) else run[0], text)


def _holds_secret(run: str, encodings: int = 0) -> bool:
    decoded = _decoded(run)
    return decoded is not None and _is_secret(decoded, encodings + 1)


def _is_secret(decoded: bytes, encodings: int) -> bool:
    if _SECRET.search(decoded):
        return True
    if encodings >= _MOST_ENCODINGS or not decoded.isascii():
        return False
    return any(_holds_secret(run[0], encodings) for run in _RUN.finditer(decoded.decode("ascii")))


def _text_of(decoded: bytes) -> str:
    """What was text before it was encoded; "" for other bytes."""
    text = decoded.decode("utf-8", "ignore")
    # What was cut off may end amid a letter.
    return text if len(decoded) - len(text.encode()) < 4 and all(c.isprintable() or c.isspace() for c in text) else ""


def _decoded(run: str) -> bytes | None:
    """The bytes; of one that was cut off as many as there are."""
    for sign, plain in _SIGNS:
        run = run.replace(sign, plain)
    run = run.rstrip("=").translate(str.maketrans("-_", "+/"))
    run = run[: len(run) - (len(run) % 4 == 1)]
    try:
        return b64decode(run + "=" * (-len(run) % 4))
    except (binascii.Error, ValueError):
        return None
