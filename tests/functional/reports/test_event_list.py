"""The list of events: what came in, what reports leave out and why, by pages, within one site."""

import base64
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from optiq.journeys.lake import EVENTS
from optiq.kernel.clock import DAY_MS, from_rfc3339, system_clock, to_rfc3339
from optiq.kernel.ids import new_id
from optiq.kernel.left_out import REASONS
from optiq.ports.lake_rows import arrow_table, name_of
from optiq.tenancy import api as tenancy

from functions.reports.routes import handler
from tests.functional.reports.conftest import SiteMaker
from tests.functional.reports.http import answer, request
from tests.functional.reports.lake import TestLake

NOON = from_rfc3339("2026-01-10T12:00:00Z")
RANGE = {"from": "2026-01-01", "to": "2026-01-31"}
NEW_COLUMNS = ("from_server", "position", "left_out", "warnings")


def event(event_id: str, at_ms: int = NOON, **columns: Any) -> dict[str, Any]:
    return {
        "event_id": event_id,
        "site_id": "",
        "customer_id": "cus_a",
        "kind": "TRACK",
        "name": "Order Completed",
        "occurred_at": at_ms,
        "received_at": at_ms + 1,
        "url": "https://shop.example/",
        "value_micros": 5_000_000,
        "currency": "EUR",
        "bot": False,
        "from_server": False,
        "position": 0,
        "left_out": "",
        "warnings": "[]",
    } | columns


def write(lake: TestLake, *events: dict[str, Any], without: tuple[str, ...] = (), name: str = "") -> None:
    for row in events:
        row = row | {"site_id": row["site_id"] or lake.site_id}
        rows = arrow_table(EVENTS, [row]).drop(list(without))
        day = to_rfc3339(row["occurred_at"])[:10]
        lake.lake.append("events", lake.organization_id, day, name or name_of("test", [row]), rows)


def ask(lake: TestLake, organization_id: str = "", **query: object) -> tuple[int, dict[str, Any]]:
    path = f"/v1/sites/{lake.site_id}/events?{urlencode(query)}"
    return answer(handler(request(path, organization_id or lake.organization_id), None))


def ids(lake: TestLake, **query: object) -> list[str]:
    status, body = ask(lake, **(RANGE | query))
    assert status == 200, body
    return [item["event_id"] for item in body["items"]]


def test_an_event_is_told_with_why_it_is_left_out(make_site: SiteMaker) -> None:
    lake = make_site(timezone="Europe/Berlin")
    warnings = json.dumps(["`properties` is no object, and was left out"])
    write(lake, event("e1", left_out="OPTED_OUT", warnings=warnings, from_server=True, value_micros=None))

    status, body = ask(lake, **RANGE)

    assert status == 200
    assert body == RANGE | {
        "timezone": "Europe/Berlin",
        "items": [
            {
                "event_id": "e1",
                "occurred_at": "2026-01-10T12:00:00.000Z",
                "received_at": "2026-01-10T12:00:00.001Z",
                "kind": "TRACK",
                "name": "Order Completed",
                "customer_id": "cus_a",
                "url": "https://shop.example/",
                "value_micros": None,
                "currency": "EUR",
                "from_server": True,
                "left_out": "OPTED_OUT",
                "left_out_because": REASONS["OPTED_OUT"],
                "warnings": ["`properties` is no object, and was left out"],
            }
        ],
        "cursor": None,
        "note": "",
    }


@pytest.mark.parametrize("reason", [*REASONS, "SOMETHING_NEW"])
def test_every_reason_is_explained_by_a_sentence(make_site: SiteMaker, reason: str) -> None:
    lake = make_site()
    write(lake, event("e1", left_out=reason))
    (item,) = ask(lake, **RANGE)[1]["items"]
    assert item["left_out"] == reason
    assert item["left_out_because"].endswith(".")
    assert REASONS.get(reason, "something new") in item["left_out_because"]


def test_events_are_listed_newest_first_and_those_of_one_instant_in_their_order(make_site: SiteMaker) -> None:
    # GIVEN events of three instants, several of one batch and one that was received later
    lake = make_site()
    write(
        lake,
        event("b", position=1),
        event("z", position=0),
        event("a", position=2),
        event("late", received_at=NOON + 9_000),
        event("older", NOON - 1),
        event("newer", NOON + 1),
    )
    newest_first = ["newer", "late", "a", "b", "z", "older"]

    # WHEN they are read at once or by pages of any size
    for size in (1, 2, 4, 5, 100):
        seen, cursor = [], None
        while True:
            _, body = ask(lake, **RANGE, limit=size, **({"cursor": cursor} if cursor else {}))
            seen += [item["event_id"] for item in body["items"]]
            if (cursor := body["cursor"]) is None:
                break

        # THEN each comes once, in that order
        assert seen == newest_first


