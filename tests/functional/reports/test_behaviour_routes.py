"""Funnels, retention and paths over HTTP: filters, what is open, mistakes, other tenants."""

import json
from typing import Any

import pytest
from optiq.journeys.lake import PEOPLE
from optiq.kernel.clock import DAY_MS, MINUTE_MS, from_rfc3339, utc_day
from optiq.kernel.ids import new_id
from optiq.ports.lake_rows import arrow_table
from optiq.reports import keys
from optiq.reports.lake import STEPS
from optiq.reports.records import RunStateRecord

from functions.reports.routes import handler
from tests.functional.reports.conftest import SiteMaker
from tests.functional.reports.http import answer, request
from tests.functional.reports.lake import Part, TestLake

pytestmark = pytest.mark.usefixtures("table")
START_MS = from_rfc3339("2026-03-02T10:00:00Z")
STEPS_OF_A_SALE = [{"event": "View"}, {"event": "Buy"}]
ROUTES = {
    "funnels": {"steps": STEPS_OF_A_SALE},
    "retention": {"start": {"event": "View"}, "back": {"event": "Buy"}},
    "paths": {},
    "time-to-convert": {},
    "overlap": {},
}


@pytest.fixture
def lake(make_site: SiteMaker) -> TestLake:
    return make_site()


def write(lake: TestLake, *rows: tuple[str, str, int, dict[str, Any]], until_ms: int = START_MS + 30 * DAY_MS) -> None:
    """Rows of (person, event, minutes after the start, other columns)."""
    days: dict[str, list[dict[str, Any]]] = {}
    for number, (person, name, minutes, more) in enumerate(rows):
        t = START_MS + minutes * MINUTE_MS
        row = {"customer_id": person, "name": name, "t": t, "event_id": f"e{number}", "session_id": f"s-{person}"}
        days.setdefault(utc_day(t), []).append({"site_id": lake.site_id, "kind": "TRACK"} | row | more)
    for day, of_day in days.items():
        lake.lake.append(STEPS.name, lake.organization_id, day, "steps", arrow_table(STEPS, of_day))
    record = RunStateRecord(*keys.steps_state(lake.organization_id))
    record.until_ms = until_ms
    record.save()


def ask(lake: TestLake, what: str, *, organization_id: str = "", **question: Any) -> tuple[int, dict[str, Any]]:
    path = f"/v1/sites/{lake.site_id}/{what}/query"
    body = json.dumps({"period": "2026-03-01..2026-03-31"} | ROUTES[what] | question)
    return answer(handler(request(path, organization_id or lake.organization_id, method="POST", body=body), None))


def units(found: tuple[int, dict[str, Any]]) -> list[int]:
    assert found[0] == 200, found
    return [step["units"] for step in found[1]["steps"]]


def is_of(dimension: str, *values: str) -> dict[str, Any]:
    return {"dimension": dimension, "operator": "is", "values": list(values)}


def test_filters_are_of_all_events_or_of_one_step(lake: TestLake) -> None:
    write(
        lake,
        ("a", "View", 0, {"device": "MOBILE", "path": "/x"}),
        ("a", "Buy", 5, {"device": "MOBILE"}),
        ("b", "View", 0, {"device": "DESKTOP", "path": "/y"}),
        ("b", "Buy", 5, {"device": "DESKTOP"}),
    )
    assert units(ask(lake, "funnels")) == [2, 2]
    assert units(ask(lake, "funnels", filters=[is_of("device", "MOBILE")])) == [1, 1]
    first = {"event": "View", "filters": [is_of("page", "/y")]}
    assert units(ask(lake, "funnels", steps=[first, {"event": "Buy"}])) == [1, 1]
    assert units(ask(lake, "funnels", steps=[first, {"filters": [is_of("device", "MOBILE")]}])) == [1, 0]
    hostile = is_of("device", "' OR 1=1 --")
    assert units(ask(lake, "funnels", filters=[hostile])) == [0, 0]
    assert units(ask(lake, "funnels", steps=[{"event": "View' OR '1'='1"}, {"event": "Buy"}])) == [0, 0]


