"""What a link names and does not exist is said so; it never shows other figures instead."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from optiq.attribution import api as attribution
from optiq.attribution.contracts import Model
from optiq.kernel.clock import DAY_MS, day_of, parse_timezone, system_clock, to_rfc3339
from optiq.kernel.ids import new_id
from optiq.reports.domain import ATTRIBUTION_DIMENSIONS
from optiq.tenancy import api as tenancy

from functions.reports.routes import handler
from tests.functional.reports.conftest import SiteMaker
from tests.functional.reports.http import answer, request
from tests.functional.reports.lake import Part, TestLake
from tests.support.examples import each_and_slow

DAY = "2026-01-10"
DAYS = f"from={DAY}&to={DAY}"
VERSIONS = {"settings_version": 0, "fit_version": 0, "engine_version": 1, "window_days": 90}


@pytest.fixture
def lake(make_site: SiteMaker, monkeypatch: pytest.MonkeyPatch) -> TestLake:
    """Three sales of the campaign spring, after an e-mail and another visit; credited by LINEAR and FIRST_TOUCH."""
    lake = make_site()
    monkeypatch.setattr(attribution, "verdicts", lambda *_: {})
    for sale in ("c1", "c2", "c3"):
        parts = [Part("Email", 0.5, 5_000_000), Part("Display", 0.5, 5_000_000)]
        rows = lake.credit(sale, f"{DAY}T12:00:00Z", parts)
        for row, first in zip(rows, (1, 0), strict=True):
            row |= VERSIONS | {"first_touch_weight": float(first), "first_touch_micros": first * 10_000_000}
        lake.write_credits(rows)
    return lake


def get(lake: TestLake, path: str) -> tuple[int, dict[str, Any]]:
    event = request(f"/v1/sites/{lake.site_id}/attribution{path}", lake.organization_id)
    return answer(handler(event, None))


@pytest.mark.parametrize(
    ("by", "value"), each_and_slow(ATTRIBUTION_DIMENSIONS, ["sprng", "SPRING", "spring ", "' OR '1'='1", ""])
)
def test_a_value_that_no_conversion_has_is_said(lake: TestLake, by: str, value: str) -> None:
    status, body = get(lake, f"/explain?by={by}&value={quote(value)}&model=LINEAR&{DAYS}")
    assert (status, body["items"], body["totals"]["conversions"]) == (200, [], 0)
    assert body["note"] == f"no conversion of these days has the {by.replace('_', ' ')} '{value}'"


def test_a_value_that_exists_and_earned_nothing_is_told_apart(lake: TestLake) -> None:
    path = f"/explain?by=channel&{DAYS}"
    assert get(lake, f"{path}&value=Display&model=LINEAR")[1]["note"] == ""
    nothing = get(lake, f"{path}&value=Display&model=FIRST_TOUCH")[1]
    assert (nothing["items"], nothing["note"]) == ([], "FIRST_TOUCH gives the channel 'Display' nothing in these days")
    not_computed = get(lake, f"{path}&value=Display&model=MARKOV")[1]["note"]
    assert not_computed == "MARKOV is not computed for 3 conversions; no other has the channel 'Display'"


@pytest.mark.parametrize(
    ("name", "path"),
    each_and_slow(
        ["Order", "order completed", "x' OR true --"],
        ["?model=LINEAR", "/compare?models=LINEAR,FIRST_TOUCH", "/explain?value=spring"],
    ),
)
def test_a_conversion_type_that_nobody_sent_is_said(lake: TestLake, path: str, name: str) -> None:
    status, body = get(lake, f"{path}&{DAYS}&conversion={quote(name)}")
    assert (status, body["note"]) == (200, f"no conversion of these days is named '{name}'")
    assert body.get("rows", []) == body.get("items", []) == []


@pytest.mark.parametrize("path", ["?model=LINEAR", "/compare?models=LINEAR", "/explain?value=spring&model=LINEAR"])
def test_what_exists_needs_no_note(lake: TestLake, path: str) -> None:
    assert get(lake, f"{path}&{DAYS}&conversion=Order+Completed")[1]["note"] == ""


@pytest.mark.parametrize("model", ["linear", "LINEAR ", "LAST_CLICK", "None", "LINEAR;MARKOV"])
def test_a_model_that_does_not_exist_is_refused_with_those_that_do(lake: TestLake, model: str) -> None:
    for path in (f"?model={quote(model)}", f"/compare?models=LINEAR,{quote(model)}", f"/explain?value=x&model={model}"):
        status, problem = get(lake, path.replace(" ", "%20"))
        assert status == 400
        assert all(name in problem["detail"] for name in Model)


@pytest.mark.parametrize("models", ["LINEAR,", ",", "LINEAR,,MARKOV"])
def test_a_model_without_a_name_is_no_default(lake: TestLake, models: str) -> None:
    assert get(lake, f"/compare?models={models}&{DAYS}")[0] == 400


@pytest.mark.parametrize("path", ["?model=LINEAR", "/compare?models=LINEAR", "/explain?value=spring"])
def test_a_ledger_of_tomorrow_is_refused(lake: TestLake, path: str) -> None:
    now_ms, utc = system_clock(), parse_timezone("UTC")
    today = day_of(now_ms, utc)
    instants = (to_rfc3339(now_ms + 2 * DAY_MS), "9999-12-31T00:00:00Z")
    for future in (f"{today + timedelta(days=2)}", "2199-12-31", *instants):
        status, problem = get(lake, f"{path}&{DAYS}&as_of={future}")
        assert (status, problem["detail"].partition(":")[0]) == (400, "as_of")
    assert get(lake, f"{path}&{DAYS}&as_of={today}")[0] == 200


@pytest.mark.parametrize(
    ("range_", "named"),
    [
        ("from=2026-01-32", "query.from: "),
        ("to=10.01.2026", "query.to: "),
        ("from=2026-01-10T00:00:00Z", "query.from: "),
        ("from=2026-1-1&to=2026-01-31", "query.from: "),
        ("from=2026-01-01&to=20260131", "query.to: "),
        ("from=2199-01-01", "'from'"),
        ("from=2026-01-11&to=2026-01-10", "'from'"),
    ],
)
def test_a_day_that_cannot_be_is_named(lake: TestLake, range_: str, named: str) -> None:
    for path in ("?", "/compare?", "/explain?value=spring&"):
        status, problem = get(lake, f"{path}{range_}")
        assert status == 400
        assert problem["detail"].startswith(named)


def test_days_of_the_future_hold_nothing(lake: TestLake) -> None:
    status, body = get(lake, "?model=LINEAR&from=2150-01-01&to=2150-01-31")
    assert (status, body["rows"], body["from"], body["to"]) == (200, [], "2150-01-01", "2150-01-31")


@pytest.mark.parametrize(
    "other",
    [
        "value=winter&model=LINEAR",
        "value=spring&model=FIRST_TOUCH",
        "value=spring&model=LINEAR&by=ad",
        "value=spring&model=LINEAR&conversion=Lead",
        "value=spring&model=LINEAR&as_of=2026-02-01",
        "value=spring&model=LINEAR&from=2026-01-09",
    ],
)
def test_a_cursor_of_another_list_is_refused(lake: TestLake, other: str) -> None:
    first = get(lake, f"/explain?value=spring&model=LINEAR&{DAYS}&limit=1")[1]
    days = "to=2026-01-10" if "from=" in other else DAYS
    status, problem = get(lake, f"/explain?{other}&{days}&limit=1&cursor={first['cursor']}")
    assert (status, problem["detail"].partition(":")[0]) == (400, "cursor")
    again = get(lake, f"/explain?value=spring&model=LINEAR&{DAYS}&limit=2&cursor={first['cursor']}")[1]
    assert [item["conversion_id"] for item in again["items"]] == ["c2", "c3"]


def test_a_cursor_of_another_site_is_refused(lake: TestLake, monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"/explain?value=spring&model=LINEAR&{DAYS}&limit=1"
    first = get(lake, path)[1]
    sister = replace(tenancy.get_site(lake.organization_id, lake.site_id), site_id=new_id("site", 1))
    monkeypatch.setattr(tenancy, "get_site", lambda *_: sister)
    assert get(lake, f"{path}&cursor={first['cursor']}")[0] == 400


@pytest.mark.parametrize("path", ["", "/compare", "/explain?value=spring"])
def test_a_site_that_does_not_exist_is_not_found(lake: TestLake, path: str) -> None:
    for site_id in (new_id("site", 1), "site", lake.site_id.lower(), f"{lake.site_id}x"):
        event = request(f"/v1/sites/{site_id}/attribution{path}", lake.organization_id)
        assert answer(handler(event, None))[0] == 404


def test_every_model_there_is_can_be_asked_for(lake: TestLake) -> None:
    assert all(get(lake, f"?model={model}&{DAYS}")[1]["model"] == model for model in Model)
