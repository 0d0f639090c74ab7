"""What the benchmark of fairness prints of others' measurements, and what its senders send."""

import json
from itertools import islice

from tests.performance.bench_fairness import PARTS, in_ratios
from tests.performance.figures import Figure
from tests.performance.senders_apart import EVENTS_A_REQUEST, _bodies


def test_ratios_replace_what_they_were_of_and_the_rest_is_left_out() -> None:
    measured = [Figure("alone", 9.0, "ms"), Figure("beside", 36.0, "ms", ratio="4.00 x", note="units")]

    (figure,) = in_ratios(measured)

    assert (figure.name, figure.value, figure.unit, figure.note) == ("beside", 4.0, "x", "36 ms; units")
    assert figure.goal is not None


def test_each_part_says_which_finding_it_plays() -> None:
    assert all(title.startswith("H") for title, _ in PARTS.values())


def test_beacons_go_to_each_key_in_turn_and_name_each_event_once() -> None:
    said = [json.loads(body) for body in islice(_bodies("beacons", ["pk_a", "pk_b"]), 20)]

    assert [body["k"] for body in said] == ["pk_a", "pk_b"] * 10
    assert len({event["event_id"] for body in said for event in body["events"]}) == 20 * EVENTS_A_REQUEST
    assert sum(event["kind"] == "track" for body in said for event in body["events"]) == 5


def test_garbage_is_no_json() -> None:
    for body in islice(_bodies("garbage", []), 5):
        try:
            json.loads(body)
        except ValueError:
            continue
        raise AssertionError("garbage was readable")
