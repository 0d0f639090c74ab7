"""What an error says of people and of secrets is hidden before it is kept anywhere."""

import re
from collections.abc import Mapping
from typing import Any

from optiq.collect import api as collect

HIDDEN = "(hidden)"
_COOKIE = re.compile(r"cookie|csrf|xsrf", re.IGNORECASE)
# As programs print them within a text: `Cookie: a=b; c=d`, `'Set-Cookie': 'a=b'`.
_COOKIE_TEXT = re.compile(r"((?:set-)?cookies?['\"]?\s*[:=]\s*)(['\"]?)[^'\"\r\n]+\2", re.IGNORECASE)
_DEEPEST = 6
_MOST_PARTS = 50
_LOOKED_AT = 2_000
"""Characters of a text that are looked at. What is kept is shorter, so nothing that was cut in two is kept."""
LONGEST_TEXT = 1_000


def masked(organization_id: str, value: Mapping[str, Any]) -> Any:
    """An object of JSON without cookies, secrets, e-mail addresses, phone numbers and network addresses; texts and
    lists of it are cut.
    """
    return _cut(collect.without_personal_data(organization_id, _without_cookies(value, 0)))


def whole(text: str) -> str:
    """A text without halves of characters. JSON may name one by its number; neither the lake nor a hash can have it."""
    return text.encode("utf-8", "replace").decode()


def _cut(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name[:LONGEST_TEXT]: _cut(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_cut(inner) for inner in value]
    return value[:LONGEST_TEXT] if isinstance(value, str) else value


def _without_cookies(value: Any, depth: int) -> Any:
    if depth > _DEEPEST:
        return HIDDEN
    if isinstance(value, Mapping):
        return {
            whole(str(name)): HIDDEN if _COOKIE.search(str(name)) else _without_cookies(inner, depth + 1)
            for name, inner in list(value.items())[:_MOST_PARTS]
        }
    if isinstance(value, list):
        return [_without_cookies(inner, depth + 1) for inner in value[:_MOST_PARTS]]
    return _COOKIE_TEXT.sub(rf"\1\2{HIDDEN}\2", whole(value[:_LOOKED_AT])) if isinstance(value, str) else value
