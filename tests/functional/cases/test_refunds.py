"""What becomes of an order: refunds, cancellations, changes, by whoever sends them (cases 17 and 18)."""

from typing import Any

import pytest
from optiq.journeys import api as journeys
from optiq.reports.domain import ATTRIBUTION_DIMENSIONS

from tests.functional.cases.shop import EMAIL, NO_TRACKED_VISIT, Shop, purchase
from tests.functional.collect.posting import post_measurement
from tests.functional.senders import send_segment
from tests.support.examples import each_and_slow

LINES = [{"product_id": "mug", "price": "8.00", "quantity": 2}, {"product_id": "tea", "price": 14, "quantity": 1}]


def test_a_refund_without_a_currency_takes_the_orders(shop: Shop) -> None:
    shop.order("u1", order_id="I-1", revenue="100.00", currency="USD")
    shop.order("u1", "Order Refunded", order_id="I-1", total="40.00")
    shop.order("u2", order_id=1010.0, revenue="100.00", currency="EUR")
    shop.order("u2", "Order Refunded", order_id=1010, total="40.00", currency="EUR")
    shop.settle()

    assert sorted(shop.sold) == [(60.0, "EUR"), (60.0, "USD")]
    assert shop.failed == []


@pytest.mark.parametrize(
    ("ordered", "refunded"),
    each_and_slow([1010, "1010", 1010.0, "1010.0", " 1010 "], ["1010", 1010.0, "#1010", 1010]),
)
def test_one_number_is_one_however_it_is_spelt(shop: Shop, ordered: object, refunded: object) -> None:
    shop.order("u1", order_id=ordered, revenue="100.00", currency="EUR")
    shop.order("u1", "Order Refunded", orderId=refunded, revenue=40)
    shop.settle()

    assert shop.values == [60.0]
    shop.assert_groups_total(1, 60.0)


@pytest.mark.parametrize("currency", [{}, {"currency": ""}, {"currency": None}, {"currency": "undefined"}])
def test_a_refund_that_names_no_currency_is_in_the_orders(shop: Shop, currency: dict[str, Any]) -> None:
    shop.order("u1", order_id="I-1", revenue="100.00", currency="GBP")
    shop.measure("1.1", {"name": "refund", "params": {"transaction_id": "I-1", "value": 30} | currency}, user_id="u1")
    shop.settle()

    assert shop.sold == [(70.0, "GBP")]


@pytest.mark.parametrize("amount", ["1,234", "abc", {"amount": 5}])
def test_a_refund_whose_amount_cannot_be_read_fails_and_takes_nothing(shop: Shop, amount: object) -> None:
    shop.order("u1", order_id="I-1", revenue="5000.00", currency="EUR")
    refund = {"event": "Order Refunded", "properties": {"order_id": "I-1", "total": amount}}
    answer = send_segment(shop.new_site, "track", {"userId": "u1"} | refund)
    shop.settle()

    assert answer["statusCode"] == 400
    assert shop.values == [5000.0]
    (reason,) = shop.failed
    assert "the amount of a refund cannot be read" in reason


def test_a_refund_in_another_currency_changes_nothing_and_says_so(shop: Shop) -> None:
    shop.order("u1", order_id="I-1", revenue="100.00", currency="USD")
    shop.order("u1", "Order Refunded", order_id="I-1", total="40.00", currency="EUR")
    shop.settle()

    (order,) = shop.conversions
    _, background = journeys.conversion_background(*shop.where, order.conversion_id)
    assert shop.sold == [(100.0, "USD")]
    assert [one.refusal for one in background.corrections] == ["CURRENCY"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Order Cancelled", {"total": "100.00", "currency": "EUR"}),
        ("Order Cancelled", {}),
        ("Order Canceled", {"revenue": 100}),
        ("Order Refunded", {}),
        ("Order Refunded", {"total": "100.00"}),
        ("refund", {"value": -100}),
        ("Order Updated", {"total": 0}),
        ("Order Cancelled", {"products": LINES[:1]}),
    ],
)
def test_an_order_that_is_taken_back_is_worth_nothing(shop: Shop, name: str, said: dict[str, Any]) -> None:
    shop.segment("page", {"userId": "u1", "context": {"page": {"url": EMAIL}}})
    shop.order("u1", order_id="J-1", revenue="100.00", currency="EUR")
    shop.order("u1", name, order_id="J-1", **said)
    shop.settle()

    assert shop.values == [0.0]
    assert shop.conversions[0].gross_micros == 100_000_000
    shop.assert_groups_total(1, 0.0)


