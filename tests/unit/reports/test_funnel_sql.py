"""The funnel's SQL against published answers, and against an exhaustive search over random people."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations, pairwise
from math import ceil
from random import Random
from typing import Any, get_args

import duckdb
import pyarrow
import pytest
from optiq.reports.behaviour.attempts_sql import counted_attempts
from optiq.reports.behaviour.funnel import Exclusion, Funnel, Order, Range
from optiq.reports.behaviour.funnel_sql import OF_ALL, OF_BUCKET, OF_VALUE, funnel_report
from optiq.reports.domain import Offset
from optiq.reports.statements import Sql

from tests.support.examples import each_and_slow
from tests.unit.reports.rows import ANCHORS, ROWS, anchor, ask, needs_anchors

ALWAYS = Range(0, 1 << 52, (Offset(0, 0),))

Row = Mapping[str, Any]


def anchors() -> list[str]:
    return (
        [name for name in json.loads((ANCHORS / "cases.json").read_text()) if name[0] == "F"]
        if ANCHORS.exists()
        else []
    )


def funnel_of(case: Mapping[str, Any], **fields: Any) -> Funnel:
    return Funnel(
        steps=tuple(map(Sql, case["steps"])),
        window_ms=case["window_ms"],
        order=case["order"],
        unit=case.get("unit", "person_id"),
        exclusions=tuple(Exclusion(Sql(sql), after, before) for sql, after, before in case.get("exclusions", [])),
        **fields,
    )


def range_of(case: Mapping[str, Any]) -> Range:
    if "first_ms" not in case:
        return ALWAYS
    return Range(case["first_ms"], case["end_ms"], tuple(Offset(*offset) for offset in case["offsets"]))


def report_of(
    rows: Any, funnel: Funnel, within: Range, level: int, data_until_ms: int = 1 << 52
) -> list[dict[str, Any]]:
    attempts = counted_attempts(funnel, ROWS, within)
    return [row for row in ask(rows, funnel_report(funnel, attempts, within, data_until_ms)) if row["level"] == level]


@needs_anchors
@pytest.mark.parametrize("name", anchors())
def test_funnel_gives_the_published_answer(name: str) -> None:
    known = json.loads((ANCHORS / "cases.json").read_text())[name]
    case, expected = known["ask"], known["expected"]
    rows = anchor(name)
    funnel, within = funnel_of(case), range_of(case)

    found = {row["unit"]: row for row in ask(rows, counted_attempts(funnel, ROWS, within))}
    last = len(funnel.steps)
    assert [sum(row["depth"] >= k for row in found.values()) for k in range(1, last + 1)] == expected["steps"]
    for unit, depth in expected.get("depth", {}).items():
        assert found[unit]["depth"] == depth, unit
    for unit, minutes in expected.get("minutes_to_convert", {}).items():
        assert found[unit][f"r{last}"] - found[unit]["t"] == minutes * 60_000, unit

    (whole,) = report_of(rows, funnel, within, OF_ALL)
    assert [whole[f"step_{k}"] for k in range(1, last + 1)] == expected["steps"]
    if "median_minutes" in expected:
        assert whole[f"step_{last}_p50"] == expected["median_minutes"] * 60_000
    for day, steps in expected.get("by_day", {}).items():
        (row,) = report_of(rows, funnel, within, OF_BUCKET)
        assert [row["step_1"], row["step_2"]] == steps
        assert row["bucket"] == int(duckdb.sql(f"SELECT DATE '{day}' - DATE '1970-01-01'").fetchall()[0][0])


@needs_anchors
@pytest.mark.parametrize(("at", "expected"), [("ENTRY", "by_entry"), ("DEEPEST", "by_reached")])
def test_breakdown_gives_the_published_answer(at: Any, expected: str) -> None:
    known = json.loads((ANCHORS / "cases.json").read_text())["F07_breakdown"]
    rows = anchor("F07_breakdown")
    funnel = funnel_of(known["ask"], dim="dim", breakdown_at=at)

    report = report_of(rows, funnel, ALWAYS, OF_VALUE)
    assert {row["value"]: [row["step_1"], row["step_2"]] for row in report} == known["expected"][expected]


# --- an exhaustive search that knows the definition and nothing of the SQL ---


def searched(
    events: Sequence[Row], funnel: Funnel, order: Order, names: Sequence[str], cuts: Sequence[tuple[str, int, int]]
) -> tuple[int, int, Any] | None:
    """Depth, entry and end of a person's counted attempt; None without one."""
    first_match = [
        next((k for k, name in enumerate(names, 1) if name == event["name"]), len(names) + 1) for event in events
    ]
    places = sorted(
        range(len(events)), key=lambda i: (events[i]["t"], events[i]["turn"], first_match[i], events[i]["event_id"])
    )
    ordered = [events[i] for i in places]
    steps = [first_match[i] for i in places]
    best: tuple[int, int, Any] | None = None
    for start, event in enumerate(ordered):
        found = (
            _any(ordered, steps, start, funnel, names)
            if order == "ANY"
            else _chain(ordered, start, funnel, order, names, cuts)
        )
        if found is None:
            continue
        depth, end = found
        if best is None or depth > best[0]:
            best = (depth, event["t"], end)
    return best


