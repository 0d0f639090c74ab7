"""A dashboard: cards on a grid, and what they answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypedDict

from optiq.kernel.errors import OptiqError
from optiq.reports.view_answers.api import ViewAnswer
from optiq.reports.views.contracts import View, ViewKind

CardKind = Literal["VIEW", "TEXT"]
COLUMNS = 12


@dataclass(frozen=True, slots=True)
class Card:
    """
    Attributes:
        card_id: names it in its dashboard.
        kind: VIEW shows the answer to a saved view, TEXT a text.
        title: "" for the view's name.
        column, row: of its upper left corner, counted from 0; the grid has COLUMNS columns.
        width, height: in columns and rows.
    """

    card_id: str
    kind: CardKind
    view_id: str = ""
    title: str = ""
    text: str = ""
    column: int = 0
    row: int = 0
    width: int = 6
    height: int = 4


@dataclass(frozen=True, slots=True)
class Dashboard:
    """
    Attributes:
        owner_id: the user, or the key, who created it.
        shared: everybody in the organization who may see the site sees it, and may change it with the permission
            for that.
        archived: it was removed.
        version: grows by one with every change.
    """

    organization_id: str
    site_id: str
    dashboard_id: str
    name: str
    owner_id: str
    created_ms: int
    cards: tuple[Card, ...] = ()
    shared: bool = False
    archived: bool = False
    version: int = 0


class DashboardChange(TypedDict, total=False):
    """What to change; what is absent stays. `cards` replaces all cards."""

    name: str
    cards: tuple[Card, ...]
    shared: bool


@dataclass(frozen=True, slots=True)
class CardAnswer:
    """A card with the answer to its view, or why there is none; a text has neither.

    Attributes:
        view: None for a text, and for a view that the caller does not see.
    """

    card: Card
    view: View | None = None
    answer: ViewAnswer | None = None
    error: OptiqError | None = None


@dataclass(frozen=True, slots=True)
class TemplateCard:
    """A card of a template: a question to save as a view, or a text."""

    title: str
    column: int
    row: int
    width: int
    height: int
    kind: ViewKind = "QUESTION"
    question: Mapping[str, Any] | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """A dashboard to begin with, by its name such as SHOP. `about` says for whom it is."""

    template: str
    label: str
    about: str
    cards: tuple[TemplateCard, ...]
