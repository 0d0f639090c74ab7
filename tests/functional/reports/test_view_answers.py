"""A saved question is asked as its kind's route asks it."""

from typing import Any, get_args

import pytest
from optiq.kernel.errors import InvalidError
from optiq.reports.view_answers.api import ask_of
from optiq.reports.views.contracts import ViewKind

from functions.reports.schemas_behaviour import FunnelIn, PathsIn, RetentionIn
from functions.reports.schemas_cohorts import CohortsIn
from functions.reports.schemas_questions import QuestionIn
from functions.reports.schemas_touching import LagsIn, OverlapIn

_EMAIL = {"dimension": "channel", "operator": "is", "values": ["Email"]}
_SET = {"dimension": "campaign", "operator": "is_set"}
_FILTERS = [_EMAIL, [_EMAIL, _SET]]
_VIEWED = {"event": "page_view", "filters": [_EMAIL]}
_CASES: list[tuple[ViewKind, Any, dict[str, Any]]] = [
    ("QUESTION", QuestionIn, {"metrics": ["visits"]}),
    (
        "QUESTION",
        QuestionIn,
        {
            "metrics": ["revenue", "roas"],
            "dimensions": ["channel", "day"],
            "filters": _FILTERS,
            "period": "last7d",
            "compare": "PREVIOUS_PERIOD",
            "model": "MARKOV",
            "basis": "TOUCH_DAY",
            "order": "-revenue",
            "limit": 5,
        },
    ),
    ("QUESTION", QuestionIn, {"metrics": ["visits"], "model": None, "filters": []}),
    ("FUNNEL", FunnelIn, {"steps": [_VIEWED, {}], "filters": _FILTERS, "breakdown": None}),
    (
        "FUNNEL",
        FunnelIn,
        {
            "steps": [_VIEWED, {"event": "Order Completed"}],
            "window_minutes": 5,
            "step_order": "STRICT",
            "unit": "SESSION",
            "exclusions": [{"event": _VIEWED, "after": 1, "before": 2}],
            "breakdown": "device",
            "interval": "WEEK",
        },
    ),
    ("RETENTION", RetentionIn, {"start": _VIEWED, "back": {}}),
    ("RETENTION", RetentionIn, {"start": {}, "back": {}, "mode": "ON_OR_AFTER", "first": "IN_PERIOD"}),
    ("PATHS", PathsIn, {}),
    ("PATHS", PathsIn, {"anchor": "/pricing", "direction": "BACKWARD", "depth": 3, "filters": _FILTERS}),
    ("TIME_TO_CONVERT", LagsIn, {"conversion": "Lead"}),
    ("COHORT_VALUE", CohortsIn, {}),
    ("COHORT_VALUE", CohortsIn, {"by": "CHANNEL", "conversion": "Lead", "period": "this_year"}),
    ("OVERLAP", OverlapIn, {"dimension": "campaign", "period": "last90d"}),
    ("COHORT_VALUE", CohortsIn, {"by": "CHANNEL", "period": "last90d"}),
]


@pytest.mark.parametrize(("kind", "route", "question"), _CASES)
def test_a_saved_question_is_what_its_route_reads(kind: ViewKind, route: Any, question: dict[str, Any]) -> None:
    assert ask_of(kind, question) == route.model_validate(question).ask()


_WITHOUT_ANSWER: set[ViewKind] = {"SEGMENT"}


def test_every_kind_of_view_can_be_asked_or_has_no_answer() -> None:
    assert {kind for kind, _, _ in _CASES} | _WITHOUT_ANSWER == set(get_args(ViewKind))


def test_a_question_that_no_route_takes_any_more_is_refused() -> None:
    with pytest.raises(InvalidError, match="save it again"):
        ask_of("QUESTION", {"metric": "visits"})