def _any(
    ordered: Sequence[Row], steps: Sequence[int], start: int, funnel: Funnel, names: Sequence[str]
) -> tuple[int, Any] | None:
    if steps[start] > len(names):
        return None
    entry = ordered[start]["t"]
    reached: dict[int, int] = {}
    for event, step in zip(ordered[start:], steps[start:], strict=True):
        if step <= len(names) and (not funnel.window_ms or event["t"] - entry <= funnel.window_ms):
            reached.setdefault(step, event["t"])
    return len(reached), max(reached.values()) if len(reached) == len(names) else None


def _chain(
    ordered: Sequence[Row],
    start: int,
    funnel: Funnel,
    order: Order,
    names: Sequence[str],
    cuts: Sequence[tuple[str, int, int]],
) -> tuple[int, Any] | None:
    if ordered[start]["name"] != names[0]:
        return None
    entry, later = ordered[start]["t"], range(start + 1, len(ordered))
    depth, end = 1, None
    for wanted in range(2, len(names) + 1):
        ends = []
        for rest in combinations(later, wanted - 1):
            chain = (start, *rest)
            if any(ordered[i]["name"] != names[k] for k, i in enumerate(chain)):
                continue
            if order == "STRICT" and any(b - a != 1 for a, b in pairwise(chain)):
                continue
            cut = any(
                ordered[i]["name"] == name
                for name, after, before in cuts
                if before <= wanted or after < wanted
                for i in range(chain[after - 1] + 1, chain[min(before, wanted) - 1])
                if after < wanted
            )
            if not cut and (not funnel.window_ms or ordered[chain[-1]]["t"] - entry <= funnel.window_ms):
                ends.append(ordered[chain[-1]]["t"])
        if not ends:
            break
        depth, end = wanted, min(ends)
    return depth, end if depth == len(names) else None


def people(random: Random, count: int) -> list[dict[str, Any]]:
    """Few instants and few names, so that ties and repeats are common."""
    return [
        {
            "person_id": f"p{person}",
            "event_id": f"e{person}-{random.randrange(1000)}-{number}",
            "t": random.randrange(12),
            "turn": random.randrange(3),
            "name": random.choice("ABCX"),
        }
        for person in range(count)
        for number in range(random.randrange(1, 9))
    ]


FUNNELS = [
    (order, names, cuts)
    for order in get_args(Order)
    for names in ("AB", "ABC", "ABA", "ABCA")
    for cuts in ((), (("X", 1, 2),), (("X", 2, 3),), (("X", 1, 3),))
    if all(before <= len(names) for _, _, before in cuts)
    # ANY order knows no exclusion and no step twice.
    if order != "ANY" or (not cuts and len(set(names)) == len(names))
]


@pytest.mark.parametrize(("asked", "window"), each_and_slow(FUNNELS, [0, 3, 7]))
def test_funnel_equals_an_exhaustive_search(
    asked: tuple[Order, str, tuple[tuple[str, int, int], ...]], window: int
) -> None:
    order, names, cuts = asked
    rows = people(Random(f"{order}{names}{window}{cuts}"), 200)
    funnel = Funnel(
        tuple(Sql("name = ?", (name,)) for name in names),
        window,
        order,
        exclusions=tuple(Exclusion(Sql("name = ?", (name,)), after, before) for name, after, before in cuts),
    )
    last = len(names)

    answer = ask(pyarrow.Table.from_pylist(rows), counted_attempts(funnel, ROWS, ALWAYS))
    found = {row["unit"]: (row["depth"], row["t"], row[f"r{last}"]) for row in answer}

    by_person: dict[str, list[Row]] = {}
    for row in rows:
        by_person.setdefault(row["person_id"], []).append(row)
    expected = {
        person: best for person, events in by_person.items() if (best := searched(events, funnel, order, names, cuts))
    }
    assert found == expected
    assert len(found) > 50


