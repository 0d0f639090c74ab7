"""The parameters of an address, as people, mail programs and templates write them.

They are in the query, behind `#`, or behind the route of a page behind `#` (`#/landing?utm_source=…`); after a second
`?`, after an `&` without any `?`; separated by `&`, by an `&` that was escaped for HTML or JSON (`&amp;`, `&#038;`,
`\\u0026`, also twice), or by `;`; or percent-encoded, as a whole (`?utm_source%3Dnews%26utm_medium%3Demail`, also
twice) or in their separators (`%3Futm_source=news%26utm_medium=email`). The parameters of an address within a value
(`?next=%2Fsale%3Futm_source%3Dnews`) are not the page's.
"""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote, unquote_plus

from optiq.kernel.blanks import is_blank

_ESCAPED = r"(?:(?:amp|#0*38|#x0*26)(?:;|%3B))*"
# `?`, `;` and what is percent-encoded may also be a part of a value: they separate only where a name and `=` follow.
_SEPARATOR = re.compile(
    rf"(?P<sure>(?:&|\\u0026){_ESCAPED}|#)|[?;](?=[ +]{{0,3}}[\w.%!/-]{{1,100}}?[ +]{{0,3}}(?:=|%(?:25)?3D))|"
    rf"(?:%3F|%26{_ESCAPED})(?=[\w.-]{{1,100}}=)|(?P<of_path>%3F)(?=utm_[\w.-]{{1,100}}%3D)",
    re.IGNORECASE,
)
_ENCODED_EQUALS = re.compile("%(?:25)?3d", re.IGNORECASE)
# https://… //… /… shop.example/…
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//|/|[\w-]+(?:\.[\w-]+)+(?::\d+)?/", re.IGNORECASE)
_BEGINNING = 500
"""Characters in which an address shows that it is one, percent-encoded too."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_INVISIBLE = " \u200b\u200e\u200f\u2060\ufeff\u00a0"


def parameters_of(url: str) -> Iterator[tuple[str, str]]:
    """Names in small letters with their values, in their order; values without control characters and outer space."""
    for piece in _pieces(url):
        name, equals, value = piece.partition("=")
        if equals:
            # As it stands: `%%CA` of %%CAMPAIGN%% is no percent-encoding.
            template = value.endswith("%") and is_blank(value)
            yield _plain(_plain(name)).strip("!/?").lower(), value if template else _plain(value)
        elif _ENCODED_EQUALS.search(name):
            yield from parameters_of("?" + unquote_plus(name))


def _pieces(url: str) -> Iterator[str]:
    """What is between the separators of an address, but for its path."""
    start, in_path = 0, True
    for found in _SEPARATOR.finditer(url):
        if found["of_path"] and not in_path:
            continue
        if not (in_path or found["sure"]) and _names_address(url[start : found.start()]):
            continue
        if not in_path:
            yield url[start : found.start()]
        start, in_path = found.end(), False
    if not in_path:
        yield url[start:]


def _names_address(piece: str) -> bool:
    """Whether the value of a parameter begins as an address does, also percent-encoded, once or twice."""
    _, equals, value = piece.partition("=")
    return bool(equals) and _ADDRESS.match(unquote(unquote(value[:_BEGINNING])).lstrip()) is not None


def _decoded(text: str) -> str:
    try:
        return unquote_plus(text, errors="strict")
    except UnicodeDecodeError:
        # Old mail programs and shops write Fr%FChling, as on Windows.
        return unquote_plus(text, "cp1252")


def _plain(text: str) -> str:
    if "%" in text or "+" in text:
        text = _decoded(text)
    if not text.isascii():
        # One name typed on two systems: ü may be one character or two.
        text = unicodedata.normalize("NFC", text)
    if not text.isprintable():
        text = _CONTROL.sub(" ", text)
    return text.strip(_INVISIBLE)
