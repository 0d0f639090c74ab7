"""The parameters of an address, as people, mail programs and templates write them.

They stand in the query, behind `#`, or behind the route of a page behind `#` (`#/landing?utm_source=…`); after a second
`?`, after an `&` without any `?`; separated by `&`, by an `&` that was escaped for HTML or JSON (`&amp;`, `&#038;`,
`\\u0026`, also twice), or by `;`; or percent-encoded, as a whole (`?utm_source%3Dnews%26utm_medium%3Demail`, also
twice) or in their separators (`%3Futm_source=news%26utm_medium=email`).
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote_plus

_ESCAPED = r"(?:(?:amp|#0*38|#x0*26)(?:;|%3B))*"
# `?`, `;` and what is percent-encoded may also stand within a value: they separate only where a name and `=` follow.
_SEPARATOR = re.compile(
    rf"(?:&|\\u0026){_ESCAPED}|#|[?;](?=[\w.%!/-]{{1,100}}?(?:=|%(?:25)?3D))|(?:%3F|%26{_ESCAPED})(?=[\w.-]{{1,100}}=)|"
    r"%3F(?=utm_[\w.-]{1,100}%3D)",
    re.IGNORECASE,
)
_ENCODED_EQUALS = re.compile("%(?:25)?3d", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_INVISIBLE = " \u200b\u200e\u200f\u2060\ufeff\u00a0"


def parameters_of(url: str) -> Iterator[tuple[str, str]]:
    """Names in small letters with their values, in their order; values without control characters and outer space."""
    for piece in _SEPARATOR.split(url)[1:]:
        name, equals, value = piece.partition("=")
        if equals:
            yield _plain(name).strip("!/?").lower(), _plain(value)
        elif _ENCODED_EQUALS.search(name):
            yield from parameters_of("?" + unquote_plus(name))


def _plain(text: str) -> str:
    if "%" in text or "+" in text:
        text = unquote_plus(text)
    if not text.isprintable():
        text = _CONTROL.sub(" ", text)
    return text.strip(_INVISIBLE)
