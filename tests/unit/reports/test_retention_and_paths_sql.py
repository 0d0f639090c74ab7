"""Retention and paths against published answers."""

import json
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any, get_args

import pyarrow
import pyarrow.csv
import pytest
from optiq.reports.behaviour.paths_sql import END, OTHER, Paths, edges
from optiq.reports.behaviour.retention_sql import Mode, retention
from optiq.reports.domain import Offset
from optiq.reports.site_clock import Bucket, bucket_number
from optiq.reports.statements import Sql

from tests.unit.reports.rows import ANCHORS, ROWS, anchor, ask, needs_anchors

NODES = Sql("SELECT session_id, name AS node, t, turn, event_id FROM rows")


def known(name: str) -> dict[str, Any]:
    return dict(json.loads((ANCHORS / "cases.json").read_text())[name])


@needs_anchors
@pytest.mark.parametrize("name", ["R01_weekly_on", "R02_weekly_on_or_after"])
def test_retention_gives_the_published_answer(name: str) -> None:
    case = known(name)
    asked = case["ask"]
    statement = retention(
        Sql(asked["start"]), Sql(asked["back"]), ROWS, "WEEK", [Offset(*one) for one in asked["offsets"]], asked["mode"]
    )

    found: dict[str, dict[int, int]] = {}
    for row in ask(anchor(name), statement):
        monday = (date(1969, 12, 29) + timedelta(weeks=row["cohort"])).isoformat()
        found.setdefault(monday, {})[row["n"]] = row["people"]
    if asked["mode"] == "ON_OR_AFTER":
        found = {
            monday: {n: sum(people for later, people in cells.items() if later >= n) for n in range(max(cells) + 1)}
            for monday, cells in found.items()
        }
    assert found == {
        monday: {int(n): people for n, people in cells.items()} for monday, cells in case["expected"]["table"].items()
    }


@pytest.mark.parametrize("bucket", get_args(Bucket))
@pytest.mark.parametrize("mode", get_args(Mode))
def test_retention_equals_a_count_by_hand(bucket: Bucket, mode: Mode) -> None:
    random = Random(bucket + mode)
    offsets = [Offset(0, 3_600), Offset(60 * 86_400_000, 7_200)]
    rows = [
        {"person_id": f"p{person}", "t": random.randrange(120 * 24) * 3_600_000, "name": random.choice("SB")}
        for person in range(300)
        for _ in range(random.randrange(1, 7))
    ]

    answer = ask(
        pyarrow.Table.from_pylist(rows),
        retention(Sql("name = 'S'"), Sql("name = ?", ("B",)), ROWS, bucket, offsets, mode),
    )

    def place(t: int) -> int:
        local = t + (7_200_000 if t >= offsets[1].from_ms else 3_600_000)
        day = local // 86_400_000
        if bucket == "DAY":
            return day
        if bucket == "WEEK":
            return (date(1970, 1, 1) + timedelta(days=day) - date(1969, 12, 29)).days // 7
        found = date(1970, 1, 1) + timedelta(days=day)
        return found.year * 12 + found.month - 1

    expected: dict[tuple[int, int], int] = {}
    for person in {row["person_id"] for row in rows}:
        own = [row for row in rows if row["person_id"] == person]
        starts = [row["t"] for row in own if row["name"] == "S"]
        if not starts:
            continue
        cohort = place(min(starts))
        buckets = {0} | {place(row["t"]) - cohort for row in own if row["name"] == "B" and row["t"] > min(starts)}
        for n in buckets if mode == "ON" else {max(buckets)}:
            expected[cohort, n] = expected.get((cohort, n), 0) + 1
    assert {(row["cohort"], row["n"]): row["people"] for row in answer} == expected


def test_a_bucket_is_of_the_sites_clock() -> None:
    offsets = [Offset(0, 3_600)]
    midnight = 86_400_000 - 3_600_000
    day, month = bucket_number("DAY", "t", offsets), bucket_number("MONTH", "t - 1", offsets)
    (row,) = ask(
        pyarrow.table({"t": [midnight]}),
        Sql(f"SELECT {day} AS day, {month} AS month FROM rows"),
    )
    assert row == {"day": 1, "month": 1970 * 12}


@needs_anchors
@pytest.mark.parametrize("name", ["P01_paths", "P02_paths_from"])
def test_paths_give_the_published_answer(name: str) -> None:
    case = known(name)
    start = case["ask"].get("start")
    paths = Paths(anchor=Sql(start) if start else None)

    answer = ask(anchor(name), edges(paths, NODES))
    assert sorted([row["step"], row["node"], row["next"], row["paths"]] for row in answer) == sorted(
        case["expected"]["edges"]
    )


@pytest.mark.parametrize("direction", ["FORWARD", "BACKWARD"])
@pytest.mark.parametrize("begin", [None, Sql("node = ?", ("/3",))])
def test_every_step_adds_up_to_the_paths_that_got_there(direction: Any, begin: Sql | None) -> None:
    random = Random(direction)
    rows = [
        {
            "session_id": f"s{session}",
            "name": f"/{random.randrange(12)}",
            "t": number // 3,
            "turn": number % 3,
            "event_id": f"e{random.random()}",
        }
        for session in range(200)
        for number in range(random.randrange(1, 9))
    ]
    paths = Paths(depth=4, most_nodes=3, anchor=begin, direction=direction)
    answer = ask(pyarrow.Table.from_pylist(rows), edges(paths, NODES))

    into: dict[tuple[int, str], int] = {}
    out: dict[tuple[int, str], int] = {}
    for row in answer:
        out[row["step"], row["node"]] = out.get((row["step"], row["node"]), 0) + row["paths"]
        if row["next"] != END:
            into[row["step"] + 1, row["next"]] = into.get((row["step"] + 1, row["next"]), 0) + row["paths"]
    for place, count in into.items():
        assert place[0] == paths.depth + 1 or out[place] == count
    assert all(len({node for step, node in out if step == wanted}) <= 4 for wanted in range(1, 5))
    assert any(node == OTHER for _, node in out)
    sessions = {row["session_id"] for row in rows if begin is None or row["name"] == "/3"}
    assert sum(count for (step, _), count in out.items() if step == 1) == len(sessions)


def test_other_is_more_when_fewer_nodes_are_named() -> None:
    rows = [{"session_id": f"s{n}", "name": f"/{n % 5}", "t": 1, "turn": 0, "event_id": f"e{n}"} for n in range(10)]
    table = pyarrow.Table.from_pylist(rows)
    for most in (1, 2, 5):
        answer = ask(table, edges(replace(Paths(), most_nodes=most), NODES))
        assert sum(row["paths"] for row in answer if row["node"] == OTHER) == 10 - 2 * most


@pytest.mark.parametrize("direction", ["FORWARD", "BACKWARD"])
def test_a_path_goes_through_the_events_of_one_instant_in_the_order_they_were_sent_in(direction: Any) -> None:
    rows = [
        {"session_id": "s", "name": name, "t": 1, "turn": turn, "event_id": f"e{9 - turn}"}
        for turn, name in enumerate(["/cart", "/shipping", "/pay"])
    ]
    answer = ask(pyarrow.Table.from_pylist(rows), edges(Paths(direction=direction), NODES))
    found = [row["node"] for row in sorted(answer, key=lambda row: row["step"])]
    assert found == ["/cart", "/shipping", "/pay"][:: 1 if direction == "FORWARD" else -1]