def test_a_page_goes_on_where_the_last_ended_though_new_events_came(make_site: SiteMaker) -> None:
    lake = make_site()
    write(lake, *(event(f"e{number}", NOON - number) for number in range(4)))
    _, first = ask(lake, **RANGE, limit=2)
    write(lake, event("new", NOON + 1))
    _, second = ask(lake, **RANGE, limit=2, cursor=first["cursor"])
    assert [item["event_id"] for item in second["items"]] == ["e2", "e3"]


def test_filters_choose_events(make_site: SiteMaker) -> None:
    lake = make_site()
    write(
        lake,
        event("order"),
        event("page", NOON - 1, kind="PAGE", name="page_view"),
        event("bot", NOON - 2, left_out="BOT", bot=True),
        event("refused", NOON - 3, left_out="OPTED_OUT", customer_id="cus_b"),
        event("warned", NOON - 4, warnings='["odd"]'),
        event("machine", NOON - 5, bot=True, from_server=True),
    )
    assert ids(lake, name="page_view") == ["page"]
    assert ids(lake, left_out="BOT") == ["bot"]
    assert ids(lake, left_out="ANY") == ["bot", "refused"]
    assert ids(lake, left_out="OVER_LIMIT") == []
    assert ids(lake, warned="true") == ["warned"]
    assert ids(lake, customer_id="cus_b") == ["refused"]
    assert ids(lake, customer_id="cus_b", left_out="BOT") == []
    assert ids(lake, name="Order Completed", left_out="ANY", customer_id="cus_a") == ["bot"]


@pytest.mark.parametrize(
    ("query", "note"),
    [
        ({"name": "zz"}, "no event of these days is named 'zz'"),
        ({"name": "order completed"}, "no event of these days is named 'order completed'"),
        ({"customer_id": "cus_z"}, "no event of these days is of the customer 'cus_z'"),
        ({"name": "zz", "customer_id": "cus_a"}, "no event of these days is named 'zz' and is of the customer 'cus_a'"),
        (
            {"name": "Order Completed", "left_out": "BOT"},
            "no event of these days that the other filters choose is named 'Order Completed'",
        ),
        ({"left_out": "BOT"}, ""),
        ({"name": "Order Completed"}, ""),
    ],
)
def test_filter_with_a_value_that_no_event_has_says_so(make_site: SiteMaker, query: dict[str, str], note: str) -> None:
    lake = make_site()
    write(lake, event("e1"))

    _, body = ask(lake, **RANGE, **query)

    assert (body["note"], body["items"] == []) == (note, note != "" or "left_out" in query)


@pytest.mark.parametrize("old_name", ["a", "z"])
@pytest.mark.parametrize("missing", [NEW_COLUMNS, ("warnings",), ("from_server", "left_out")])
def test_files_older_than_a_column_are_read_as_saying_nothing(
    make_site: SiteMaker, old_name: str, missing: tuple[str, ...]
) -> None:
    # GIVEN events of before, one of them a bot's, alone and then beside one of now
    lake = make_site()
    write(lake, event("old"), without=missing, name=old_name)
    write(lake, event("crawler", NOON - 1, bot=True, left_out="BOT"), without=missing, name=f"{old_name}2")
    for expected in (["old", "crawler"], ["now", "old", "crawler"]):
        assert ids(lake) == expected
        _, body = ask(lake, **RANGE)
        of_before = {item["event_id"]: item for item in body["items"]}
        assert of_before["old"]["left_out"] == of_before["old"]["left_out_because"] == ""
        assert (of_before["old"]["from_server"], of_before["old"]["warnings"]) == (False, [])
        assert of_before["crawler"]["left_out"] == "BOT"
        assert ids(lake, left_out="ANY") == ["crawler"]
        assert ids(lake, warned="true") == []
        assert [x for size in (1,) for x in ids(lake, limit=size)] == expected[:1]
        write(lake, event("now", NOON + 1), name="m")


