"""Events of one instant keep the order in which their sender wrote them (case 04)."""

import itertools
from typing import Any

import pytest
from optiq.reports.domain import ATTRIBUTION_DIMENSIONS

from functions.collect import delivery
from tests.functional.cases.shop import EMAIL, HOME, PAID, Shop, page_view, purchase

CART = f"{HOME}cart"


def _visit(shop: Shop, visitor: str, landing: str, value: float, **shared: Any) -> list[dict[str, Any]]:
    """Landing, cart and order as messages of Segment's API, in this order."""
    said = {"anonymousId": visitor} | shared
    order = {"type": "track", "event": "Order Completed", "properties": {"revenue": value, "currency": "EUR"}}
    return [
        said | {"type": "page", "context": {"page": {"url": landing}}},
        said | {"type": "page", "context": {"page": {"url": CART, "referrer": HOME}}},
        said | order,
    ]


def test_a_batch_of_one_second_keeps_its_order(shop: Shop) -> None:
    second = shop.ago(1)[:19] + "Z"
    for number in range(1, 11):
        shop.segment("batch", {"batch": _visit(shop, f"a{number}", EMAIL, number, timestamp=second)})
    for number in range(11, 21):
        shop.measure(
            f"{number}.1",
            page_view(PAID),
            page_view(CART, page_referrer=HOME),
            purchase(transaction_id=f"t{number}", value=number, currency="EUR"),
        )
    shop.settle()

    for model in ("LAST_TOUCH", "FIRST_TOUCH"):
        assert shop.earned(model=model) == {"Email": 55.0, "Paid Search": 155.0}
    assert {tuple(path) for path in shop.channels.values()} == {("Email",), ("Paid Search",)}
    shop.assert_groups_total(20, 210.0)


@pytest.mark.parametrize("instant", [None, "second", "day"])
def test_two_campaigns_of_one_instant_stand_as_written(shop: Shop, instant: str | None) -> None:
    """Without a time, of whole seconds, and of a date alone, as spreadsheets are imported."""
    times = {"second": shop.ago(2)[:19] + "Z", "day": shop.ago(3000)[:10]}
    at = {"timestamp": times[instant]} if instant else {}
    for number in range(1, 6):
        first, *others = _visit(shop, f"v{number}", PAID, number, **at)
        again = first | {"context": {"page": {"url": EMAIL}}}
        shop.segment("batch", {"batch": [first, again, *others]})
    shop.settle()

    assert {tuple(path) for path in shop.channels.values()} == {("Paid Search", "Email")}
    assert shop.earned(model="LAST_TOUCH") == {"Email": 15.0}
    assert shop.earned(model="FIRST_TOUCH") == {"Paid Search": 15.0}


def test_a_beacon_of_one_millisecond_keeps_its_order(shop: Shop) -> None:
    at = shop.ago(5)
    for visitor in ("visitor01", "visitor02", "visitor03"):
        shared = {"anonymous_id": visitor, "timestamp": at}
        order = {"kind": "track", "name": "purchase", "url": CART, "properties": {"value": 7, "currency": "EUR"}}
        # Their ids sort the other way round.
        shop.beacon(
            shared | {"url": EMAIL, "event_id": f"{visitor}.z"},
            shared | {"url": CART, "referrer": HOME, "event_id": f"{visitor}.m"},
            shared | order | {"event_id": f"{visitor}.a"},
        )
    shop.settle()

    assert shop.earned() == {"Email": 21.0}
    shop.assert_groups_total(3, 21.0)


@pytest.mark.parametrize("seconds", ["00Z", "00.123Z"])
def test_requests_of_one_instant_stand_as_they_came(shop: Shop, monkeypatch: pytest.MonkeyPatch, seconds: str) -> None:
    """A server takes one time for all it sends, a request each."""
    at = shop.ago(1)[:17] + seconds
    clock = itertools.count(shop.now_ms)
    monkeypatch.setattr(delivery, "system_clock", lambda: next(clock))
    for number in range(1, 9):
        for message in _visit(shop, f"v{number}", EMAIL, number, timestamp=at):
            shop.segment("batch", {"batch": [message]})
    shop.settle()

    assert {tuple(path) for path in shop.channels.values()} == {("Email",)}
    shop.assert_groups_total(8, 36.0, ATTRIBUTION_DIMENSIONS)


def test_what_follows_an_order_within_its_instant_did_not_lead_to_it(shop: Shop) -> None:
    second = shop.ago(1)[:19] + "Z"
    for number in (1, 2, 3):
        landing, cart, order = _visit(shop, f"v{number}", EMAIL, number, timestamp=second)
        after = landing | {"context": {"page": {"url": PAID}}}
        shop.segment("batch", {"batch": [landing, cart, order, after]})
    shop.settle()

    assert shop.earned(model="LAST_TOUCH") == {"Email": 6.0}
    shop.assert_groups_total(3, 6.0)


def test_a_batch_that_is_sent_again_changes_nothing(shop: Shop) -> None:
    second = shop.ago(1)[:19] + "Z"
    messages = _visit(shop, "v1", EMAIL, 30, timestamp=second)
    named = [message | {"messageId": f"m{9 - place}"} for place, message in enumerate(messages)]
    for _ in range(3):
        shop.segment("batch", {"batch": named})
    shop.settle()

    assert shop.channels == {30.0: ["Email"]}
    assert shop.counts == {"stored": 3, "duplicates": 6, "failed": 0}
