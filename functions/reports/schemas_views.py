"""Saved views as the API writes them."""

from collections.abc import Mapping
from typing import Any

from optiq.kernel.errors import InvalidError
from optiq.kernel.schemas import In, Instant, Out, PageOut
from optiq.reports.views.contracts import ViewKind
from pydantic import Field, StrictBool, StrictInt, ValidationError

from functions.reports.schemas_behaviour import FunnelIn, PathsIn, RetentionIn
from functions.reports.schemas_cohorts import CohortsIn
from functions.reports.schemas_questions import QuestionIn, SegmentIn
from functions.reports.schemas_touching import LagsIn, OverlapIn

_QUESTIONS: Mapping[ViewKind, type[In]] = {
    "QUESTION": QuestionIn,
    "FUNNEL": FunnelIn,
    "RETENTION": RetentionIn,
    "PATHS": PathsIn,
    "TIME_TO_CONVERT": LagsIn,
    "OVERLAP": OverlapIn,
    "COHORT_VALUE": CohortsIn,
    "SEGMENT": SegmentIn,
}


def checked_question(kind: ViewKind, question: Mapping[str, Any]) -> dict[str, Any]:
    """The question as it was given. Raises InvalidError when the kind's route would not read it."""
    try:
        _QUESTIONS[kind].model_validate(question)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(place) for place in first["loc"])
        message = f"question.{field}: {first['msg']}"
        raise InvalidError(message, fields={f"body.question.{field}": str(first["msg"])}) from error
    return dict(question)


class _Settings(In):
    """What a view is saved with and may be changed to."""

    columns: list[str] = Field([], description="a table's columns, in this order; empty for all")
    shared: StrictBool = Field(False, description="everybody in the organization who sees the site sees it")


class ViewIn(_Settings):
    """`question` is the body of the kind's route: a `FUNNEL` is one of `funnels/query`. A `SEGMENT` is of `filters`."""

    name: str = Field(examples=["Spring campaigns"])
    kind: ViewKind
    question: dict[str, Any] = Field(examples=[{"metrics": ["revenue"], "dimensions": ["campaign"]}])


class ViewPatch(_Settings):
    """What to change; what is absent stays. With `version`, only while the view is of that version."""

    name: str = ""
    question: dict[str, Any] = Field({})
    version: StrictInt | None = None


class ViewOut(Out):
    """`owner_id` is the user, or the key, who may change it. `version` grows by one with every change."""

    view_id: str
    name: str
    kind: ViewKind
    question: dict[str, Any]
    columns: list[str]
    shared: bool
    owner_id: str
    created_at: Instant
    version: int


class ViewsOut(PageOut[ViewOut]):
    """Newest first."""
