"""Refunds, cancellations and updates as shops write them: what is read, and what is refused with the fix."""

from typing import Any

import pytest
from optiq.collect.order_lines import MAX_PRODUCTS
from optiq.collect.orders import Order, read_correction
from optiq.kernel.errors import InvalidError
from optiq.kernel.events import Correction, Product

MUG = Product(product_id="q", price_micros=10_000_000, quantity=3)


def _refund(**properties: Any) -> Order:
    return read_correction("REFUND", {"order_id": "A-1", **properties}, "properties", [])


@pytest.mark.parametrize(
    "line",
    [
        {"product_id": "q", "price": -10, "quantity": 3},
        {"product_id": "q", "price": 10, "quantity": -3},
        {"product_id": "q", "price": "-10.00", "quantity": "-3"},
        {"product_id": "q", "price": "−10,00 €", "quantity": -3.0},
    ],
)
@pytest.mark.parametrize("name", ["products", "items"])
def test_refund_line_has_its_absolute_amount(name: str, line: dict[str, Any]) -> None:
    assert _refund(**{name: [line]}).products == (MUG,)


@pytest.mark.parametrize(
    "lines",
    [
        '[{"product_id": "q", "price": 10, "quantity": 3}]',
        ' {"product_id": "q", "price": "10.00", "quantity": -3} ',
        {"0": {"product_id": "q", "price": 10, "quantity": 3}},
    ],
)
def test_refund_lines_are_read_from_json_text_and_phps_lists(lines: object) -> None:
    assert _refund(products=lines).products == (MUG,)


@pytest.mark.parametrize("lines", [None, "", "  ", [], {}, "[]", "{}"])
def test_refund_without_lines_and_amount_takes_everything(lines: object) -> None:
    assert _refund(products=lines, total=" ") == Order("A-1")


@pytest.mark.parametrize(
    "line",
    [
        {"product_id": "q", "quantity": 0},
        {"product_id": "q", "price": 10, "quantity": "x"},
        {"product_id": "q", "price": 10, "quantity": 1.5},
        {"product_id": "q", "price": 10, "quantity": "-1.5"},
        {"product_id": "q", "price": "1,234", "quantity": 1},
        {"product_id": "q", "price": False, "quantity": 1},
        {"product_id": "undefined", "quantity": 1},
        {"product_id": "{{ line.sku }}"},
        {"title": "Mug"},
        {},
        *(None, "q", 7, []),
    ],
)
@pytest.mark.parametrize("name", ["products", "items"])
def test_refund_with_a_line_that_cannot_be_read_is_refused(name: str, line: object) -> None:
    with pytest.raises(
        InvalidError, match=r"the lines of a refund cannot be read; send product_id, quantity and price"
    ):
        _refund(**{name: [{"product_id": "a", "price": 1}, line]})


@pytest.mark.parametrize("lines", ["q", '"q"', '["q"]', "[", "null", "[null]", 7, False, True, [[]]])
@pytest.mark.parametrize("name", ["products", "items"])
def test_refund_with_lines_that_are_no_list_of_lines_is_refused(name: str, lines: object) -> None:
    with pytest.raises(InvalidError, match="the lines of a refund cannot be read"):
        _refund(**{name: lines})


def test_refund_with_too_many_lines_is_refused() -> None:
    lines = [{"sku": str(n), "price": 1} for n in range(1, MAX_PRODUCTS + 2)]

    assert len(_refund(products=lines[:-1]).products) == MAX_PRODUCTS
    with pytest.raises(InvalidError, match=f"at most {MAX_PRODUCTS}"):
        _refund(products=lines)


@pytest.mark.parametrize("lines", [[{"title": "Mug"}], "q", [None]])
def test_refund_with_an_amount_needs_no_lines(lines: object) -> None:
    assert _refund(total="12.50", products=lines).value_micros == 12_500_000


@pytest.mark.parametrize("name", ["amount", "refund_amount", "refundAmount", "revenue", "total", "value"])
@pytest.mark.parametrize("amount", [12.5, "12.50", "12,50 €"])
def test_refund_reads_its_amount_by_each_name(name: str, amount: object) -> None:
    assert _refund(**{name: amount}).value_micros == 12_500_000


@pytest.mark.parametrize("name", ["refund_amount", "refundAmount"])
def test_refund_amount_comes_before_the_total_of_the_order(name: str) -> None:
    assert _refund(total=50, **{name: 10}).value_micros == 10_000_000
    assert _refund(amount=3, total=50).value_micros == 50_000_000


@pytest.mark.parametrize("amount", [False, True, float("nan"), float("inf"), "abc", "1,234", "null", {}, [], [5]])
@pytest.mark.parametrize("name", ["total", "refund_amount", "amount"])
def test_refund_whose_amount_cannot_be_read_is_refused(name: str, amount: object) -> None:
    with pytest.raises(InvalidError, match="the amount of a refund cannot be read; send one such as"):
        _refund(**{name: amount})


def test_refund_takes_no_other_amount_for_the_one_that_cannot_be_read() -> None:
    with pytest.raises(InvalidError, match="the amount of a refund"):
        _refund(refund_amount="1,234", total=5000)
    assert _refund(refund_amount=10, total="abc").value_micros == 10_000_000


def test_refund_with_a_number_that_json_does_not_know_is_refused() -> None:
    # The reader of the body left it out, with this warning.
    for field, reason in (
        ("total", "the amount"),
        ("products.0.quantity", "the lines"),
        ("products.0.price", "the lines"),
    ):
        warnings = [f"properties.{field}: is not a finite number; left out"]
        with pytest.raises(InvalidError, match=reason):
            read_correction("REFUND", {"order_id": "A-1", "products": [{"sku": "q"}]}, "properties", warnings)


@pytest.mark.parametrize("total", [None, "", " ", "\t\n"])
def test_blank_amount_is_no_amount(total: object) -> None:
    assert _refund(total=total) == Order("A-1")
    assert _refund(total=total, value=3).value_micros == 3_000_000


@pytest.mark.parametrize("correction", ["REFUND", "CANCEL", "UPDATE"])
@pytest.mark.parametrize("order", [{}, {"order_id": ""}, {"order_id": "undefined"}, {"transaction_id": "0"}])
def test_correction_without_an_order_number_is_refused(correction: Correction, order: dict[str, Any]) -> None:
    with pytest.raises(InvalidError, match=r"^params.order_id: name the order that is refunded, cancelled or updated"):
        read_correction(correction, {"value": 5, **order}, "params", [])


@pytest.mark.parametrize("amount", ["abc", None, False])
def test_update_without_a_readable_value_is_kept_without_one(amount: object) -> None:
    assert read_correction("UPDATE", {"order_id": "A-1", "total": amount}, "properties", []) == Order("A-1")


def test_only_refunds_have_refund_amounts() -> None:
    assert read_correction("UPDATE", {"order_id": "A-1", "amount": 7}, "properties", []).value_micros is None
