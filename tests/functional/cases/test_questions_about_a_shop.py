"""From an event that is sent to the answer of a question, by the public routes and the schedules."""

import json
from typing import Any

import pytest
from optiq.tenancy import api as tenancy

from functions.reports import make_all_steps, make_recent_steps, routes
from tests.functional.cases.shop import HOME, PAID, Shop
from tests.functional.reports.http import answer, request

pytestmark = pytest.mark.usefixtures("table")


class Time:
    """What a function knows of the time it has left."""

    def get_remaining_time_in_millis(self) -> int:
        return 600_000


def ask(shop: Shop, *metrics: str, **question: Any) -> dict[str, Any]:
    organization_id, site_id = shop.where
    body = json.dumps({"metrics": metrics, "period": "last7d"} | question)
    path = f"/v1/sites/{site_id}/query"
    status, found = answer(routes.handler(request(path, organization_id, method="POST", body=body), None))
    assert status == 200, found
    return found


def rows(found: dict[str, Any]) -> dict[tuple[str, ...], list[float]]:
    return {tuple(row["keys"]): row["values"] for row in found["rows"]}


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Shop:
    """The only one that schedules know."""
    shop = Shop()
    monkeypatch.setattr(tenancy, "all_sites", lambda: [shop.new_site.site])
    return shop


def test_what_a_shop_sends_is_answered_in_every_way(shop: Shop) -> None:
    # GIVEN two visitors by other ways, of which one buys
    shop.page("ann", PAID)
    shop.page("ann", f"{HOME}cart?step=1")
    shop.page_order("ann", order_id="1", value=50, currency="EUR")
    shop.page("ben", HOME, referrer="https://news.example/")
    shop.settle()
    assert ask(shop, "events")["totals"]["values"] == [0]

    # WHEN the schedule makes the days' steps
    assert make_recent_steps.handler({}, Time())["steps"]["days"] >= 1

    # THEN pages and events are answered with where their visitors came from
    found = ask(shop, "events", "event_people", dimensions=["page", "channel"], period="last8d")
    assert rows(found) == {
        ("/", "Paid Search"): [1, 1],
        ("/cart", "Paid Search"): [1, 1],
        ("/thanks", "Paid Search"): [1, 1],
        ("/", "Referral"): [1, 1],
    }
    assert found["totals"]["values"] == [4, 2]
    assert found["data_until"] >= shop.ago(1)

    # AND visits and money, of the ledger, agree with the reports
    found = ask(shop, "visits", "revenue", "conversion_rate", dimensions=["channel"], model="LAST_TOUCH")
    assert rows(found) == {("Paid Search",): [1, 50_000_000, 1.0], ("Referral",): [1, 0, 0.0]}
    assert found["totals"]["values"] == [2, 50_000_000, 0.5]


def test_a_night_finds_nothing_left_to_make(shop: Shop) -> None:
    shop.page("ann")
    shop.settle()
    make_all_steps.handler({}, Time())
    assert ask(shop, "events")["totals"]["values"] == [1]
    assert make_all_steps.handler({}, Time())["steps"] == {"days": 0, "left": 0}