def test_a_partial_refund_of_products_takes_their_price_off(shop: Shop) -> None:
    shop.order("u1", order_id="K-1", revenue="30.00", currency="EUR", products=LINES)
    shop.order("u1", "Order Refunded", order_id="K-1", products=[{"product_id": "mug", "quantity": 1}])
    shop.order("u2", order_id="K-2", revenue="30.00", currency="EUR", products=LINES)
    returned = {"transaction_id": "K-2", "items": [{"item_id": "tea", "price": 13, "quantity": 1}]}
    shop.measure("1.1", {"name": "refund", "params": returned}, user_id="u2")
    shop.settle()

    assert shop.values == [17.0, 22.0]
    shop.assert_groups_total(2, 39.0, ATTRIBUTION_DIMENSIONS)


def test_products_refunded_by_two_tools_and_then_the_rest_come_off(shop: Shop) -> None:
    mug, tea = {"product_id": "mug", "quantity": 2}, {"product_id": "tea", "quantity": 1}
    shop.order("u1", minutes_ago=9, order_id="K-1", revenue="30.00", currency="EUR", products=LINES)
    shop.order("u1", "Order Refunded", minutes_ago=8, order_id="K-1", products=[tea])
    shop.order("u1", "refund", minutes_ago=7, order_id="K-1", products=[mug])
    shop.settle()
    assert shop.values == [0.0]

    shop.order("u2", minutes_ago=6, order_id="K-2", revenue="50.00", currency="EUR", products=LINES)
    shop.order("u2", "Order Refunded", minutes_ago=5, order_id="K-2", products=[tea])
    shop.order("u2", "refund", minutes_ago=4, order_id="K-2")
    shop.settle()
    assert shop.values == [0.0, 0.0]


def test_one_refund_reported_by_two_tools_comes_off_once(shop: Shop) -> None:
    shop.order("u1", order_id="K-1", revenue="30.00", currency="EUR", products=LINES)
    shop.order("u1", "Order Refunded", order_id="K-1", total="8.00")
    shop.order("u1", "refund", order_id="K-1", value="8")
    for tool in ("Order Refunded", "refund"):
        shop.order("u1", tool, order_id="K-1", products=[{"product_id": "tea"}])
    shop.settle()

    assert shop.values == [8.0]
    _, background = journeys.conversion_background(*shop.where, shop.conversions[0].conversion_id)
    assert sorted(one.refusal for one in background.corrections) == ["", "", "REPEATED", "REPEATED"]


def test_a_refund_by_a_page_and_by_the_server_comes_off_once(shop: Shop) -> None:
    """Whichever was first, and also where the page says it more often."""
    shop.order("u1", minutes_ago=9, order_id="K-1", revenue="30.00", currency="EUR")
    refund = {"kind": "track", "name": "refund", "properties": {"order_id": "K-1", "value": 8}}
    for minutes in (8, 7):
        shop.beacon({"anonymous_id": "visitor01", "user_id": "u1", "timestamp": shop.ago(minutes)} | refund)
    shop.order("u1", "refund", minutes_ago=6, order_id="K-1", value="8.00")
    shop.settle()

    assert shop.values == [22.0]
    _, background = journeys.conversion_background(*shop.where, shop.conversions[0].conversion_id)
    assert [one.refusal for one in background.corrections] == ["UNVERIFIED", "UNVERIFIED", ""]


def test_refunds_of_one_amount_by_one_tool_are_several(shop: Shop) -> None:
    shop.order("u1", order_id="K-1", revenue="30.00", currency="EUR")
    for minutes in (3, 2):
        shop.order("u1", "Order Refunded", minutes_ago=minutes, order_id="K-1", total="8.00")
    shop.settle()

    assert shop.values == [14.0]


