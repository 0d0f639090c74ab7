"""What an event says of an order, as shops write it."""

from typing import Any

import pytest
from optiq.collect.order_lines import MAX_PRODUCTS
from optiq.collect.orders import read_order
from optiq.kernel.events import Product


def _read(**properties: Any) -> tuple[Any, list[str]]:
    warnings: list[str] = []
    return read_order(properties, "properties", warnings), warnings


@pytest.mark.parametrize("said", [1010, "1010", 1010.0, " 1010 ", "1010.0", "1010.00", "#1010"])
@pytest.mark.parametrize("name", ["order_id", "orderId", "transaction_id", "transactionId", "order_number"])
def test_an_order_has_one_number_as_text_and_as_number(name: str, said: object) -> None:
    order, warnings = _read(**{name: said})

    assert (order.order_id, warnings) == ("1010", [])


@pytest.mark.parametrize("said", ["A-1", "a-1", "1010.5", "# 1010", "10#10", "1e3x", "10.0.0"])
def test_an_order_number_keeps_what_tells_it_from_others(said: str) -> None:
    assert _read(order_id=said)[0].order_id == said


@pytest.mark.parametrize(
    "said",
    ["undefined", "(not set)", "0", "#0", 0, "null", "{{ order.id }}", "%ORDER%", "-", True, [], {}, ["A-1"], 1e999],
)
def test_what_names_no_order_is_left_out(said: object) -> None:
    order, warnings = _read(order_id=said, revenue=1)

    assert (order.order_id, order.value_micros) == ("", 1_000_000)
    assert len(warnings) == 1
    assert warnings[0].startswith("properties.order_id: ")


@pytest.mark.parametrize("said", [None, ""])
def test_no_order_number_is_no_fault(said: object) -> None:
    assert _read(order_id=said, revenue=1)[1] == []


def test_the_first_name_that_names_an_order_counts() -> None:
    assert _read(order_id="undefined", transaction_id="A-1")[0].order_id == "A-1"


@pytest.mark.parametrize(
    ("sent", "read"), [("\ufeffG1", "G1"), ("G1\u200b", "G1"), ("\u200bundefined", ""), ("\u2060", "")]
)
def test_what_nobody_sees_is_no_part_of_an_order_number(sent: str, read: str) -> None:
    assert _read(order_id=sent)[0].order_id == read


def test_long_order_numbers_stay_different() -> None:
    one, other = (_read(order_id="A" * 300 + end)[0].order_id for end in "12")

    assert one != other
    assert len(one) == len(other) == 200


@pytest.mark.parametrize("currency", ["EUR;", "EUR EUR", "Euro (EUR)"])
def test_a_text_that_names_one_currency_beside_other_signs_is_that_one(currency: str) -> None:
    assert _read(value="10", currency=currency)[0].currency == "EUR"


@pytest.mark.parametrize(
    ("currency", "value_micros", "code"),
    [
        # A text for no currency, and what is no text, leave the site's.
        *(("undefined", 10_000_000, ""), ("(not set)", 10_000_000, ""), (9, 10_000_000, ""), ([], 10_000_000, "")),
        *(
            ("pt-BR", 10_000_000, ""),
            ("default", 10_000_000, ""),
            ("CURRENCY_CODE", 10_000_000, ""),
            ("e" * 9_000, 10_000_000, ""),
        ),
        *(("978", None, ""), ("EUR or USD", None, "")),
        # Another's amount is never taken for the site's.
        *(("$", None, ""), ("¥", None, ""), ("dollars", None, ""), ("XXX", None, "")),
    ],
)
def test_an_odd_currency_never_makes_a_wrong_amount(currency: object, value_micros: int | None, code: str) -> None:
    order, warnings = _read(revenue=10, currency=currency)

    assert (order.value_micros, order.currency) == (value_micros, code)
    assert warnings[0].startswith("properties.currency: ")


def test_an_unreadable_revenue_is_as_if_it_were_not_there() -> None:
    assert _read(revenue="abc", total="12.00")[0].value_micros == 12_000_000
    assert _read(revenue="abc")[1] == ['properties.revenue: "abc" is not a number such as "49.90"; left out']


@pytest.mark.parametrize(
    "line",
    [
        {"product_id": "P-1", "price": "9.90", "quantity": 2},
        {"item_id": "P-1", "price": 9.9, "quantity": "2"},
        {"sku": "P-1", "price": "9,90", "quantity": 2.0},
        {"id": " P-1 ", "price": "9.90 ", "quantity": "2.0", "variant": "red"},
        {"product_id": None, "variant_id": "P-1", "price": "9.90", "quantity": 2},
    ],
)
@pytest.mark.parametrize("name", ["products", "items"])
def test_a_line_of_an_order_is_read_by_each_of_its_names(name: str, line: object) -> None:
    order, warnings = _read(order_id="A-1", **{name: [line]})

    assert order.products == (Product(product_id="P-1", price_micros=9_900_000, quantity=2),)
    assert warnings == []


def test_a_line_that_cannot_be_read_spoils_only_itself() -> None:
    order, warnings = _read(
        order_id="A-1",
        products=[7, {"sku": "a", "price": "x"}, {"sku": "b", "quantity": "x"}, {"sku": "c", "quantity": 0}, {}],
    )

    assert [(product.product_id, product.price_micros, product.quantity) for product in order.products] == [
        ("a", None, 1),
        ("b", None, 1),
    ]
    assert [warning.partition(":")[0] for warning in warnings] == [
        "properties.products.0",
        "properties.products.1.price",
        "properties.products.2.quantity",
        "properties.products.3",
        "properties.products.4",
    ]


def test_lines_are_read_in_phps_spellings_of_a_list() -> None:
    assert _read(order_id="A-1", products=[])[1] == []
    assert len(_read(order_id="A-1", products={"0": {"sku": "a"}, "2": {"sku": "b"}})[0].products) == 2
    assert len(_read(order_id="A-1", products={"sku": "a"})[0].products) == 1


def test_lines_are_bounded() -> None:
    order, warnings = _read(order_id="A-1", products=[{"sku": str(n)} for n in range(1, 500)])

    assert len(order.products) == MAX_PRODUCTS
    assert warnings == ["properties.products: the first 100 of 499 lines are kept"]


def test_lines_are_of_an_order_only() -> None:
    assert _read(products=[{"sku": "a", "price": 1}])[0].products == ()
