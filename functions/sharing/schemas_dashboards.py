"""Dashboards as the API writes them."""

from typing import Any, Literal

from optiq.kernel.clock import system_clock
from optiq.kernel.ids import new_id
from optiq.kernel.schemas import In, Out, PageOut, fields_of, shows
from optiq.reports.behaviour.contracts import FunnelAnswer, PathsAnswer, RetentionAnswer
from optiq.reports.cohorts.contracts import CohortsAnswer
from optiq.reports.questions.contracts import Answer
from optiq.reports.touching.api import BINS
from optiq.reports.touching.contracts import LagsAnswer
from optiq.reports.view_answers.api import ViewAnswer
from optiq.reports.views.contracts import ViewKind
from optiq.sharing.dashboards.contracts import Card, CardAnswer, CardKind, Dashboard, Template
from pydantic import Field, StrictBool, StrictInt

from functions.reports.schemas_behaviour import FunnelOut, PathsOut, RetentionOut
from functions.reports.schemas_cohorts import CohortsOut
from functions.reports.schemas_questions import AnswerOut, Compare, Period
from functions.reports.schemas_touching import LagsOut, OverlapOut

TemplateName = Literal["SHOP", "B2B", "CONTENT", "AGENCY"]
AnyAnswerOut = AnswerOut | FunnelOut | RetentionOut | PathsOut | LagsOut | OverlapOut | CohortsOut
_EXAMPLE = {"kind": "TEXT", "text": "Numbers of the spring campaign", "width": 12, "height": 1}


class CardIn(In):
    """A card on a grid of 12 columns. A `VIEW` shows a saved view, a `TEXT` a plain text. Cards do not overlap."""

    card_id: str = Field("", description="as the dashboard has it; left out for a new card")
    kind: CardKind
    view_id: str = Field("", description="of a VIEW: a saved view of the site")
    title: str = Field("", description="in place of the view's name")
    text: str = Field("", description="of a TEXT: 1 to 2,000 characters")
    column: StrictInt = Field(0, description="of the upper left corner: 0 to 11")
    row: StrictInt = Field(0, description="of the upper left corner, from 0")
    width: StrictInt = Field(6, description="columns: 1 to 12")
    height: StrictInt = Field(4, description="rows: 1 to 20")

    def card(self) -> Card:
        values = self.model_dump()
        return Card(**values | {"card_id": self.card_id or new_id("card", system_clock())})


class _Settings(In):
    """What a dashboard is created with and may be changed to."""

    shared: StrictBool = Field(False, description="everybody in the organization who sees the site sees it")
    cards: list[CardIn] = Field([], description="at most 40", examples=[[_EXAMPLE]])


class DashboardIn(_Settings):
    """With a `template` instead of cards, its questions are saved as shared views, and its cards show them."""

    name: str = Field(examples=["Monday"])
    template: TemplateName | None = None


class DashboardPatch(_Settings):
    """What to change; what is absent stays. `cards` replaces all. With `version`, only while it is of that version."""

    name: str = ""
    version: StrictInt | None = None


@shows(Card)
class CardOut(Out):
    """`title` is "" for the view's name."""


@shows(Dashboard, but=("site_id", "archived"))
class DashboardOut(Out):
    """`owner_id` is the user, or the key, who created it. `version` grows by one with every change."""

    cards: list[CardOut]


class DashboardsOut(PageOut[DashboardOut]):
    """Newest first."""


class DashboardAskIn(In):
    """What all cards are asked for, in place of what their views have. `compare` is of cards of kind QUESTION."""

    period: Period | None = None
    compare: Compare | None = None


class CardProblemOut(Out):
    """Why a card has no answer: `code` as in a problem document, and a sentence."""

    code: str
    detail: str


class CardAnswerOut(CardOut):
    """A card with the `answer` of its view's kind, or the `problem` that it has instead; a text has neither.
    `view_name`, `view_kind`, `question` and `columns` are the view's.
    """

    view_name: str
    view_kind: ViewKind | None
    question: dict[str, Any] | None
    columns: list[str]
    answer: AnyAnswerOut | None
    problem: CardProblemOut | None

    @classmethod
    def of(cls, found: CardAnswer) -> "CardAnswerOut":
        view, error = found.view, found.error
        return cls.model_validate(
            fields_of(found.card)
            | {
                "view_name": view.name if view else "",
                "view_kind": view.kind if view else None,
                "question": dict(view.question) if view else None,
                "columns": view.columns if view else [],
                "answer": None if found.answer is None else answer_out(found.answer),
                "problem": None if error is None else {"code": error.code, "detail": str(error)},
            }
        )


class DashboardAnswerOut(Out):
    """Every card with its answer. `version` is the dashboard's."""

    dashboard_id: str
    name: str
    version: int
    cards: list[CardAnswerOut]

    @classmethod
    def of(cls, dashboard: Dashboard, answers: tuple[CardAnswer, ...]) -> "DashboardAnswerOut":
        return cls.model_validate(fields_of(dashboard) | {"cards": [CardAnswerOut.of(one) for one in answers]})


class TemplateOut(Out):
    """A dashboard to begin with, and the titles of its cards."""

    template: TemplateName
    label: str
    about: str
    cards: list[str]

    @classmethod
    def of(cls, template: Template) -> "TemplateOut":
        return cls.model_validate(fields_of(template) | {"cards": [one.title for one in template.cards if one.title]})


class TemplatesOut(Out):
    templates: list[TemplateOut]


def answer_out(answer: ViewAnswer) -> AnyAnswerOut:
    """An answer as its kind's route writes it."""
    match answer:
        case Answer():
            return AnswerOut.of(answer)
        case FunnelAnswer():
            return FunnelOut.of(answer)
        case RetentionAnswer():
            return RetentionOut.of(answer)
        case PathsAnswer():
            return PathsOut.of(answer)
        case LagsAnswer():
            return LagsOut.of(answer, bins=BINS)
        case CohortsAnswer():
            return CohortsOut.of(answer)
    return OverlapOut.of(answer)
