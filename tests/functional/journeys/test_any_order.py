"""Late, early, doubled, replayed, in any order and any batches: one set of events gives one result."""

import random
from typing import Any

import pytest
from optiq.kernel.clock import DAY_MS, MINUTE_MS, system_clock, to_rfc3339
from optiq.tenancy import api as tenancy

from tests.functional.pipeline import Pipeline
from tests.functional.senders import send_segment
from tests.functional.state import state_of
from tests.support.examples import SHUFFLES

pytestmark = [pytest.mark.usefixtures("table"), pytest.mark.any_order]

NOW = system_clock()
EMAIL = {"page": {"url": "https://shop.example/?utm_source=newsletter&utm_medium=email&utm_campaign=spring"}}
SEARCH = {"page": {"url": "https://shop.example/?gclid=abc", "referrer": "https://www.google.com/"}}
PLAIN = {"page": {"url": "https://shop.example/"}}
PAYMENT = {"page": {"url": "https://shop.example/thanks", "referrer": "https://www.paypal.com/"}}


def _messages() -> list[dict[str, Any]]:
    """Two people who share a tablet, a second device, sessions that late events bridge, a refund, a doubled event."""

    def said(message_id: str, ago_ms: int, device: str = "", user: str = "", **more: Any) -> dict[str, Any]:
        who = {name: value for name, value in (("anonymousId", device), ("userId", user)) if value}
        return {"messageId": message_id, "timestamp": to_rfc3339(NOW - ago_ms), "type": "page"} | who | more

    order = {"type": "track", "event": "Order Completed"}
    login = {"type": "identify"}
    return [
        said("p1", 6 * DAY_MS, "tablet", context=EMAIL),
        said("p2", 6 * DAY_MS - 25 * MINUTE_MS, "tablet", context=PLAIN),
        said("p3", 6 * DAY_MS - 50 * MINUTE_MS, "tablet", context=PAYMENT),
        said("i1", 5 * DAY_MS, "tablet", "ada", **login),
        said("i2", 4 * DAY_MS, "tablet", "bob", **login, traits={"email": "bob@example.com"}),
        said("p4", 3 * DAY_MS, "phone", context=SEARCH),
        said("i3", 3 * DAY_MS - MINUTE_MS, "phone", "ada", **login),
        said("p5", 2 * DAY_MS, "laptop", context=SEARCH),
        said("i4", 2 * DAY_MS - MINUTE_MS, "laptop", "robert", **login, traits={"email": "Bob@example.com"}),
        said("o1", DAY_MS, user="ada", **order, properties={"revenue": "49.90", "order_id": "A"}),
        said("o2", DAY_MS, user="bob", **order, properties={"revenue": "10.00", "order_id": "B"}),
        said("r1", 0, user="ada", type="track", event="Order Refunded", properties={"total": "9.90", "order_id": "A"}),
    ]


def _result(messages: list[dict[str, Any]], chance: random.Random) -> dict[str, Any]:
    site = tenancy.create_site(name="Shop", domains=["shop.example"])
    pipeline = Pipeline()
    while messages:
        size = chance.randint(1, 5)
        batch, messages = messages[:size], messages[size:]
        assert send_segment(site, "batch", {"batch": batch})["statusCode"] == 200
        if chance.random() < 0.6:
            pipeline.drain(size=chance.randint(1, 4))
    pipeline.drain()
    state = state_of(site, NOW)
    # Late events turn a touch into the middle of a session: it is retired in one order, and never told in another.
    state["touches"] = [touch for touch in state["touches"] if not touch[-1]]
    return state


def test_any_order_of_arrival_gives_one_result() -> None:
    chance = random.Random(11)
    messages = _messages()
    expected = _result(messages, chance)

    assert expected["counts"] == (12, 12, 0, 0)
    assert [value for _, value in expected["conversions"]] == [40_000_000, 10_000_000]
    assert {channel for _, channel, _ in expected["touches"]} == {"Email", "Paid Search"}
    for _ in range(SHUFFLES):
        chance.shuffle(messages)
        order = [message["messageId"] for message in messages]
        assert _result(messages, chance) == expected, order


def test_doubled_events_change_only_the_count_of_duplicates() -> None:
    chance = random.Random(13)
    messages = _messages()
    expected = _result(messages, chance)
    doubled = messages * 3
    chance.shuffle(doubled)

    result = _result(doubled, chance)

    assert result.pop("counts") == (36, 12, 24, 0)
    assert result == {name: rows for name, rows in expected.items() if name != "counts"}
