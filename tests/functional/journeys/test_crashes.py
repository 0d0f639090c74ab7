"""The consumers killed before and after every single write they make: the state afterwards is always the same."""

from collections.abc import Sequence
from typing import Any

import pytest
from optiq.kernel.clock import system_clock, to_rfc3339
from optiq.tenancy import api as tenancy

from tests.functional.pipeline import Pipeline
from tests.functional.senders import send_segment
from tests.functional.state import state_of
from tests.support.killing import Killed, killing

pytestmark = pytest.mark.usefixtures("table")

NOW = system_clock()


def _messages() -> list[dict[str, Any]]:
    """Two people, a login, an order with a conflicting copy, a duplicate and an event that cannot be."""

    def said(message_id: str, minutes_ago: int, **more: Any) -> dict[str, Any]:
        time = to_rfc3339(NOW - minutes_ago * 60_000)
        return {"messageId": message_id, "anonymousId": "v1", "timestamp": time, "type": "track", "event": "E"} | more

    spring = {"page": {"url": "https://shop.example/?utm_source=newsletter&utm_medium=email"}}
    order = {"event": "Order Completed", "properties": {"revenue": "49.90"}}
    return [
        said("p1", 90, type="page", context=spring),
        said("p2", 20, type="page", context={"page": {"url": "https://shop.example/"}}),
        said("i1", 19, type="identify", userId="u1"),
        said("o1", 18, **order),
        said("o1", 18, **order),
        said("o1", 17, **order),
        said("bad", 16, event=""),
        said("p3", 15, type="page", anonymousId="v2", context=spring),
        said("o2", 10, anonymousId="v2", **order),
    ]


def _order(user: str, minutes_ago: int, revenue: str) -> dict[str, Any]:
    time = to_rfc3339(NOW - minutes_ago * 60_000)
    said = {"type": "track", "event": "Order Completed", "messageId": f"{user}-{minutes_ago}", "userId": user}
    return said | {"timestamp": time, "properties": {"order_id": "A-1", "revenue": revenue}}


def _run(
    monkeypatch: pytest.MonkeyPatch,
    kill_at: int | None,
    after: bool,
    messages: Sequence[dict[str, Any]],
    before: Sequence[dict[str, Any]] = (),
) -> tuple[dict[str, Any], int]:
    """The state after a run that was killed at one of its writes and then went on; and how many writes it made."""
    site = tenancy.create_site(name="Shop", domains=["shop.example"])
    pipeline = Pipeline()
    if before:
        assert send_segment(site, "batch", {"batch": before})["statusCode"] == 200
        pipeline.drain()
    assert send_segment(site, "batch", {"batch": messages})["statusCode"] == 200
    with killing(monkeypatch, kill_at, after) as writes:
        try:
            pipeline.drain()
        except Killed:
            # The batch was not acknowledged to the stream: it is delivered again.
            pipeline.drain()
    return state_of(site, NOW), writes.made


def test_a_consumer_killed_at_any_write_leaves_the_same_state(monkeypatch: pytest.MonkeyPatch) -> None:
    undisturbed, writes = _run(monkeypatch, None, after=False, messages=_messages())
    assert undisturbed["counts"] == (9, 6, 1, 2)
    assert len(undisturbed["credits"]) == 3
    assert writes >= 10

    for kill_at in range(1, writes + 1):
        for after in (False, True):
            state, _ = _run(monkeypatch, kill_at, after, _messages())
            assert state == undisturbed, f"killed {'after' if after else 'before'} write {kill_at} of {writes}"


@pytest.mark.slow
def test_a_report_that_loses_its_place_is_published_whatever_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    places = {(True, False): 2, (True, True): 2, (False, False): 2, (False, True): 2}
    monkeypatch.setattr("optiq.journeys.orders.places.PLACES", places)
    before = [_order("ada", 20, "5"), _order("joe", 10, "7")]
    messages = [_order("bob", 40, "6"), _order("eve", 30, "9")]
    undisturbed, writes = _run(monkeypatch, None, after=False, messages=messages, before=before)
    assert sorted(value for _, value in undisturbed["listed"]) == [5_000_000, 6_000_000, 7_000_000, 9_000_000]

    for kill_at in range(1, writes + 1):
        for after in (False, True):
            state, _ = _run(monkeypatch, kill_at, after, messages, before)
            assert state == undisturbed, f"killed {'after' if after else 'before'} write {kill_at} of {writes}"
