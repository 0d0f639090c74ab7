"""A reloaded thank-you page, page and server, two tools: one order (cases 01 and 23)."""

from urllib.parse import urlencode

import pytest
from optiq.kernel.clock import DAY_MS, system_clock, to_rfc3339
from optiq.reports.domain import ATTRIBUTION_DIMENSIONS

from functions.collect import pixel
from tests.functional.cases.shop import EMAIL, THANKS, Shop, purchase
from tests.functional.senders import request, send_pixel


def test_a_thank_you_page_opened_twice_is_one_order(shop: Shop) -> None:
    for _ in range(2):
        shop.page_order("visitor01", "Order Completed", order_id="A-1", revenue="49.90", currency="EUR")
        shop.page_order("visitor02", "purchase", transaction_id="A-2", value="10.00", currency="EUR")
    shop.settle()

    assert shop.values == [10.0, 49.9]
    assert shop.counts == {"stored": 4, "duplicates": 0, "failed": 0}
    shop.assert_groups_total(2, 59.9, ATTRIBUTION_DIMENSIONS)


def test_a_thank_you_page_opened_from_a_mail_a_day_later_is_one_order(shop: Shop) -> None:
    yesterday = to_rfc3339(system_clock() - DAY_MS)
    said = {"kind": "track", "name": "purchase", "properties": {"transaction_id": "A-1", "value": 49.9}}
    thanks = {"anonymous_id": "visitor01", "url": "https://shop.example/thanks"} | said
    shop.beacon({"anonymous_id": "visitor01", "url": EMAIL, "timestamp": yesterday}, thanks | {"timestamp": yesterday})
    shop.beacon(thanks | {"url": "https://shop.example/thanks?utm_source=receipt"})
    shop.settle()

    assert shop.channels == {49.9: ["Email"]}
    shop.assert_groups_total(1, 49.9)


def test_page_and_server_report_one_order_under_other_names_and_identifiers(shop: Shop) -> None:
    shop.page("visitor01", EMAIL)
    shop.page_order("visitor01", "purchase", transaction_id="1001", value="49.90", currency="EUR")
    shop.order("user-1", "Order Completed", order_id=1001, total=49.9, currency="eur")
    shop.settle()

    assert shop.channels == {49.9: ["Email"]}
    assert shop.customers == 1
    shop.assert_groups_total(1, 49.9)


def test_segment_and_measurement_protocol_report_one_order(shop: Shop) -> None:
    shop.order("user-1", order_id="A-1", revenue="49.90", currency="EUR")
    shop.measure("123.456", purchase(transaction_id="A-1", value=49.9, currency="EUR"), user_id="user-1")
    shop.measure("123.456", purchase(transaction_id="A-1", value=49.9, currency="EUR"))
    shop.settle()

    assert shop.values == [49.9]
    shop.assert_groups_total(1, 49.9)


def test_a_server_says_what_an_order_is_worth_and_when(shop: Shop) -> None:
    shop.page_order("visitor01", "purchase", transaction_id="A-1", value="40.00", currency="EUR")
    told = {"order_id": "A-1", "revenue": "49.90", "currency": "EUR"}
    shop.segment("track", {"anonymousId": "visitor01", "event": "Order Completed", "properties": told})
    shop.settle()

    assert shop.values == [49.9]
    assert shop.conversions[0].name == "Order Completed"


def test_one_purchase_with_the_price_spelt_otherwise_is_one_event(shop: Shop) -> None:
    for price in (175, 175.00, "175.0000"):
        shop.measure("1.1", purchase(transaction_id="L-1", value=price, currency="EUR"))
    shop.measure("1.1", purchase(transaction_id="L-1", value=175, currency="EUR"), user_id="u1")
    shop.settle()

    assert shop.counts == {"stored": 1, "duplicates": 3, "failed": 0}
    assert shop.failed == []
    shop.assert_groups_total(1, 175.0)


