"""The sixteen published cases, asked through the API."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from optiq.kernel.clock import HOUR_MS, MINUTE_MS, from_rfc3339, system_clock, to_rfc3339, utc_day
from optiq.ports.lake_rows import arrow_table
from optiq.reports import keys
from optiq.reports.lake import STEPS
from optiq.reports.records import RunStateRecord
from optiq.reports.touching.api import BINS

from functions.reports.routes import handler
from tests.functional.reports.conftest import SiteMaker
from tests.functional.reports.http import answer, request
from tests.functional.reports.lake import Part, TestLake

ANCHORS = Path(__file__).resolve().parents[4] / "shared" / "anchors" / "funnels"
KNOWN: dict[str, Any] = json.loads((ANCHORS / "cases.json").read_text()) if ANCHORS.exists() else {}
MARCH = "2026-03-01..2026-03-31"
Row = Mapping[str, str]

pytestmark = [
    pytest.mark.usefixtures("table"),
    pytest.mark.skipif(not KNOWN, reason="../shared/anchors is not there"),
]


def rows_of(name: str) -> list[Row]:
    with (ANCHORS / f"{name}.csv").open() as file:
        return list(csv.DictReader(file))


def named(letter: str) -> list[str]:
    return [case for case in KNOWN if case[0] == letter]


class Site:
    """A site with the rows of a case."""

    def __init__(self, lake: TestLake) -> None:
        self.lake = lake

    def write_steps(self, rows: Sequence[Row], until_ms: int | None = None) -> None:
        days: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            is_page = row["name"].startswith("/")
            step = {
                "site_id": self.lake.site_id,
                "customer_id": row["person_id"],
                "session_id": row["session_id"],
                "event_id": row["event_id"],
                "name": "page_view" if is_page else row["name"],
                "kind": "PAGE" if is_page else "TRACK",
                "path": row["name"] if is_page else None,
                "channel": row["dim"],
                "t": int(row["t"]),
            }
            days.setdefault(utc_day(int(row["t"])), []).append(step)
        for day, of_day in days.items():
            self.lake.lake.append(STEPS.name, self.lake.organization_id, day, "steps", arrow_table(STEPS, of_day))
        record = RunStateRecord(*keys.steps_state(self.lake.organization_id))
        record.until_ms = system_clock() if until_ms is None else until_ms
        record.save()

    def ask(self, what: str, **question: Any) -> dict[str, Any]:
        path = f"/v1/sites/{self.lake.site_id}/{what}/query"
        body = json.dumps({"period": MARCH} | question)
        status, found = answer(handler(request(path, self.lake.organization_id, method="POST", body=body), None))
        assert status == 200, found
        return found


@pytest.fixture
def site(make_site: SiteMaker) -> Site:
    return Site(make_site(timezone="Europe/Berlin"))


def matcher(condition: str) -> dict[str, str]:
    """`name = 'View'` as the API writes it."""
    return {"event": condition.split("'")[1]}


def funnel_of(case: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    asked = case["ask"]
    exclusions = [
        {"event": matcher(one), "after": after, "before": before} for one, after, before in asked.get("exclusions", [])
    ]
    return {
        "steps": [matcher(one) for one in asked["steps"]],
        "window_minutes": asked["window_ms"] // MINUTE_MS,
        "step_order": asked["order"],
        "unit": "SESSION" if asked.get("unit") == "session_id" else "CUSTOMER",
        "exclusions": exclusions,
    } | more


@pytest.mark.parametrize("name", named("F"))
def test_a_funnel(site: Site, name: str) -> None:
    case, expected = KNOWN[name], KNOWN[name]["expected"]
    site.write_steps(rows_of(name))
    days = {"period": "2026-03-29..2026-03-29"} if "by_day" in expected else {}
    found = site.ask("funnels", **funnel_of(case, **days))

    assert [step["units"] for step in found["steps"]] == expected["steps"]
    first = expected["steps"][0]
    assert [step["from_first"] for step in found["steps"]] == [round(units / first, 9) for units in expected["steps"]]
    minutes = sorted(expected.get("minutes_to_convert", {}).values())
    if len(minutes) == expected["steps"][-1] and minutes:
        median = minutes[(len(minutes) + 1) // 2 - 1]  # nearest rank
        assert found["steps"][-1]["p50_ms"] == median * MINUTE_MS
        assert found["steps"][-1]["p90_ms"] == minutes[-1] * MINUTE_MS
    for day, units in expected.get("by_day", {}).items():
        assert found["series"] == [{"bucket": day, "units": units, "open": 0}]
    entries = [entry[:10] for entry in expected.get("entry", {}).values()]
    assert all(bucket["units"][0] >= entries.count(bucket["bucket"]) for bucket in found["series"])
    added = [sum(bucket["units"][k] for bucket in found["series"]) for k in range(len(expected["steps"]))]
    assert added == expected["steps"]
    assert found["stopped"] == ([0, 0, 1] if case["ask"].get("exclusions") else [])
    assert (found["values"], found["open"]) == ([], 0)


@pytest.mark.parametrize(("at", "expected"), [("ENTRY", "by_entry"), ("DEEPEST", "by_reached")])
def test_a_funnel_by_channel(site: Site, at: str, expected: str) -> None:
    case = KNOWN["F07_breakdown"]
    site.write_steps(rows_of("F07_breakdown"))
    found = site.ask("funnels", **funnel_of(case, breakdown="channel", breakdown_event=at))
    units = {one["value"]: [step["units"] for step in one["steps"]] for one in found["values"]}
    assert units == case["expected"][expected]


@pytest.mark.parametrize("name", named("R"))
def test_retention(site: Site, name: str) -> None:
    case = KNOWN[name]
    site.write_steps(rows_of(name), from_rfc3339(f"{case['ask']['as_of']}T12:00:00Z"))
    found = site.ask(
        "retention",
        start=matcher(case["ask"]["start"]),
        back=matcher(case["ask"]["back"]),
        interval=case["ask"]["interval"],
        mode=case["ask"]["mode"],
    )
    cells = {cohort["bucket"]: cohort["cells"] for cohort in found["cohorts"]}
    for cohort, expected in case["expected"]["table"].items():
        assert {str(n): cell["people"] for n, cell in enumerate(cells[cohort][:4]) if cell["people"]} == expected
    assert all(not cohort["people"] for cohort in found["cohorts"] if cohort["bucket"] not in case["expected"]["table"])
    incomplete = case["expected"].get("incomplete", [])
    for cohort, n in incomplete:
        assert (cells[cohort][n]["complete"], cells[cohort][n - 1]["complete"]) == (False, True)
    if incomplete:
        # Week 1: 2 of 2, and 0 of 2. Week 2 is over for the first cohort only: 1 of 2.
        assert found["average"][:3] == [1.0, 0.5, 0.5]


@pytest.mark.parametrize("name", named("P"))
def test_paths(site: Site, name: str) -> None:
    case = KNOWN[name]
    site.write_steps(rows_of(name))
    anchor = {"anchor": case["ask"]["start"].split("'")[1]} if "start" in case["ask"] else {}
    found = site.ask("paths", **anchor)
    edges = [[edge["step"], edge["node"], edge["next"], edge["paths"]] for edge in found["edges"]]
    assert sorted(edges) == sorted(case["expected"]["edges"])
    assert found["paths"] == 3


def write_conversions(lake: TestLake, name: str) -> None:
    """A conversion of each person, with its touches; a row that is no touch is the conversion."""
    by_person: dict[str, list[Row]] = {}
    for row in rows_of(name):
        by_person.setdefault(row["person_id"], []).append(row)
    for person, rows in by_person.items():
        touches = [row for row in rows if row["name"] == "touch"]
        ends = [int(row["t"]) for row in rows if row not in touches]
        at = max(ends) if ends else max(int(row["t"]) for row in rows) + HOUR_MS
        parts = [Part(row["dim"], 1 / len(touches), 1) for row in touches] or [Part("No tracked visit", 1, 1, "")]
        credited = lake.credit(person, to_rfc3339(at), parts)
        for credit, touch in zip(credited, touches, strict=False):
            credit["touch_at"] = int(touch["t"])
        lake.write_credits(credited)


def test_overlap(site: Site) -> None:
    expected = KNOWN["O01_overlap"]["expected"]
    write_conversions(site.lake, "O01_overlap")
    found = site.ask("overlap")
    assert {"+".join(one["values"]): one["conversions"] for one in found["sets"]} == expected["sets"]
    assert {one["value"]: one["conversions"] for one in found["reach"]} == expected["reach"]
    assert {"+".join(one["values"]): one["conversions"] for one in found["pairs"]} == expected["pairs"]
    [pair] = [one for one in found["pairs"] if one["values"] == ["Email", "Paid Search"]]
    assert pair["share_of_first"] == round(2 / 3, 9)
    last = {one["value"]: (one["alone"], one["last"], one["assisted"]) for one in found["reach"]}
    assert last == {"Email": (1, 2, 1), "Direct": (1, 1, 1), "Paid Search": (0, 1, 1)}
    assert (found["conversions"], found["no_touch"]) == (4, 0)


def test_time_to_convert(site: Site) -> None:
    expected = KNOWN["T01_time_to_convert"]["expected"]
    write_conversions(site.lake, "T01_time_to_convert")
    found = site.ask("time-to-convert")
    assert (found["no_touch"], found["conversions"], found["bins"]) == (expected["no_touch"], 4, list(BINS))
    for which in ("first", "last"):
        lags = found[which]
        known = expected[which]
        assert (lags["p50_ms"], lags["p90_ms"]) == (known["p50"] * HOUR_MS, known["p90"] * HOUR_MS)
        assert sum(lags["bins"]) == known["n"]
    # From the last touch: 24, 48 and 5 hours.
    assert found["last"]["bins"] == [0, 0, 1, 2, 0, 0, 0, 0, 0, 0]
