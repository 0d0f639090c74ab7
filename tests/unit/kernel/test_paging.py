"""Pages and cursors: a list takes its own cursors back and no others."""

import base64
import json

import pytest
from optiq.kernel.errors import InvalidError
from optiq.kernel.paging import cursor_at, page_of, place_after, place_in


def test_page_of_ends_without_a_cursor_when_nothing_is_left() -> None:
    page = page_of("letters", ["a", "b"], 2, str)

    assert page.items == ("a", "b")
    assert page.cursor is None


def test_page_of_begins_the_next_page_after_its_last_item() -> None:
    page = page_of("letters", ["a", "b", "c"], 2, str)

    assert page.items == ("a", "b")
    assert place_after(page.cursor, "letters") == "b"


def test_place_in_gives_the_position_back() -> None:
    assert place_in(cursor_at("events", 17, "é#1"), "events", int, str) == ["17", "é#1"]


def _encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        *("", "x", "é", "W", "=" * 5, "x" * 5_000, cursor_at("numbers", "a"), cursor_at("letters")),
        *(cursor_at("letters", "a", "b"), cursor_at("letters", 1), cursor_at("letters", "a\n")),
        *(cursor_at("letters", "a" * 201), _encoded("letters"), _encoded({"letters": "a"}), _encoded([[]])),
        *(_encoded(["letters", True]), _encoded(["letters", None]), _encoded(None), "W10", "W" * 999),
    ],
)
def test_place_in_refuses_a_cursor_that_the_list_did_not_make(cursor: str) -> None:
    with pytest.raises(InvalidError, match="cursor: is not of this list; leave it out to begin with the first page"):
        place_in(cursor, "letters", str)
