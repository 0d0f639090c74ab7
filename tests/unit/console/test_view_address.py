"""Where the console shows a saved view; its script runs in Node.js."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.console.modules import result_of

QUESTION = {"metrics": ["spend", "roas"], "dimensions": ["campaign"], "period": "2026-01-01..2026-01-31"}
FUNNEL = {"steps": [{"event": "page_view", "filters": []}, {"event": "Order Completed"}], "window_minutes": 60}
ONE_IS_ENOUGH = {"filters": [[{"dimension": "channel", "operator": "is", "values": ["Email"]}]]}


def place_of(folder: Path, kind: str, question: dict[str, Any]) -> Any:
    return result_of("parts/view-address.ts", f"m.placeOf({json.dumps(kind)}, {json.dumps(question)})", folder)


def test_place_of_a_question_has_its_columns_days_and_filters(tmp_path: Path) -> None:
    filters = [{"dimension": "channel", "operator": "is", "values": ["Paid Search"]}]

    place = place_of(tmp_path, "QUESTION", {**QUESTION, "filters": filters, "model": "MARKOV"})

    assert place["page"] == "campaigns"
    assert {name: text for name, text in place["params"].items() if text} == {
        "columns": "spend.roas",
        "from": "2026-01-01",
        "to": "2026-01-31",
        "where": "channel~is~Paid%20Search",
        "model": "MARKOV",
    }


def test_place_of_a_funnel_has_its_steps_window_and_exclusion(tmp_path: Path) -> None:
    skipped = {"event": {"event": "Chat Started"}, "after": 1, "before": 2}

    place = place_of(tmp_path, "FUNNEL", {**FUNNEL, "exclusions": [skipped]})

    assert place["page"] == "funnels"
    assert (place["params"]["steps"], place["params"]["window"]) == ("page_view!Order%20Completed", "60")
    assert place["params"]["skip"] == "Chat Started"


@pytest.mark.parametrize(
    ("kind", "question"),
    [
        ("QUESTION", QUESTION | ONE_IS_ENOUGH),
        ("QUESTION", QUESTION | {"dimensions": ["channel", "device"]}),
        ("FUNNEL", FUNNEL | ONE_IS_ENOUGH),
        ("FUNNEL", FUNNEL | {"exclusions": [{"event": {"event": "Chat"}, "after": 2, "before": 3}]}),
        ("RETENTION", {"period": "last90d"}),
    ],
)
def test_place_of_what_the_console_cannot_show_is_none(tmp_path: Path, kind: str, question: dict[str, Any]) -> None:
    assert place_of(tmp_path, kind, question) is None