@pytest.mark.parametrize("order", ["LOOSE", "STRICT"])
@pytest.mark.parametrize(("sent", "depth"), [("AB", 2), ("BA", 1), ("ABA", 2), ("BAB", 2), ("AXB", 2)])
def test_events_of_one_instant_are_steps_in_the_order_they_were_sent_in(order: Order, sent: str, depth: int) -> None:
    rows = [
        {"person_id": "p", "event_id": f"e{9 - turn}", "t": 1, "turn": turn, "name": name}
        for turn, name in enumerate(sent)
    ]
    funnel = Funnel((Sql("name = 'A'"), Sql("name = 'B'")), 50, order)
    (attempt,) = ask(pyarrow.Table.from_pylist(rows), counted_attempts(funnel, ROWS, ALWAYS))
    assert attempt["depth"] == (1 if (order, sent) == ("STRICT", "AXB") else depth)


def test_a_breakdown_at_the_deepest_step_is_of_the_first_such_event_of_an_instant() -> None:
    rows = [
        {"person_id": "p", "event_id": f"e{9 - turn}", "t": 1, "turn": turn, "name": name, "dim": dim}
        for turn, (name, dim) in enumerate([("A", "entry"), ("B", "first"), ("B", "second")])
    ]
    funnel = Funnel((Sql("name = 'A'"), Sql("name = 'B'")), 50, dim="dim", breakdown_at="DEEPEST")
    (attempt,) = ask(pyarrow.Table.from_pylist(rows), counted_attempts(funnel, ROWS, ALWAYS))
    assert (attempt["depth"], attempt["value"], attempt["r2"]) == (2, "first", 1)


def test_attempts_that_may_still_convert_are_counted_apart() -> None:
    rows = [
        {"person_id": person, "event_id": f"{person}{name}", "t": t, "turn": 0, "name": name}
        for person, name, t in [("a", "A", 10), ("a", "B", 20), ("b", "A", 10), ("c", "A", 95)]
    ]
    funnel = Funnel((Sql("name = 'A'"), Sql("name = 'B'")), window_ms=50)

    (row,) = report_of(pyarrow.Table.from_pylist(rows), funnel, ALWAYS, OF_ALL, 100)
    assert (row["step_1"], row["step_2"], row["open"]) == (3, 1, 1)


def test_values_beyond_the_most_common_are_one() -> None:
    rows = [
        {
            "person_id": f"{value}-{number}",
            "event_id": f"{value}-{number}",
            "t": 1,
            "turn": 0,
            "name": "A",
            "dim": f"v{value:02}",
        }
        for value in range(13)
        for number in range(20 - value)
    ]
    funnel = replace(Funnel((Sql("name = 'A'"), Sql("name = 'B'")), 0), dim="dim")

    report = report_of(pyarrow.Table.from_pylist(rows), funnel, ALWAYS, OF_VALUE)
    found = {row["value"]: row["step_1"] for row in report}
    assert found == {f"v{value:02}": 20 - value for value in range(10)} | {"Other": 10 + 9 + 8}


def nearest_rank(values: Sequence[int], p: float) -> int | None:
    return sorted(values)[ceil(len(values) * p) - 1] if values else None


@pytest.mark.parametrize("dim", ["", "dim"])
def test_numbers_are_those_of_the_counted_attempts(dim: str) -> None:
    random = Random(4)
    rows = [row | {"dim": random.choice("xyz")} for row in people(random, 300)]
    funnel = replace(Funnel(tuple(Sql("name = ?", (name,)) for name in "ABC"), 7), dim=dim)
    table = pyarrow.Table.from_pylist(rows)
    attempts = ask(table, counted_attempts(funnel, ROWS, ALWAYS))
    values = {attempt["value"] for attempt in attempts} if dim else set()

    reports = {None: report_of(table, funnel, ALWAYS, OF_ALL)}
    reports |= {row["value"]: [row] for row in report_of(table, funnel, ALWAYS, OF_VALUE)}
    assert set(reports) == {None, *values}
    for value, (row,) in reports.items():
        own = [attempt for attempt in attempts if value in (None, attempt["value"])]
        for k in (1, 2, 3):
            assert row[f"step_{k}"] == sum(attempt["depth"] >= k for attempt in own)
        for k, p, label in ((2, 0.5, 50), (2, 0.9, 90), (3, 0.5, 50), (3, 0.9, 90)):
            times = [attempt[f"r{k}"] - attempt["t"] for attempt in own if attempt[f"r{k}"] is not None]
            assert row[f"step_{k}_p{label}"] == nearest_rank(times, p)
    buckets = report_of(table, funnel, ALWAYS, OF_BUCKET)
    assert sum(row["step_1"] for row in buckets) == len(attempts)
