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
