"""Conversions over HTTP: listed by pages, for their organization alone."""

from typing import Any

import pytest

from functions.journeys import routes
from tests.functional.cases.shop import Shop
from tests.functional.reports.http import answer, request

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def shop() -> Shop:
    shop = Shop()
    for number in range(3):
        shop.order(f"user-{number}", order_id=f"A-{number}", revenue=10 + number)
    shop.settle()
    return shop


def _list(shop: Shop, query: str = "", organization_id: str = "") -> tuple[int, dict[str, Any]]:
    path = f"/v1/sites/{shop.where[1]}/conversions?{query}"
    return answer(routes.handler(request(path, organization_id or shop.where[0]), None))


def test_conversions_come_newest_first_by_pages(shop: Shop) -> None:
    _, first = _list(shop, "limit=2")
    _, second = _list(shop, f"limit=2&cursor={first['cursor']}")

    listed = first["items"] + second["items"]
    assert [item["order_id"] for item in listed] == ["A-2", "A-1", "A-0"]
    assert [item["occurred_at"] for item in listed] == sorted((item["occurred_at"] for item in listed), reverse=True)
    assert second["cursor"] is None


def test_a_conversion_in_the_list_is_as_by_itself(shop: Shop) -> None:
    (newest, *_) = _list(shop)[1]["items"]
    path = f"/v1/sites/{shop.where[1]}/conversions/{newest['conversion_id']}"

    alone = answer(routes.handler(request(path, shop.where[0]), None))[1]

    assert newest == {name: alone[name] for name in newest}


def test_another_organization_sees_no_conversions(shop: Shop, organization_id: str) -> None:
    assert _list(shop, "", organization_id)[0] == 404


def test_conversions_are_found_by_their_order(shop: Shop) -> None:
    # One order by page and server, and another buyer's of the same number.
    shop.page_order("visitor01", "purchase", transaction_id="A-1", value="11", currency="EUR")
    shop.order("user-9", order_id="A-1", revenue=99)
    shop.settle()

    found = _list(shop, "order_id=A-1")[1]

    assert [(item["order_id"], item["value_micros"]) for item in found["items"]] == [
        ("A-1", 99_000_000),
        ("A-1", 11_000_000),
    ]
    assert found["cursor"] is None
    assert _list(shop, "order_id=A-9")[1] == {"items": [], "cursor": None}
    assert {item["conversion_id"] for item in found["items"]} <= {
        item["conversion_id"] for item in _list(shop)[1]["items"]
    }


def test_a_cancelled_order_is_found_with_what_is_left_of_it(shop: Shop) -> None:
    shop.order("user-0", "Order Cancelled", order_id="A-0")
    shop.settle()
    # The shop shows the number as #A-0.
    found = _list(shop, "order_id=%23A-0")[1]["items"]
    assert [(item["order_id"], item["value_micros"]) for item in found] == [("A-0", 0)]


def test_conversions_are_found_by_any_identifier_of_their_person(shop: Shop) -> None:
    shop.page_order("visitor01", "purchase", transaction_id="B-1", value="7", currency="EUR")
    shop.order("user-1", order_id="B-1", revenue=7)
    shop.settle()
    listed = _list(shop)[1]["items"]
    [person] = {item["customer_id"] for item in listed if item["order_id"] == "B-1"}
    detail = answer(routes.handler(request(f"/v1/sites/{shop.where[1]}/customers/{person}", shop.where[0]), None))[1]
    identifiers = [one["customer_id"] for one in detail["identities"]]
    assert len(identifiers) == 2

    for identifier in identifiers:
        assert [item["order_id"] for item in _list(shop, f"customer_id={identifier}")[1]["items"]] == ["B-1", "A-1"]
    both = f"customer_id={identifiers[0]}&order_id=A-1"
    assert [item["order_id"] for item in _list(shop, both)[1]["items"]] == ["A-1"]
    assert _list(shop, f"customer_id={identifiers[0]}&order_id=A-2")[1]["items"] == []
    assert _list(shop, "customer_id=customer_unknown")[1]["items"] == []


def test_found_conversions_come_by_pages(shop: Shop) -> None:
    for number in range(3):
        shop.order("user-1", order_id=f"C-{number}", revenue=1)
    shop.settle()
    [person] = {item["customer_id"] for item in _list(shop)[1]["items"] if item["order_id"] == "C-0"}
    first = _list(shop, f"customer_id={person}&limit=3")[1]
    second = _list(shop, f"customer_id={person}&limit=3&cursor={first['cursor']}")[1]
    assert [item["order_id"] for item in first["items"] + second["items"]] == ["C-2", "C-1", "C-0", "A-1"]
    assert second["cursor"] is None
    assert _list(shop, f"order_id=A-1&cursor={first['cursor']}")[0] == 400


def test_another_organization_finds_no_conversions(shop: Shop, organization_id: str) -> None:
    assert _list(shop, "order_id=A-1", organization_id)[0] == 404