def test_a_repeat_with_the_users_id_links_the_buyer(shop: Shop) -> None:
    shop.segment("page", {"userId": "u1", "context": {"page": {"url": EMAIL}}})
    shop.measure("1.1", purchase(transaction_id="L-1", value=175, currency="EUR"))
    shop.settle()
    assert (shop.channels, shop.customers) == ({175.0: []}, 2)

    for _ in range(2):
        shop.measure("1.1", purchase(transaction_id="L-1", value=175, currency="EUR"), user_id="u1")
        shop.settle()

    assert (shop.channels, shop.customers) == ({175.0: ["Email"]}, 1)
    assert shop.counts == {"stored": 2, "duplicates": 2, "failed": 0}
    shop.assert_groups_total(1, 175.0)


def test_prices_as_shops_spell_them_are_one_price(shop: Shop) -> None:
    for price in ("1234.50", 1234.5, "1.234,50", "1,234.50", "1 234,50 €", "EUR 1234.50"):
        shop.measure("1.1", purchase(transaction_id="L-1", value=price, currency="EUR"))
    shop.measure("1.1", purchase(transaction_id="L-1", value="1234.50", currency=" eur "))
    shop.measure("1.1", purchase(transaction_id=" L-1 ", value="1234.50", currency="€"))
    shop.settle()

    assert shop.counts == {"stored": 1, "duplicates": 7, "failed": 0}
    shop.assert_groups_total(1, 1234.5)


def test_an_order_reported_by_segment_at_spelt_prices_is_one_conversion(shop: Shop) -> None:
    for number, price in ((1010, 175), ("1010", "175.00"), (1010.0, "175,00 €"), (" 1010 ", "€175.00")):
        shop.order("u1", order_id=number, revenue=price, currency="EUR")
    shop.settle()

    assert shop.values == [175.0]
    shop.assert_groups_total(1, 175.0)


def test_orders_of_one_buyer_with_other_numbers_stay_apart(shop: Shop) -> None:
    for number in ("A-1", "A-2", "a-1", "A-10"):
        shop.page_order("visitor01", transaction_id=number, value="10.00", currency="EUR")
    shop.settle()

    assert shop.values == [10.0] * 4
    shop.assert_groups_total(4, 40.0)


@pytest.mark.parametrize("number", ["1001", " 1001 ", "1001.0"])
def test_pixel_reports_the_order_that_its_page_and_server_report(shop: Shop, number: str) -> None:
    said = {"k": shop.new_site.public_key, "e": "purchase", "a": "visitor01", "u": THANKS, "v": "49.90", "c": "EUR"}
    for _ in range(2):
        assert send_pixel(**said, o=number)["statusCode"] == 200
    shop.page_order("visitor01", transaction_id=1001, value="49.90", currency="EUR")
    shop.order("user-1", order_id=1001, revenue="49.90", currency="EUR")
    shop.settle()

    assert [one.order_id for one in shop.conversions] == ["1001"]
    shop.assert_groups_total(1, 49.9)


def test_visitors_without_an_id_report_one_order_and_hold_nobody_up(shop: Shop) -> None:
    said = {"k": shop.new_site.public_key, "e": "purchase", "u": THANKS, "v": "9", "c": "EUR", "o": "w2"}
    for address in ("203.0.113.1", "198.51.100.1", "192.0.2.1"):
        sent = request("GET", "/p.gif", query=urlencode(said))
        sent["requestContext"]["http"]["sourceIp"] = address
        assert pixel.handler(sent, None)["statusCode"] == 200
    shop.page_order("visitor01", transaction_id="B-1", value=20, currency="EUR")
    shop.settle()

    assert shop.values == [9, 20]
    (order, _) = shop.conversions
    assert order.order_id == "w2"


@pytest.mark.parametrize("number", ["undefined", "{{order.id}}", ""])
def test_pixel_with_no_order_number_reports_an_order_each_time(shop: Shop, number: str) -> None:
    said = {"k": shop.new_site.public_key, "e": "purchase", "a": "visitor01", "u": THANKS, "v": "49.90", "c": "EUR"}
    for _ in range(2):
        send_pixel(**said, o=number)
    shop.settle()

    assert shop.values == [49.9, 49.9]
