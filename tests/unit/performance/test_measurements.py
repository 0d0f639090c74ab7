"""The measurements run, at a toy size, and give figures that can be printed; none is judged by the clock."""

import math
from collections.abc import Sequence

import pytest
from optiq.kernel.clock import from_rfc3339
from optiq.kernel.ids import new_id
from optiq.kernel.secrets import public_site_key
from optiq.ports import wiring

from tests.performance import attribution, imports
from tests.performance.collect import Kind, in_process
from tests.performance.figures import Figure
from tests.performance.messages import SESSION_EVENTS, beacon_body, sessions
from tests.performance.prices import Usage, dollars, parts

NOW_MS = 1_767_225_600_000


def _are_sane(figures: Sequence[Figure]) -> bool:
    return bool(figures) and all(math.isfinite(figure.value) and figure.value >= 0 for figure in figures)


def test_sessions_have_ten_events_of_one_visitor_in_order() -> None:
    made = sessions(40, NOW_MS)

    assert {len(session) for session in made} == {SESSION_EVENTS}
    assert all(len({message["anonymousId"] for message in session}) == 1 for session in made)
    ids = [message["messageId"] for session in made for message in session]
    assert len(set(ids)) == len(ids)
    times = [from_rfc3339(message["timestamp"]) for message in made[0]]
    assert times == sorted(times)
    assert max(times) < NOW_MS


def test_more_sessions_than_visitors_are_refused() -> None:
    with pytest.raises(ValueError, match="visitors"):
        sessions(10_000, NOW_MS)


def test_the_collect_handler_takes_what_is_sent() -> None:
    key = public_site_key(wiring.platform_secret(), new_id("org", NOW_MS), new_id("site", NOW_MS))
    bodies = [beacon_body(key, session, NOW_MS) for session in sessions(3, NOW_MS)]

    figures = in_process(Kind("beacon", "/b", bodies, {"content-type": "application/json"}, SESSION_EVENTS, None))

    assert _are_sane(figures)


def test_a_refused_request_ends_the_measurement() -> None:
    bad = Kind("beacon", "/b", [b"{}"], {}, 1, None)

    with pytest.raises(RuntimeError, match="400"):
        in_process(bad)


def test_attribution_is_measured_against_reading() -> None:
    figures = attribution.measure(touches=2_000, paths=500)

    assert _are_sane(figures)
    assert "reading all columns" in figures[-1].ratio


def test_every_function_of_the_system_is_measured() -> None:
    assert imports.FIRST_CALL.keys() <= set(imports.handlers())
    (figure,) = imports.measure(repeats=1, only=("functions.gateway.health.handler",))
    assert _are_sane([figure])
    assert figure.goal == imports.API_MS


def test_dollars_follow_from_usage_by_list_prices() -> None:
    # Given one event a request and nothing else: a million requests at 1.00, and as many invocations at 0.20.
    nothing = Usage(1, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    # When half a write unit an event comes on top.
    writing = Usage(1, 0, 0, 0.5, 0, 0, 0, 0, 0, 0)

    assert parts(nothing)["HTTP API"] == 1.00
    assert parts(nothing)["Lambda requests"] == pytest.approx(0.20)
    assert dollars(writing) - dollars(nothing) == pytest.approx(0.5 * 0.625)


def test_ten_events_a_request_cost_a_tenth_to_receive() -> None:
    alone, together = (Usage(events, 1.0, 0, 0, 0, 0, 0, 0, 0, 0) for events in (1, 10))

    assert dollars(alone) == pytest.approx(10 * dollars(together))
