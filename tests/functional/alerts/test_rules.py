"""Alert rules over HTTP: written, tried, changed and removed; those of earlier settings are taken over."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from optiq.alerts.contracts import AlertRule, AlertSettings
from optiq.alerts.planning import api as planning
from optiq.alerts.stores import SETTINGS, settings_of
from optiq.kernel.caller import Caller

from functions.alerts.routes import handler
from tests.functional.alerts.watching import TUESDAY, Watched
from tests.functional.reports.http import answer, request

DROP: dict[str, Any] = {"name": "Orders", "kind": "CONVERSION_DROP", "percent": 30}


def ask(watched: Watched, path: str = "", body: object = None, method: str = "") -> tuple[int, dict[str, Any]]:
    method = method or ("GET" if body is None else "POST")
    text = "" if body is None else json.dumps(body)
    whole = f"/v1/sites/{watched.site_id}/alert-rules{path}"
    found = handler(request(whole, watched.company.organization_id, method=method, body=text), None)
    return answer(found) if found["body"] else (found["statusCode"], {})


def test_a_rule_is_written_listed_changed_and_removed(watched: Watched) -> None:
    status, made = ask(watched, body=DROP)
    path = f"/{made['rule_id']}"
    assert (status, made["percent"], made["severity"], made["now"]) == (201, 30, "WARNING", None)
    assert ask(watched)[1]["items"] == [made]

    status, changed = ask(watched, path, {"percent": 50, "version": made["version"]}, "PATCH")
    assert (status, changed["percent"], changed["version"]) == (200, 50, made["version"] + 1)
    assert ask(watched, path, {"percent": 20, "version": made["version"]}, "PATCH")[0] == 409

    assert ask(watched, path, method="DELETE")[0] == 204
    assert ask(watched, path)[0] == 404
    assert ask(watched)[1]["items"] == []


def test_a_rule_tells_what_came_of_the_latest_day(watched: Watched) -> None:
    _, made = ask(watched, body=DROP)
    watched.go_on(TUESDAY, conversions=52)

    now = ask(watched, f"/{made['rule_id']}")[1]["now"]
    assert (now["outcome"], now["value"], now["usual"]) == ("BREACH", 52, 100)


def test_a_dry_run_says_what_a_rule_would_have_done(watched: Watched) -> None:
    for back, value in ((14, 40), (13, 30), (7, 20)):
        watched.on(TUESDAY - timedelta(days=back), conversions=value)
    watched.at(TUESDAY, hours=2)
    body = DROP | {"percent": 30}

    with_mine = _tried(watched, body)
    with_less = _tried(watched, body | {"percent": 75})

    breaches = [one["day"] for one in with_mine["days"] if one["judgement"]["outcome"] == "BREACH"]
    assert breaches == ["2026-11-10", "2026-11-11", "2026-11-17"]
    assert (with_mine["alerts"], with_less["alerts"]) == (2, 1)
    assert ask(watched)[1]["items"] == []


def _tried(watched: Watched, body: dict[str, Any]) -> dict[str, Any]:
    from optiq.alerts.sweeping import api as sweeping

    from functions.alerts.schemas_rules import TriedRuleOut

    found = sweeping.try_rule(watched.caller, watched.site_id, clock=lambda: watched.now_ms, **body)
    return TriedRuleOut.model_validate(found).model_dump()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": " "}, "name"),
        ({"name": "a" * 101}, "name"),
        ({"percent": None}, "percent"),
        ({"percent": 101}, "percent"),
        ({"spend_micros": 1}, "spend_micros"),
        ({"comparison_days": 0}, "comparison_days"),
        ({"periods": 0}, "periods"),
        ({"cooldown_hours": 0}, "cooldown_hours"),
        ({"period": "WEEK"}, "period"),
        ({"levels": []}, "levels"),
        ({"conditions": [{"metric": "visits", "comparison": "ABOVE", "value": 1}]}, "conditions"),
        ({"kind": "SPEND_THRESHOLD", "percent": None}, "spend_micros"),
        ({"kind": "NO_DATA"}, "percent"),
        ({"kind": "CUSTOM", "percent": None}, "conditions"),
        ({"kind": "CUSTOM", "percent": None, "conditions": [{"metric": "joy", "comparison": "ABOVE"}]}, "joy"),
        ({"kind": "CUSTOM", "percent": None, "conditions": [{"metric": "visits", "comparison": "ABOVE"}]}, "value"),
        ({"kind": "CUSTOM", "percent": None, "conditions": [{"metric": "roas", "comparison": "ODD"}]}, "metric"),
        (
            {
                "kind": "CUSTOM",
                "percent": None,
                "conditions": [{"metric": "people", "comparison": "ABOVE", "value": 1, "days": 7}],
            },
            "days",
        ),
        ({"kind": "WEATHER"}, "kind"),
        ({"filters": [{"dimension": "page", "operator": "is", "values": ["/"]}]}, "filters"),
        ({"model": "MAGIC"}, "model"),
        ({"channels": []}, "channels"),
    ],
)
def test_what_cannot_be_is_refused_by_name(watched: Watched, changes: dict[str, Any], said: str) -> None:
    status, problem = ask(watched, body=DROP | changes)

    if said == "joy":
        said = "metric"
    assert (status, said in problem["detail"]) == (400, True), problem
    assert ask(watched)[1]["items"] == []


def test_rules_of_earlier_settings_are_taken_over_once(watched: Watched) -> None:
    old = AlertSettings(
        watched.company.organization_id,
        watched.site_id,
        rules=(AlertRule("CONVERSION_DROP", percent=40), AlertRule("SPEND_THRESHOLD", False, spend_micros=5)),
        addresses=("a@shop.example",),
        changed_ms=1,
    )
    SETTINGS.change(Caller.system(old.organization_id), replace(old, rules=()), old)

    first, again = ask(watched)[1]["items"], ask(watched)[1]["items"]

    assert [(one["kind"], one["percent"], one["spend_micros"], one["paused"]) for one in first] == [
        (kind, percent, spend, paused)
        for kind, percent, spend, paused in sorted(
            [("CONVERSION_DROP", 40, None, False), ("SPEND_THRESHOLD", None, 5, True)],
            key=lambda one: [each["kind"] for each in first].index(one[0]),
        )
    ]
    assert again == first
    kept = settings_of(old.organization_id, old.site_id)
    assert (kept.rules, kept.addresses) == ((), ("a@shop.example",))


def test_a_sweep_takes_rules_of_earlier_settings_over(watched: Watched) -> None:
    organization_id = watched.company.organization_id
    old = AlertSettings(organization_id, watched.site_id, rules=(AlertRule("CONVERSION_DROP", percent=30),))
    mine = (organization_id, watched.site_id)
    before = mine in planning.watched_sites()
    SETTINGS.change(Caller.system(organization_id), replace(old, rules=()), old)
    with_old = mine in planning.watched_sites()

    assert watched.go_on(TUESDAY, conversions=52) == 1
    assert (before, with_old, mine in planning.watched_sites()) == (False, True, True)
    assert settings_of(*mine).rules == ()
    assert watched.sweep() == 0


def test_the_pages_rule_is_taken(watched: Watched) -> None:
    import re

    page = (Path(__file__).parents[3] / "docs" / "alerts.md").read_text(encoding="utf-8")
    (body,) = re.findall(r"/alert-rules -d '([^']*)'", page)

    assert ask(watched, body=json.loads(body))[0] == 201
