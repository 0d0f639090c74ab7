"""The parameters of an address, as people, mail programs and templates write them.

They stand in the query, behind `#`, or behind the route of a page behind `#` (`#/landing?utm_source=…`); after a second
`?`, after an `&` without any `?`; separated by `&`, by an `&` that was escaped for HTML or JSON (`&amp;`, `&#038;`,
`\\u0026`, also twice), or by `;`; or percent-encoded as a whole (`?utm_source%3Dnews%26utm_medium%3Demail`).
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote_plus

_AND = r"(?:&|\\u0026)(?:amp;|#0*38;|#x0*26;)*"
# `?` and `;` may also stand within a value: they separate only where a name and `=` follow.
_SEPARATOR = re.compile(rf"{_AND}|#|[?;](?=[\w.%!/-]{{1,100}}?(?:=|%3D))|%3F(?=[\w.-]{{1,100}}=)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_INVISIBLE = " \u200b\u200e\u200f\u2060\ufeff\u00a0"


def parameters_of(url: str) -> Iterator[tuple[str, str]]:
    """Names in small letters with their values, in their order; values without control characters and outer space."""
    for piece in _SEPARATOR.split(url)[1:]:
        name, equals, value = piece.partition("=")
        if equals:
            yield _plain(name).strip("!/?").lower(), _plain(value)
        elif "%3d" in name.lower():
            yield from parameters_of("?" + unquote_plus(name))


def _plain(text: str) -> str:
    if "%" in text or "+" in text:
        text = unquote_plus(text)
    if not text.isprintable():
        text = _CONTROL.sub(" ", text)
    return text.strip(_INVISIBLE)
