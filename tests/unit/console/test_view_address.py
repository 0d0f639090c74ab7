"""Where the console shows a saved view; its script runs in Node.js."""

import json
from typing import Any

import pytest

from tests.unit.console.modules import result_of

QUESTION = {"metrics": ["spend", "roas"], "dimensions": ["campaign"], "period": "2026-01-01..2026-01-31"}
FUNNEL = {"steps": [{"event": "page_view", "filters": []}, {"event": "Order Completed"}], "window_minutes": 60}


def place_of(kind: str, question: dict[str, Any]) -> Any:
    return result_of("parts/view-address.ts", f"m.placeOf({json.dumps(kind)}, {json.dumps(question)}, 'view_1')")


def test_place_of_a_question_has_its_columns_days_and_filters() -> None:
    filters = [{"dimension": "channel", "operator": "is", "values": ["Paid Search"]}]

    place = place_of("QUESTION", {**QUESTION, "filters": filters, "model": "MARKOV"})

    assert place["page"] == "campaigns"
    assert {name: text for name, text in place["params"].items() if text} == {
        "columns": "spend.roas",
        "from": "2026-01-01",
        "to": "2026-01-31",
        "where": "channel~is~Paid%20Search",
        "model": "MARKOV",
    }


def test_place_of_a_funnel_has_its_steps_window_and_exclusion() -> None:
    skipped = {"event": {"event": "Chat Started"}, "after": 1, "before": 2}

    place = place_of("FUNNEL", {**FUNNEL, "exclusions": [skipped]})

    assert place["page"] == "funnels"
    assert (place["params"]["steps"], place["params"]["window"]) == ("page_view!Order%20Completed", "60")
    assert place["params"]["skip"] == "Chat Started"


@pytest.mark.parametrize(
    ("kind", "question", "page", "params"),
    [
        (
            "RETENTION",
            {"start": {"event": "Signed Up"}, "back": {"event": ""}, "interval": "MONTH", "mode": "ON_OR_AFTER"},
            "retention",
            {"start": "Signed Up", "interval": "MONTH", "mode": "ON_OR_AFTER"},
        ),
        (
            "PATHS",
            {"dimension": "event", "anchor": "Lead", "direction": "BACKWARD", "depth": 8, "most_nodes": 10},
            "paths",
            {"by": "event", "anchor": "Lead", "direction": "BACKWARD", "depth": "8", "nodes": "10"},
        ),
        ("TIME_TO_CONVERT", {"conversion": "Lead"}, "time-to-convert", {"conversion": "Lead"}),
        ("OVERLAP", {"conversion": "", "dimension": "source"}, "overlap", {"by": "source"}),
        (
            "COHORT_VALUE",
            {"by": "CHANNEL", "conversion": "Lead"},
            "cohort-value",
            {"by": "CHANNEL", "conversion": "Lead"},
        ),
    ],
)
def test_place_of_a_view_of_behaviour_has_what_its_page_knows(
    kind: str, question: dict[str, Any], page: str, params: dict[str, str]
) -> None:
    place = place_of(kind, question | {"period": "last90d"})

    assert place["page"] == page
    assert {name: text for name, text in place["params"].items() if text} == params | {"period": "last90d"}


def test_place_of_a_segment_is_a_report_that_names_it() -> None:
    filters = [{"dimension": "custom.plan", "operator": "is", "values": ["pro"]}]

    place = place_of("SEGMENT", {"filters": filters})

    assert (place["page"], place["params"]) == ("channels", {"segment": "view_1", "where": None})


def test_place_of_a_view_has_its_segments_and_filters_of_which_one_is_enough() -> None:
    mail = {"dimension": "channel", "operator": "is", "values": ["Email"]}
    spring = {"dimension": "campaign", "operator": "contains", "values": ["spring|sale!"]}
    steps = [{"event": "page_view", "filters": [[mail, spring]]}, {"event": "Lead"}]
    question = {"steps": steps, "filters": [mail, [mail, spring]], "segments": ["view_7", "view_8"]}

    place = place_of("FUNNEL", question)

    either = "channel~is~Email|campaign~contains~spring%7Csale%21"
    assert place["params"]["where"] == f"channel~is~Email;{either}"
    assert place["params"]["segment"] == "view_7.view_8"
    assert place["params"]["steps"] == f"page_view?{either}!Lead"


@pytest.mark.parametrize(
    ("kind", "question"),
    [
        ("QUESTION", QUESTION | {"dimensions": ["channel", "device"]}),
        ("FUNNEL", FUNNEL | {"exclusions": [{"event": {"event": "Chat"}, "after": 2, "before": 3}]}),
        ("RETENTION", {"start": {"event": "", "filters": [{}]}, "back": {"event": "Lead"}}),
        ("PATHS", {"dimension": "country"}),
        ("OVERLAP", {"dimension": "landing_page"}),
    ],
)
def test_place_of_what_the_console_cannot_show_is_none(kind: str, question: dict[str, Any]) -> None:
    assert place_of(kind, question) is None