def test_days_are_the_sites_and_the_last_seven_by_default(make_site: SiteMaker) -> None:
    # GIVEN a site on the other side of the day from UTC, and events around its midnights
    lake = make_site(timezone="Pacific/Auckland")
    midnight = from_rfc3339("2026-01-09T11:00:00Z")
    write(lake, event("before", midnight - 1), event("first", midnight), event("last", midnight + DAY_MS - 1))
    write(lake, event("after", midnight + DAY_MS))
    assert ids(lake, **{"from": "2026-01-10", "to": "2026-01-10"}) == ["last", "first"]

    now_ms = system_clock()
    write(lake, event("today", now_ms), event("six days ago", now_ms - 6 * DAY_MS), event("old", now_ms - 8 * DAY_MS))
    _, body = ask(lake)
    assert [item["event_id"] for item in body["items"]] == ["today", "six days ago"]


def test_an_event_told_twice_is_listed_once(make_site: SiteMaker) -> None:
    lake = make_site()
    write(lake, event("e1"), name="a")
    write(lake, event("e1"), name="b")
    assert ids(lake) == ["e1"]


def test_no_other_site_or_organization_is_seen(make_site: SiteMaker) -> None:
    lake = make_site()
    write(lake, event("own"), event("sister", site_id=new_id("site", 1)))
    neighbour = TestLake(lake.lake._root, new_id("org", 1), lake.site_id)
    write(neighbour, event("neighbour"))

    assert ids(lake) == ["own"]
    assert ask(lake, organization_id=neighbour.organization_id)[0] == 404


@pytest.mark.parametrize("field", ["name", "customer_id"])
@pytest.mark.parametrize(
    "value",
    [
        "' OR '1'='1",
        "x') OR true --",
        "'; DROP VIEW events; --",
        "Order Completed' UNION SELECT * FROM credits --",
        "%",
        "_rder Completed",
        "\\",
        "?",
        "\x00",
    ],
)
def test_a_filter_is_a_value_and_never_sql(make_site: SiteMaker, field: str, value: str) -> None:
    lake = make_site()
    write(lake, event("e1"), event("odd", NOON - 1, **{field: value}))
    assert ids(lake, **{field: value}) == ["odd"]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({"left_out": "bot"}, "left_out"),
        ({"left_out": "BOT' OR true"}, "left_out"),
        ({"left_out": "NONE"}, "left_out"),
        ({"warned": "perhaps"}, "warned"),
        ({"from": "2026-02-01", "to": "2026-01-01"}, "'from'"),
        ({"from": "yesterday"}, "calendar day"),
        ({"to": "2026-13-01"}, "calendar day"),
        ({"from": "2020-01-01", "to": "2026-01-01"}, "at most 400 days"),
        ({"name": "x" * 501}, "name"),
        ({"customer_id": "x" * 501}, "customer_id"),
        ({"limit": "0"}, "limit"),
        ({"limit": "101"}, "limit"),
        ({"leftout": "BOT"}, "leftout: unknown parameter"),
        ({"cursor": "first"}, "cursor"),
        ({"cursor": "A" * 9_999}, "cursor"),
        ({"cursor": base64.urlsafe_b64encode(b"[1,2,3,4,5,6]").decode()}, "cursor"),
        ({"cursor": base64.urlsafe_b64encode(b"[" * 3_000).decode()}, "cursor"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(make_site: SiteMaker, query: dict[str, str], named: str) -> None:
    status, problem = ask(make_site(), **query)
    assert (status, problem["title"]) == (400, "Bad request")
    assert named in problem["detail"]


@pytest.mark.parametrize(
    "other",
    [
        {"name": "page_view"},
        {"left_out": "ANY"},
        {"warned": "true"},
        {"customer_id": "cus_a"},
        {"to": "2026-01-30"},
        {"from": "2026-01-02"},
    ],
)
def test_a_cursor_of_another_list_is_refused(make_site: SiteMaker, other: dict[str, str]) -> None:
    lake = make_site()
    write(lake, event("e1"), event("e2", NOON - 1))
    _, first = ask(lake, **RANGE, limit=1)
    assert ask(lake, **(RANGE | other), cursor=first["cursor"])[0] == 400


def test_a_cursor_of_another_site_is_refused(make_site: SiteMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    # GIVEN a cursor of one site's list, and another site of the same organization
    lake = make_site()
    write(lake, event("e1"), event("e2", NOON - 1))
    _, first = ask(lake, **RANGE, limit=1)
    known = lake.site_id
    sister = TestLake(lake.lake._root, lake.organization_id, new_id("site", 2))
    found = tenancy.get_site(lake.organization_id, known)
    monkeypatch.setattr(tenancy, "get_site", lambda *_: found)

    status, problem = ask(sister, **RANGE, cursor=first["cursor"])

    assert (status, problem["detail"].partition(":")[0]) == (400, "cursor")