def test_two_linked_customers_are_one_person(lake: TestLake) -> None:
    write(lake, ("phone", "View", 0, {}), ("laptop", "Buy", 5, {}))
    assert units(ask(lake, "funnels")) == [1, 0]
    link = {
        "site_id": lake.site_id,
        "customer_id": "laptop",
        "person_id": "phone",
        "revision": 1,
        "changed_at": START_MS,
    }
    lake.lake.append(PEOPLE.name, lake.organization_id, "2026-03-02", "a", arrow_table(PEOPLE, [link]))
    # Another question, for the first answer is fresh.
    assert units(ask(lake, "funnels", window_minutes=60)) == [1, 1]


def test_attempts_whose_window_has_not_ended_are_open(lake: TestLake) -> None:
    until_ms = START_MS + 100 * MINUTE_MS
    write(
        lake,
        ("a", "View", 0, {}),
        ("b", "View", 50, {}),
        ("c", "View", 60, {}),
        ("c", "Buy", 70, {}),
        until_ms=until_ms,
    )
    status, found = ask(lake, "funnels", window_minutes=60, period="2026-03-02..2026-03-02")
    assert status == 200
    assert (found["open"], found["series"]) == (1, [{"bucket": "2026-03-02", "units": [3, 1], "open": 1}])
    assert found["data_until"] == "2026-03-02T11:40:00.000Z"
    assert found["incomplete_days"] == ["2026-03-02"]


def test_a_first_start_before_the_period_is_in_no_cohort(lake: TestLake) -> None:
    write(lake, ("a", "View", -10 * 24 * 60, {}), ("a", "View", 0, {}), ("b", "View", 0, {}), ("b", "Buy", 1440, {}))
    period = {"period": "2026-03-02..2026-03-04", "interval": "DAY"}

    def cohorts(**question: Any) -> dict[str, list[int]]:
        status, found = ask(lake, "retention", **period, **question)
        assert status == 200, found
        return {one["bucket"]: [cell["people"] for cell in one["cells"][:3]] for one in found["cohorts"]}

    assert cohorts() == {"2026-03-02": [1, 1, 0], "2026-03-03": [0, 0, 0], "2026-03-04": [0, 0, 0]}
    assert cohorts(first="IN_PERIOD")["2026-03-02"] == [2, 1, 0]


def test_the_period_of_retention_begins_with_its_first_bucket(lake: TestLake) -> None:
    write(lake, ("a", "View", 0, {}))
    status, found = ask(lake, "retention", period="2026-03-04..2026-03-10")
    assert (status, found["period"]) == (200, {"from": "2026-03-02", "to": "2026-03-10"})
    assert [one["people"] for one in found["cohorts"]] == [1, 0]


def test_paths_lead_back_from_an_anchor(lake: TestLake) -> None:
    pages = {"kind": "PAGE"}
    for_cart = [("/", 0), ("/p", 1), ("/cart", 2), ("/thanks", 3)]
    write(lake, *[("a", "page_view", minutes, {"path": path} | pages) for path, minutes in for_cart])
    status, found = ask(lake, "paths", anchor="/cart", direction="BACKWARD")
    assert status == 200
    assert [(edge["step"], edge["node"], edge["next"]) for edge in found["edges"]] == [
        (1, "/cart", "/p"),
        (2, "/p", "/"),
        (3, "/", ""),
    ]


@pytest.mark.parametrize(
    ("what", "question", "field"),
    [
        ("funnels", {"steps": [{"event": "View"}]}, "steps"),
        ("funnels", {"steps": [{"event": "View"}] * 11}, "steps"),
        ("funnels", {"steps": [{"event": "x" * 201}, {"event": "Buy"}]}, "steps"),
        ("funnels", {"steps": [{"event": "View"}] * 2, "step_order": "ANY"}, "steps"),
        ("funnels", {"window_minutes": -1}, "window_minutes"),
        ("funnels", {"exclusions": [{"event": {}, "after": 2, "before": 2}]}, "exclusions"),
        ("funnels", {"exclusions": [{"event": {}, "after": 1, "before": 2}], "step_order": "ANY"}, "exclusions"),
        ("funnels", {"breakdown": "colour"}, "breakdown"),
        ("funnels", {"breakdown": "conversion"}, "breakdown"),
        ("funnels", {"filters": [is_of("entry_page", "/")]}, "filters"),
        ("funnels", {"period": "soon"}, "period"),
        ("retention", {"period": "last400d", "interval": "DAY"}, "period"),
        ("retention", {"start": {"filters": [is_of("colour", "red")]}}, "filters"),
        ("paths", {"dimension": "conversion"}, "dimension"),
        ("paths", {"depth": 11}, "depth"),
        ("paths", {"most_nodes": 0}, "most_nodes"),
        ("paths", {"anchor": "x" * 501}, "anchor"),
        ("time-to-convert", {"period": "soon"}, "period"),
        ("overlap", {"conversion": "x" * 201}, "conversion"),
    ],
)
def test_what_cannot_be_asked_names_the_field(lake: TestLake, what: str, question: dict[str, Any], field: str) -> None:
    status, found = ask(lake, what, **question)
    assert (status, found["fields"][0]["field"]) == (400, f"body.{field}")