def test_a_refund_by_the_back_office_needs_no_buyer_of_the_shop(shop: Shop) -> None:
    """It names the order, and the clerk or a made-up client id."""
    shop.page("visitor01", EMAIL)
    shop.page_order("visitor01", transaction_id="K-1", value="30.00", currency="EUR")
    shop.measure("555.999", {"name": "refund", "params": {"transaction_id": "K-1", "value": 10}})
    shop.order("clerk-7", order_id="K-2", revenue=1)
    shop.settle()

    assert shop.values == [1.0, 20.0]
    assert shop.earned() == {"Email": 20.0, NO_TRACKED_VISIT: 1.0}


def test_a_correction_before_its_order_waits_and_counts_then(shop: Shop) -> None:
    shop.order("u1", "Order Refunded", order_id="K-1", total="10.00")
    shop.order("u1", "Order Cancelled", order_id="K-2")
    shop.settle()
    waiting = journeys.waiting_corrections(*shop.where, 10, None).items
    assert {one.order_id: one.name for one in waiting} == {"K-1": "Order Refunded", "K-2": "Order Cancelled"}
    assert shop.values == []

    shop.order("u1", order_id="K-1", revenue="30.00", currency="EUR")
    shop.order("u1", order_id="K-2", revenue="40.00", currency="EUR")
    shop.settle()

    assert shop.values == [0.0, 20.0]
    assert journeys.waiting_corrections(*shop.where, 10, None).items == ()
    shop.assert_groups_total(2, 20.0)


def test_a_refund_of_a_number_that_two_buyers_share_waits_unless_it_names_one(shop: Shop) -> None:
    for user, value in (("ann", 10), ("ben", 20)):
        shop.order(user, order_id="1001", revenue=value, currency="EUR")
    shop.order("ben", "Order Refunded", order_id="1001", total="5.00")
    shop.order("clerk", "Order Refunded", order_id="1001", total="7.00")
    shop.settle()

    assert shop.values == [10.0, 15.0]
    waiting = journeys.waiting_corrections(*shop.where, 10, None).items
    assert [one.value_micros for one in waiting] == [7_000_000]


def test_a_page_takes_nothing_off_what_a_server_reported(shop: Shop) -> None:
    shop.measure("1.1", purchase(transaction_id="A-1", value=500, currency="EUR"))
    refund = {"kind": "track", "name": "Order Refunded", "properties": {"order_id": "A-1"}}
    shop.beacon({"anonymous_id": "thief"} | refund, {"anonymous_id": "1.1"} | refund)
    shop.settle()

    assert shop.values == [500.0]


def test_a_changed_order_is_worth_what_the_change_says(shop: Shop) -> None:
    shop.order("u1", minutes_ago=9, order_id="A-1", revenue="50.00", currency="EUR")
    shop.order("u1", "Order Refunded", minutes_ago=8, order_id="A-1", total="5.00")
    shop.order("u1", "Order Updated", minutes_ago=7, order_id="A-1", total="60.00")
    shop.order("u1", "refund", minutes_ago=6, order_id="A-1", value="10.00")
    shop.settle()

    assert shop.values == [50.0]


FIFTY = {"order_id": "A-1", "revenue": "50.00", "currency": "EUR"}
Q = {"product_id": "q", "price": 10, "quantity": 3}


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ({"product_id": "q", "price": -10, "quantity": 1}, 40.0),
        ({"product_id": "q", "quantity": -2}, 30.0),
        ({"product_id": "q", "price": "-10.00", "quantity": -3}, 20.0),
        ({"price": -5}, 45.0),
    ],
)
@pytest.mark.parametrize("by", ["products", "items"])
def test_refund_line_below_zero_comes_off(shop: Shop, by: str, line: dict[str, Any], left: float) -> None:
    shop.order("u1", products=[Q], **FIFTY)
    if by == "products":
        shop.order("u1", "Order Refunded", order_id="A-1", products=[line])
    else:
        shop.measure("1.1", {"name": "refund", "params": {"transaction_id": "A-1", "items": [line]}}, user_id="u1")
    shop.settle()

    assert shop.values == [left]


