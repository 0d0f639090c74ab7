"""Who got as far as a step of a funnel: by hand, and as many as the funnel counts."""

import json
from random import Random
from typing import Any

import pytest

from functions.reports.routes import handler
from tests.functional.reports.conftest import SiteMaker
from tests.functional.reports.http import answer, request
from tests.functional.reports.lake import TestLake
from tests.functional.reports.test_behaviour_routes import START_MS, ask, units, write

pytestmark = pytest.mark.usefixtures("table")
MINUTE_MS = 60_000
THREE = [{"event": "View"}, {"event": "Cart"}, {"event": "Buy"}]


@pytest.fixture
def lake(make_site: SiteMaker) -> TestLake:
    return make_site()


def people(lake: TestLake, **question: Any) -> tuple[int, dict[str, Any]]:
    body = json.dumps({"period": "2026-03-01..2026-03-31", "steps": THREE, "step": 1} | question)
    path = f"/v1/sites/{lake.site_id}/funnels/people"
    return answer(handler(request(path, lake.organization_id, method="POST", body=body), None))


def names(found: tuple[int, dict[str, Any]]) -> list[str]:
    assert found[0] == 200, found
    return [one["customer_id"] for one in found[1]["items"]]


def story(lake: TestLake) -> None:
    write(
        lake,
        ("ada", "View", 0, {"channel": "Email"}),
        ("ada", "Cart", 5, {}),
        ("ada", "Buy", 9, {}),
        ("bob", "View", 1, {"channel": "Email"}),
        ("bob", "Cart", 6, {}),
        ("eve", "View", 2, {}),
        ("dan", "View", 3, {"channel": "Direct"}),
        ("dan", "Cart", 99, {}),
        until_ms=START_MS + 61 * MINUTE_MS,
    )


def test_who_stopped_at_a_step_and_who_reached_it(lake: TestLake) -> None:
    story(lake)
    window = {"window_minutes": 60}
    assert names(people(lake, **window)) == ["dan", "eve"]
    assert names(people(lake, step=2, **window)) == ["bob"]
    assert names(people(lake, step=3, **window)) == ["ada"]
    assert names(people(lake, reached="REACHED", **window)) == ["dan", "eve", "bob", "ada"]
    status, found = people(lake, step=2, reached="REACHED", breakdown="channel", **window)
    assert (status, found["units"], found["cursor"]) == (200, 2, None)
    assert found["items"][0] == {
        "customer_id": "bob",
        "session_id": None,
        "entered_at": "2026-03-02T10:01:00.000Z",
        "reached_at": "2026-03-02T10:06:00.000Z",
        "value": "Email",
        # Until 11:01:00.000 exactly, the window's end, there was no later step; it has ended.
        "open": False,
    }
    assert [one["open"] for one in people(lake, **window)[1]["items"]] == [True, True]
    assert found["period"] == {"from": "2026-03-01", "to": "2026-03-31"}


def test_people_of_one_value_of_the_breakdown(lake: TestLake) -> None:
    story(lake)
    broken = {"reached": "REACHED", "breakdown": "channel"}
    assert names(people(lake, value="Email", **broken)) == ["bob", "ada"]
    assert names(people(lake, value="", **broken)) == ["eve"]
    assert names(people(lake, value="Referral", **broken)) == []


def test_visits_are_listed_with_their_person(lake: TestLake) -> None:
    story(lake)
    status, found = people(lake, step=2, unit="SESSION", window_minutes=60)
    assert status == 200
    assert [(one["customer_id"], one["session_id"]) for one in found["items"]] == [("bob", "s-bob")]


def test_in_any_order_only_the_last_instant_is_known(lake: TestLake) -> None:
    story(lake)
    found = people(lake, step=3, step_order="ANY")[1]["items"]
    assert [(one["customer_id"], one["reached_at"]) for one in found] == [("ada", "2026-03-02T10:09:00.000Z")]
    assert [one["reached_at"] for one in people(lake, step=1, step_order="ANY")[1]["items"]] == [None]


@pytest.mark.parametrize("order", ["LOOSE", "STRICT", "ANY"])
@pytest.mark.parametrize("unit", ["CUSTOMER", "SESSION"])
def test_pages_have_everybody_once_and_as_many_as_the_funnel_counts(lake: TestLake, order: str, unit: str) -> None:
    random = Random(3)
    rows = [
        (f"p{random.randrange(30)}", random.choice(("View", "Cart", "Buy")), random.randrange(300), {})
        for _ in range(200)
    ]
    write(lake, *rows)
    funnel = {"steps": THREE, "step_order": order, "unit": unit, "window_minutes": 30}
    counted = units(ask(lake, "funnels", **funnel))
    for step in (1, 2, 3):
        listed: list[str] = []
        cursor = None
        while True:
            status, found = people(lake, step=step, limit=4, cursor=cursor, **funnel)
            assert status == 200
            listed += [one["customer_id"] for one in found["items"]]
            cursor = found["cursor"]
            if cursor is None:
                break
        following = counted[step] if step < 3 else 0
        assert len(listed) == len(set(listed)) == counted[step - 1] - following
        assert not listed or found["units"] == len(listed)


def test_what_cannot_be_asked_is_refused(lake: TestLake) -> None:
    story(lake)
    assert people(lake, step=4)[1]["fields"][0]["field"] == "body.step"
    assert people(lake, limit=101)[0] == 400
    cursor = people(lake, reached="REACHED", limit=1)[1]["cursor"]
    assert people(lake, reached="NOT_NEXT", limit=1, cursor=cursor)[0] == 400
