"""Lists come in pages. A cursor says where the next page starts; whoever gets one need not understand it."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Generic, TypeVar

from optiq.kernel.errors import InvalidError

T = TypeVar("T")
_LONGEST = 1_000
_LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Items, and where the next page starts; None at the end."""

    items: tuple[T, ...]
    cursor: str | None = None


def list_of(*parts: object) -> str:
    """Tells a list from every other by what it was asked with, such as its site; its cursors carry it."""
    return blake2b(repr(parts).encode(), digest_size=8).hexdigest()


def foreign_cursor() -> InvalidError:
    """What a cursor of another list is answered with."""
    return InvalidError("cursor: is not of this list; leave it out to begin with the first page")


def cursor_at(of_list: str, *position: str | int) -> str:
    """A cursor for the place after a position in a list, such as that of a site's tokens."""
    text = json.dumps([of_list, *position], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def place_in(cursor: str, of_list: str, *kinds: type[str] | type[int]) -> list[str]:
    """The position in a cursor, as texts. Raises InvalidError for another list's, or one we did not make."""
    try:
        padded = f"{cursor[:_LONGEST]}{'=' * (-len(cursor) % 4)}"
        found = json.loads(base64.b64decode(padded, b"-_", validate=True))
        of, *position = found
    except (ValueError, TypeError, RecursionError) as error:
        raise foreign_cursor() from error
    fits = of == of_list and len(position) == len(kinds)
    if not fits or not all(type(value) is kind for value, kind in zip(position, kinds, strict=True)):
        raise foreign_cursor()
    texts = [str(value) for value in position]
    if not all(len(text) <= _LONGEST_TEXT and text.isprintable() for text in texts):
        raise foreign_cursor()
    return texts


def place_after(cursor: str | None, of_list: str) -> str:
    """The id that a page begins after; "" for the first page. Raises InvalidError as `place_in`."""
    return place_in(cursor, of_list, str)[0] if cursor is not None else ""


def page_of(of_list: str, found: Sequence[T], limit: int, id_of: Callable[[T], str]) -> Page[T]:
    """A page of at most `limit` items of what was found. One item more shows that there is a next page."""
    items = tuple(found[:limit])
    return Page(items, cursor_at(of_list, id_of(items[-1])) if len(found) > limit else None)