@pytest.mark.parametrize(
    "said",
    [
        {"products": [{"product_id": "q", "quantity": 0}]},
        {"products": [{"title": "Mug"}]},
        {"products": [{"product_id": "(not set)"}]},
        {"products": [None]},
        {"products": ["q"]},
        {"products": "q"},
        {"total": False},
        {"total": float("nan")},
        {"products": [{"product_id": "q", "quantity": float("nan")}]},
    ],
)
def test_refund_that_cannot_be_read_fails_and_takes_nothing(shop: Shop, said: dict[str, Any]) -> None:
    shop.order("u1", products=[Q], **FIFTY)
    refund = {"userId": "u1", "event": "Order Refunded", "properties": {"order_id": "A-1"} | said}
    answers = [send_segment(shop.new_site, "track", refund)]
    answers += [send_segment(shop.new_site, "batch", {"batch": [refund | {"type": "track"}]})]
    params = {"items" if name == "products" else "value": value for name, value in said.items()}
    answers += [
        post_measurement(
            shop.new_site.write_key,
            {"client_id": "1.1", "events": [{"name": "refund", "params": {"transaction_id": "A-1"} | params}]},
        )
    ]
    shop.settle()

    assert [answer["statusCode"] for answer in answers] == [400, 400, 400]
    assert shop.values == [50.0]
    assert len(shop.failed) == 3
    assert all("of a refund cannot be read; send" in reason for reason in shop.failed)


@pytest.mark.parametrize(
    "said",
    [
        *({name: "10.00"} for name in ("refunded_amount", "total_refunded", "amount_refunded", "refund_total")),
        *({name: 10} for name in ("refundTotal", "refund_value", "refund", "amountRefunded")),
        {"refund": {"amount": "10.00"}},
        {"transactions": [{"amount": "10.00"}]},
        {"refund_line_items": [{"subtotal": 10}]},
    ],
)
def test_refund_with_an_amount_of_an_unknown_name_fails_and_takes_nothing(shop: Shop, said: dict[str, Any]) -> None:
    shop.order("u1", **FIFTY)
    refund = {"userId": "u1", "event": "Order Refunded", "properties": {"order_id": "A-1"} | said}
    answer = send_segment(shop.new_site, "track", refund)
    shop.settle()

    assert answer["statusCode"] == 400
    assert shop.values == [50.0]
    assert f"properties.{next(iter(said))}: not known as the amount of a refund" in shop.failed[0]


@pytest.mark.parametrize(
    ("name", "number"),
    each_and_slow(
        ["Order Refunded", "refund", "Order Cancelled", "Order Updated"],
        [{}, {"order_id": "undefined"}, {"order_number": ""}],
    ),
)
def test_correction_that_names_no_order_fails(shop: Shop, name: str, number: dict[str, str]) -> None:
    shop.order("u1", **FIFTY)
    answer = send_segment(shop.new_site, "track", {"userId": "u1", "event": name, "properties": {"total": 5} | number})
    shop.settle()

    assert (answer["statusCode"], shop.values) == (400, [50.0])
    (reason,) = shop.failed
    assert "properties.order_id: name the order" in reason


def test_screen_named_refund_corrects_nothing(shop: Shop) -> None:
    shop.order("u1", **FIFTY)
    shop.segment("screen", {"userId": "u1", "name": "Refund", "properties": {"order_id": "A-1"}})
    shop.segment("screen", {"userId": "u1", "name": "Refund"})
    shop.settle()

    assert (shop.values, shop.failed) == ([50.0], [])


@pytest.mark.parametrize("name", ["amount", "refund_amount", "refundAmount"])
def test_refund_amount_comes_off(shop: Shop, name: str) -> None:
    shop.order("u1", **FIFTY)
    shop.order("u1", "Order Refunded", order_id="A-1", **{name: "12.50"})
    shop.settle()

    assert shop.values == [37.5]


@pytest.mark.parametrize("said", [{"total": "50.00", "currency": "EUR"}, {"total": "52", "currency": "GBP"}])
@pytest.mark.parametrize("name", ["Order Cancelled", "order_canceled"])
def test_cancellation_takes_everything_whatever_amount_it_names(shop: Shop, name: str, said: dict[str, str]) -> None:
    shop.order("u1", order_id="A-1", revenue="52.00", currency="USD")
    shop.order("u1", name, order_id="A-1", **said)
    shop.settle()

    assert shop.sold == [(0.0, "USD")]


Q_AND_R = [{"product_id": "q", "price": 10, "quantity": 3}, {"product_id": "r", "price": 20}]


