"""What is there and says nothing is as if it were not there: [] for {} and an empty campaign (cases 07 and 08)."""

from typing import Any

import pytest

from tests.functional.cases.shop import NO_TRACKED_VISIT, Shop, purchase

SPRING = "https://shop.example/?utm_source=newsletter&utm_medium=email&utm_campaign=spring"
NOTHING: list[object] = [{}, [], None, "", {"source": None, "medium": None, "name": None}, {"source": "", "name": "  "}]


def _order(value: float, **said: Any) -> dict[str, Any]:
    return {"event": "Order Completed", "properties": {"revenue": f"{value:.2f}", "currency": "EUR"}} | said


def test_an_empty_array_is_read_as_an_empty_object(shop: Shop) -> None:
    shop.segment("track", {"event": "Signed Up", "userId": "u1", "properties": []})
    shop.segment("identify", {"anonymousId": "a1", "userId": "u1", "traits": []})
    for value, part in ((10, "campaign"), (11, "traits"), (12, "page")):
        shop.segment("track", _order(value, userId="u1", context={part: []}))
    shop.measure("1.1", {"name": "sign_up", "params": []})
    shop.measure("1.1", purchase(transaction_id="T1", value=13, currency="EUR"), user_agent=[])
    shop.settle()

    assert (shop.values, shop.failed) == ([0.0, 0.0, 10.0, 11.0, 12.0, 13.0], [])
    assert shop.customers == 2
    shop.assert_groups_total(6, 46.0)


@pytest.mark.parametrize(
    "said",
    [
        {"context": []},
        {"context": {"page": [], "campaign": [], "traits": [], "externalIds": {}}},
        {"context": {"device": [], "library": [], "app": []}},
        {"integrations": [], "options": []},
        {"traits": []},
        {"context": {"ip": [], "userAgent": [], "sessionId": []}},
        {"timestamp": [], "sentAt": {}, "messageId": []},
    ],
)
def test_an_order_counts_with_any_empty_part(shop: Shop, said: dict[str, Any]) -> None:
    shop.segment("track", _order(10, userId="u1") | said)
    shop.settle()

    assert (shop.values, shop.failed) == ([10.0], [])


@pytest.mark.parametrize(
    "said", [{"user_properties": []}, {"user_location": []}, {"device": []}, {"consent": []}, {"user_data": []}]
)
def test_an_empty_array_beside_the_events_spoils_no_request(shop: Shop, said: dict[str, Any]) -> None:
    shop.measure("1.1", purchase(transaction_id="T1", value=13, currency="EUR", items=[]), **said)
    shop.settle()

    assert shop.values == [13.0]


def test_an_order_with_an_empty_array_of_lines_counts(shop: Shop) -> None:
    shop.page_order("visitor01", transaction_id="T-1", value=5, currency="EUR", items=[])
    shop.beacon({"anonymous_id": "visitor02", "kind": "track", "name": "Signed Up", "properties": []})
    shop.order("u1", order_id="T-2", revenue=6, currency="EUR", products={})
    shop.settle()

    assert shop.values == [0.0, 5.0, 6.0]


@pytest.mark.parametrize("campaign", NOTHING)
def test_an_empty_campaign_on_an_order_makes_no_touch(shop: Shop, campaign: object) -> None:
    shop.segment("track", _order(1, userId="u1"))
    shop.segment("track", _order(2, userId="u2", context={"campaign": campaign}))
    shop.settle()

    assert shop.touches == {1.0: [], 2.0: []}
    assert shop.earned() == {NO_TRACKED_VISIT: 3.0}
    shop.assert_groups_total(2, 3.0)


@pytest.mark.parametrize("campaign", NOTHING)
def test_an_empty_campaign_hides_none_of_the_page(shop: Shop, campaign: object) -> None:
    shop.segment("page", {"userId": "u4", "context": {"campaign": campaign, "page": {"url": SPRING}}})
    shop.segment("track", _order(4, userId="u4"))
    shop.settle()

    assert shop.touches == {4.0: ["newsletter / email = Email"]}
    assert shop.earned("campaign") == {"spring": 4.0}


@pytest.mark.parametrize("campaign", NOTHING)
def test_an_empty_campaign_takes_no_credit_from_last_week(shop: Shop, campaign: object) -> None:
    seven_days = shop.ago(7 * 24 * 60)
    shop.segment("page", {"userId": "u6", "timestamp": seven_days, "context": {"page": {"url": SPRING}}})
    shop.segment("track", _order(6, userId="u6", context={"campaign": campaign}))
    shop.settle()

    assert shop.channels == {6.0: ["Email"]}
    shop.assert_groups_total(1, 6.0)
