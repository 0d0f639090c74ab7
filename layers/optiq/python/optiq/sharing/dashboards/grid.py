"""Where cards may be: within the grid, and not one over another."""

from collections.abc import Sequence
from itertools import combinations

from optiq.kernel.errors import InvalidError
from optiq.kernel.ids import may_be_id
from optiq.sharing.dashboards.contracts import COLUMNS, Card

MOST_CARDS = 40
_LAST_ROW, _HIGHEST = 500, 20
_LONGEST_TITLE, _LONGEST_TEXT = 100, 2_000


def check_cards(cards: Sequence[Card]) -> None:
    """Raises InvalidError that names the field, such as `cards.0.width`, for cards that cannot be."""
    if len(cards) > MOST_CARDS:
        raise InvalidError(f"cards: use at most {MOST_CARDS}")
    for number, card in enumerate(cards):
        if wrong := _wrong(card):
            raise InvalidError(f"cards.{number}.{wrong}")
    if len({card.card_id for card in cards}) < len(cards):
        raise InvalidError("cards: each needs a card_id of its own; leave it out for a new card")
    for (number, card), (other_number, other) in combinations(enumerate(cards), 2):
        if _overlap(card, other):
            raise InvalidError(f"cards.{other_number}: lies over card {number}; move one of them")


def _wrong(card: Card) -> str:
    """The field that cannot be, and why; "" for none."""
    if not may_be_id(card.card_id):
        return "card_id: must be an id that the dashboard's answer has; leave it out for a new card"
    if not (0 <= card.column < COLUMNS and 1 <= card.width <= COLUMNS - card.column):
        return f"width: a card must lie within the {COLUMNS} columns, which are counted from 0"
    if not (0 <= card.row <= _LAST_ROW and 1 <= card.height <= _HIGHEST):
        return f"height: must be between 1 and {_HIGHEST}, from a row between 0 and {_LAST_ROW}"
    if len(card.title) > _LONGEST_TITLE:
        return f"title: must have at most {_LONGEST_TITLE} characters"
    if card.kind == "TEXT":
        if card.view_id:
            return "view_id: a text has no view"
        return (
            "" if 1 <= len(card.text.strip()) <= _LONGEST_TEXT else f"text: must have 1 to {_LONGEST_TEXT} characters"
        )
    if card.text:
        return "text: a card of a view has no text"
    return "" if card.view_id else "view_id: name the saved view that the card shows"


def _overlap(card: Card, other: Card) -> bool:
    beside = card.column + card.width <= other.column or other.column + other.width <= card.column
    above = card.row + card.height <= other.row or other.row + other.height <= card.row
    return not (beside or above)