@pytest.mark.parametrize(
    ("refunds", "left"),
    [
        ([{"products": [{"product_id": "q", "quantity": 3}]}] * 2, 20.0),
        ([{"products": [{"product_id": "q", "quantity": 5}]}], 20.0),
        ([{"items": [{"item_id": "q", "quantity": 2, "price": "10.00"}]}] * 3, 20.0),
        ([{"total": 30, "products": Q_AND_R[:1]}, {"products": Q_AND_R[:1]}], 20.0),
        ([{"products": Q_AND_R}, {"products": Q_AND_R[1:]}], 0.0),
    ],
)
def test_refunds_of_lines_take_no_more_off_than_was_bought(
    shop: Shop, refunds: list[dict[str, Any]], left: float
) -> None:
    shop.page_order("visitor01", order_id="A-1", revenue="50.00", products=Q_AND_R)
    shop.order("u1", minutes_ago=9, order_id="A-1", revenue="50.00", currency="EUR", products=Q_AND_R)
    for minutes, said in enumerate(refunds):
        shop.order("u1", "Order Refunded", minutes_ago=8 - minutes, order_id="A-1", **said)
    shop.settle()

    assert shop.values == [left]
    shop.assert_groups_total(1, left)


@pytest.mark.parametrize("name", ["refund_id", "refundId", "RefundID"])
def test_refund_with_one_id_comes_off_once(shop: Shop, name: str) -> None:
    shop.order("u1", minutes_ago=9, **FIFTY)
    for minutes, number in ((8, "r-1"), (7, "r-1"), (6, "r-2")):
        shop.order("u1", "Order Refunded", minutes_ago=minutes, order_id="A-1", total="10.00", **{name: number})
    shop.settle()
    journeys.refund_conversion(*shop.where, shop.conversions[0].conversion_id, 10_000_000, "r-2")
    shop.settle()

    assert shop.values == [30.0]
    _, background = journeys.conversion_background(*shop.where, shop.conversions[0].conversion_id)
    assert [one.refusal for one in background.corrections] == ["", "REPEATED", "", "REPEATED"]


def test_update_of_a_draft_does_not_override_the_order(shop: Shop) -> None:
    shop.order("u1", "Order Updated", minutes_ago=9, order_id="A-1", total="40.00")
    shop.order("u1", minutes_ago=8, **FIFTY)
    shop.order("u1", "Order Updated", minutes_ago=9, order_id="A-2", total="40.00")
    shop.order("u1", minutes_ago=8, order_id="A-2", currency="EUR")
    shop.settle()

    # THEN without a value of its own, an order has the draft's
    assert shop.values == [40.0, 50.0]


@pytest.mark.parametrize("value", [0, "0.00", 0.0])
def test_refund_of_value_zero_takes_its_items_off(shop: Shop, value: object) -> None:
    shop.order("u1", products=[Q], **FIFTY)
    returned = {"transaction_id": "A-1", "value": value, "items": [{"item_id": "q", "price": 10, "quantity": 2}]}
    shop.measure("1.1", {"name": "refund", "params": returned}, user_id="u1")
    shop.settle()

    assert shop.values == [30.0]


@pytest.mark.parametrize(
    ("corrections", "refusals", "left"),
    [
        ([("Order Updated", {})], ["NO_VALUE"], 50.0),
        ([("Order Updated", {"total": "abc"})], ["NO_VALUE"], 50.0),
        ([("Order Refunded", {"total": 0})], ["NO_VALUE"], 50.0),
        ([("Order Cancelled", {}), ("refund", {"value": 5})], ["", "NOTHING_LEFT"], 0.0),
        ([("Order Refunded", {}), ("Order Cancelled", {})], ["", "NOTHING_LEFT"], 0.0),
        ([("Order Cancelled", {}), ("Order Updated", {"total": 20})], ["", ""], 20.0),
    ],
)
def test_correction_that_changes_nothing_says_why(
    shop: Shop, corrections: list[tuple[str, dict[str, Any]]], refusals: list[str], left: float
) -> None:
    shop.order("u1", minutes_ago=9, **FIFTY)
    for minutes, (name, said) in enumerate(corrections):
        shop.order("u1", name, minutes_ago=8 - minutes, order_id="A-1", **said)
    shop.settle()

    _, background = journeys.conversion_background(*shop.where, shop.conversions[0].conversion_id)
    assert [one.refusal for one in background.corrections] == refusals
    assert shop.values == [left]