@pytest.mark.parametrize("what", ROUTES)
def test_the_site_of_another_organization_is_not_found(lake: TestLake, what: str) -> None:
    assert ask(lake, what, organization_id=new_id("org", 1))[0] == 404


@pytest.mark.parametrize("what", ROUTES)
def test_a_site_without_data_has_an_empty_answer(lake: TestLake, what: str) -> None:
    status, found = ask(lake, what)
    assert status == 200, found
    assert found["notes"] == []


def test_conversions_are_those_of_which_one_touch_matches_all_filters(lake: TestLake) -> None:
    day = "2026-03-02T10:00:00Z"
    touched = {"touch_at": from_rfc3339(day)}
    both = lake.credit("a", day, [Part("Email", 0.5, 1), Part("Direct", 0.5, 1)])
    lake.write_credits(
        [row | touched for row in both],
        [row | touched for row in lake.credit("b", day, [Part("Email", 1, 1)])],
        lake.credit("c", day, [Part("No tracked visit", 1, 1, "")]),
    )

    def sets(*filters: Any, **question: Any) -> dict[str, int]:
        status, found = ask(lake, "overlap", filters=list(filters), **question)
        assert status == 200, found
        return {"+".join(one["values"]): one["conversions"] for one in found["sets"]}

    assert sets() == {"Direct+Email": 1, "Email": 1}
    assert sets(is_of("channel", "Direct")) == {"Direct+Email": 1}
    assert sets([is_of("channel", "Direct"), is_of("campaign", "nowhere")]) == {"Direct+Email": 1}
    # One touch has to match both.
    assert sets(is_of("channel", "Direct"), is_of("channel", "Email")) == {}
    # They are one customer's: of those within an instant the first is new.
    assert sets(is_of("customer", "NEW")) == {"Direct+Email": 1}
    assert sets(is_of("customer", "RETURNING")) == {"Email": 1}
    assert sets(is_of("conversion", "Signed Up")) == {}
    status, lags = ask(lake, "time-to-convert", filters=[is_of("channel", "No tracked visit")])
    assert (status, lags["conversions"], lags["no_touch"]) == (200, 1, 1)
    status, refused = ask(lake, "overlap", filters=[is_of("country", "DE")])
    assert (status, refused["detail"].split(";")[0]) == (
        400,
        "filters: country is not known of conversions and revenue",
    )


@pytest.mark.parametrize("what", ROUTES)
def test_an_answer_without_a_number_says_so_of_filters_that_nothing_fits(lake: TestLake, what: str) -> None:
    write(lake, ("a", "View", 0, {"channel": "Email"}))
    lake.write_credits(lake.credit("a", "2026-03-02T10:00:00Z", [Part("Email", 1, 1)]))

    def notes(value: str) -> list[str]:
        status, found = ask(lake, what, filters=[is_of("channel", value)])
        assert status == 200, found
        return [note["text"] for note in found["notes"]]

    assert notes("Emial") == ["Nothing in these days fits all filters (Emial). Check how their values are spelt."]
    if what != "paths":  # It follows views of pages, which there are none of.
        assert notes("Email") == []


def test_a_step_whose_filter_nothing_fits_is_named(lake: TestLake) -> None:
    write(lake, ("a", "View", 0, {"path": "/x"}))
    first = {"event": "View", "filters": [is_of("page", "/y")]}
    status, found = ask(lake, "funnels", steps=[first, {"event": "Buy"}])
    assert (status, [note["kind"] for note in found["notes"]]) == (200, ["NOTHING_FOUND"])
    assert "(/y)" in found["notes"][0]["text"]
