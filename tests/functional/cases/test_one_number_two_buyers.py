"""A number is its buyer's, and some numbers name no order (case 03)."""

import pytest

from tests.functional.cases.shop import Shop, purchase

NO_NUMBERS = [
    *("undefined", "(not set)", "null", "NaN", "0", "", "-", "None", "N/A", "[object Object]"),
    *("{{order.id}}", "${orderId}", "<%= @order.id %>", "{{ transaction_id }}", "%order_id%", "{order_id}"),
    *(0, 0.0, -1, "00000000-0000-0000-0000-000000000000", "your_order_id"),
]


@pytest.mark.parametrize("number", ["undefined", "(not set)", "1001"])
def test_two_buyers_with_one_number_are_two_orders(shop: Shop, number: str) -> None:
    shop.measure("1.1", purchase(transaction_id=number, value=10, currency="EUR"))
    shop.measure("2.2", purchase(transaction_id=number, value=20, currency="EUR"))
    shop.settle()

    assert shop.values == [10.0, 20.0]
    assert (shop.failed, shop.customers) == ([], 2)
    shop.assert_groups_total(2, 30.0)


@pytest.mark.parametrize("number", NO_NUMBERS)
def test_a_number_that_names_no_order_joins_nothing(shop: Shop, number: object) -> None:
    for buyer in ("1.1", "2.2"):
        shop.measure(buyer, purchase(transaction_id=number, value=10, currency="EUR"))
        shop.page_order(f"visitor-{buyer}", "Order Completed", order_id=number, revenue="10.00", currency="EUR")
    shop.order("user-1", order_id=number, revenue=10, currency="EUR")
    shop.settle()

    assert shop.values == [10.0] * 5
    assert (shop.failed, shop.customers) == ([], 5)


def test_one_buyer_without_a_number_may_buy_twice(shop: Shop) -> None:
    for _ in range(2):
        shop.page_order("visitor01", transaction_id="undefined", value="10.00", currency="EUR")
    shop.settle()

    assert shop.values == [10.0, 10.0]


def test_two_shops_that_count_from_1001_keep_their_orders(shop: Shop) -> None:
    for number, value in ((1001, 10), (1002, 20)):
        shop.order("ann", order_id=number, revenue=value, currency="EUR")
        shop.order("ben", order_id=number, revenue=value + 5, currency="EUR")
    shop.settle()

    assert shop.values == [10.0, 15.0, 20.0, 25.0]
    shop.assert_groups_total(4, 70.0)


def test_users_who_pay_the_same_under_one_number_are_two_buyers(shop: Shop) -> None:
    for user in ("ann", "ben"):
        shop.order(user, order_id="1001", revenue=10, currency="EUR")
    shop.settle()

    assert (shop.values, shop.customers) == ([10.0, 10.0], 2)


def test_the_same_price_in_another_currency_is_another_order(shop: Shop) -> None:
    shop.measure("1.1", purchase(transaction_id="1001", value=10, currency="EUR"))
    shop.measure("2.2", purchase(transaction_id="1001", value=10, currency="CHF"))
    shop.settle()

    assert sorted(shop.sold) == [(10.0, "CHF"), (10.0, "EUR")]


@pytest.mark.parametrize(
    ("of_page", "of_server", "sold"),
    [
        ({}, {"currency": "USD"}, [(49.9, "USD")]),
        ({"currency": "USD"}, {}, [(49.9, "EUR")]),
        ({"currency": ""}, {"currency": "CHF"}, [(49.9, "CHF")]),
        ({}, {}, [(49.9, "EUR")]),
        ({"currency": "EUR"}, {"currency": "USD"}, [(49.9, "EUR"), (49.9, "USD")]),
    ],
)
@pytest.mark.parametrize("page_first", [True, False])
def test_report_without_a_currency_contradicts_none(
    shop: Shop, of_page: dict[str, str], of_server: dict[str, str], sold: list[tuple[float, str]], page_first: bool
) -> None:
    reports = [
        lambda: shop.page_order("visitor01", transaction_id="1001", value="49.90", **of_page),
        lambda: shop.order("u1", order_id=1001, revenue="49.90", **of_server),
    ]
    for report in reports if page_first else reports[::-1]:
        report()
    shop.settle()

    assert sorted(shop.sold) == sold


def test_number_without_a_value_is_no_evidence(shop: Shop) -> None:
    shop.page_order("visitor01", transaction_id="1001")
    shop.order("u1", order_id="1001", revenue="49.90", currency="EUR")
    shop.settle()

    assert (shop.values, shop.customers) == ([0.0, 49.9], 2)


@pytest.mark.parametrize("name", ["orderID", "OrderID", "orderid", "OrderNumber", "order-number", "Transaction ID"])
def test_number_is_found_however_its_name_is_spelt(shop: Shop, name: str) -> None:
    shop.page_order("visitor01", transaction_id="1001", value="10.00")
    shop.order("u1", **{name: 1001}, revenue="10.00")
    shop.settle()

    assert [(one.value_micros, one.order_id) for one in shop.conversions] == [(10_000_000, "1001")]


def test_a_constant_in_a_template_makes_nobody_one(shop: Shop) -> None:
    """Every visitor of one product page sends the number of the preview order."""
    for visitor in range(8):
        shop.page_order(f"visitor{visitor:02}", transaction_id="PREVIEW-1", value="19.00", currency="EUR")
    shop.settle()

    assert (shop.values, shop.customers) == ([19.0] * 8, 8)
    shop.assert_groups_total(8, 152.0)
