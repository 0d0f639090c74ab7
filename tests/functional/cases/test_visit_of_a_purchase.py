"""A purchase belongs to the visit that led to it, however late and by whom it is sent (case 10)."""

from typing import Any

import pytest

from tests.functional.cases.shop import EMAIL, PAID, THANKS, Shop, page_view, purchase


def _at(shop: Shop, client: str, minutes: int, event: dict[str, Any], **said: Any) -> None:
    micros = (shop.now_ms - minutes * 60_000) * 1000
    shop.measure(client, event, timestamp_micros=micros, **said)


def test_a_purchase_by_a_server_makes_no_direct_touch(shop: Shop) -> None:
    for client, minutes, session in (("1.1", 75, "s1"), ("2.1", 110, "s2"), ("3.1", 110, "made-up")):
        number = int(client[0])
        _at(shop, client, 120, page_view(PAID, session_id=f"s{number}"))
        order = {"transaction_id": f"F{number}", "value": number, "currency": "EUR", "page_location": THANKS}
        _at(shop, client, minutes, purchase(session_id=session, **order))
    shop.settle()

    assert shop.touches == {value: ["google / cpc = Paid Search"] for value in (1.0, 2.0, 3.0)}
    assert shop.earned() == {"Paid Search": 6.0}
    shop.assert_groups_total(3, 6.0)


@pytest.mark.parametrize("minutes", [119, 45, 5])
@pytest.mark.parametrize("session", [{}, {"session_id": "s1"}, {"session_id": 1700000000}])
def test_a_purchase_without_an_address_joins_the_visit(shop: Shop, minutes: int, session: dict[str, Any]) -> None:
    _at(shop, "1.1", 120, page_view(PAID, **session))
    _at(shop, "1.1", minutes, purchase(transaction_id="F1", value=1, currency="EUR", **session))
    shop.settle()

    assert shop.channels == {1.0: ["Paid Search"]}


def test_a_purchase_days_later_goes_to_the_latest_touch(shop: Shop) -> None:
    _at(shop, "1.1", 5 * 1440, page_view(PAID))
    _at(shop, "1.1", 3 * 1440, page_view(EMAIL))
    _at(shop, "1.1", 5, purchase(transaction_id="F1", value=1, currency="EUR", page_location=THANKS))
    shop.settle()

    assert shop.channels == {1.0: ["Paid Search", "Email"]}
    assert shop.earned() == {"Email": 1.0}


def test_a_segment_order_with_its_page_makes_no_touch(shop: Shop) -> None:
    page = {"page": {"url": EMAIL}}
    shop.segment("page", {"anonymousId": "v1", "timestamp": shop.ago(90), "context": page})
    order = {"revenue": "10.00", "currency": "EUR", "order_id": "A-1"}
    thanks = {"page": {"url": THANKS}, "sessionId": "other"}
    shop.segment("track", {"anonymousId": "v1", "event": "Order Completed", "properties": order, "context": thanks})
    shop.settle()

    assert shop.channels == {10.0: ["Email"]}


def test_a_page_that_waited_for_the_payment_stays_in_its_visit(shop: Shop) -> None:
    """The payment took 40 minutes; the tracker still has the session's id."""
    shop.page("visitor01", EMAIL, timestamp=shop.ago(45), session_id="s1")
    properties = {"transaction_id": "A-1", "value": 10, "currency": "EUR"}
    order = {"kind": "track", "name": "purchase", "url": THANKS, "properties": properties, "session_id": "s1"}
    shop.beacon({"anonymous_id": "visitor01"} | order)
    shop.settle()

    assert shop.channels == {10.0: ["Email"]}


def test_a_server_that_names_a_campaign_makes_its_touch(shop: Shop) -> None:
    """What names a contact is one: the order of a newsletter's reader, told by a server alone."""
    campaign = {"source": "newsletter", "medium": "email", "name": "spring"}
    said = {"event": "Order Completed", "properties": {"revenue": 10, "currency": "EUR"}}
    shop.segment("track", {"userId": "u1", "context": {"campaign": campaign}} | said)
    shop.settle()

    assert shop.touches == {10.0: ["newsletter / email = Email"]}


def test_a_screen_of_an_app_is_a_visit_and_a_page_without_an_address_is_none(shop: Shop) -> None:
    for number, kind in enumerate(("screen", "page"), 1):
        shop.segment(kind, {"anonymousId": kind, "name": "Home", "timestamp": shop.ago(20)})
        shop.segment("screen", {"anonymousId": "later", "name": "Home", "timestamp": shop.ago(20 + 60 * number)})
        said = {"event": "purchase", "properties": {"value": number}, "timestamp": shop.ago(10)}
        shop.segment("track", {"anonymousId": kind} | said)
    shop.segment("screen", {"anonymousId": "later", "name": "Cart", "timestamp": shop.ago(19)})
    said = {"event": "purchase", "properties": {"value": 3}, "timestamp": shop.ago(10)}
    shop.segment("track", {"anonymousId": "later"} | said)
    shop.measure("4.4", {"name": "screen_view", "params": {"screen_name": "Home"}}, purchase(value=4))
    shop.settle()

    assert shop.channels == {1.0: ["Direct"], 2.0: [], 3.0: ["Direct", "Direct", "Direct"], 4.0: ["Direct"]}
    shop.assert_groups_total(4, 10.0)
