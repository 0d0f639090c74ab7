"""Orders over HTTP: what reported a conversion, what corrected it, and which corrections wait."""

from typing import Any

import pytest
from optiq.journeys import visits
from optiq.journeys.order_contracts import ORDER_LIMITS, REFUSALS
from optiq.journeys.orders import places as order_places
from optiq.tenancy import api as tenancy
from optiq_cli.printing_conversions import print_conversion

from functions.journeys import routes
from functions.reports import routes as reports
from tests.functional.cases.shop import Shop
from tests.functional.reports.http import answer, request

pytestmark = pytest.mark.usefixtures("table")

TWENTY = {"order_id": "A", "revenue": 20}


@pytest.fixture
def shop() -> Shop:
    return Shop()


def _get(shop: Shop, path: str, organization_id: str = "") -> tuple[int, dict[str, Any]]:
    asked = request(f"/v1/sites/{shop.where[1]}/{path}", organization_id or shop.where[0])
    return answer(routes.handler(asked, None))


def _only_conversion(shop: Shop) -> dict[str, Any]:
    (listed,) = _get(shop, "conversions")[1]["items"]
    status, found = _get(shop, f"conversions/{listed['conversion_id']}")
    assert status == 200
    assert found["order_id"] == listed["order_id"]
    return found


def test_a_conversion_lists_every_event_that_reported_it(shop: Shop) -> None:
    shop.page_order("visitor01", "purchase", transaction_id="A-1", value="49.90", currency="EUR")
    shop.order("user-1", "Order Completed", order_id="A-1", revenue="49.90")
    shop.settle()

    found = _only_conversion(shop)

    assert (found["order_id"], found["gross_micros"]) == ("A-1", 49_900_000)
    assert [(one["name"], one["value_micros"], one["currency"], one["from_server"]) for one in found["reports"]] == [
        ("purchase", 49_900_000, "EUR", False),
        ("Order Completed", 49_900_000, "", True),
    ]
    assert found["reports"][1]["event_id"] == found["event_id"]
    assert [(link["source"], link["confidence"]) for link in found["links"]] == [("order", 0.75)]


@pytest.mark.parametrize("by_server", [False, True])
def test_a_conversion_without_an_order_lists_its_only_event(shop: Shop, by_server: bool) -> None:
    if by_server:
        shop.order("user-1", revenue=5)
    else:
        shop.page_order("visitor01", value=5)
    shop.settle()

    found = _only_conversion(shop)

    assert (found["order_id"], found["corrections"]) == ("", [])
    assert [(one["value_micros"], one["from_server"]) for one in found["reports"]] == [(5_000_000, by_server)]


def test_a_conversion_says_what_corrected_it_and_why_not(shop: Shop) -> None:
    shop.order("u1", minutes_ago=9, order_id="A-1", revenue="50.00", currency="EUR")
    shop.order("u1", "Order Refunded", minutes_ago=8, order_id="A-1", total="5.00")
    shop.order("u1", "refund", minutes_ago=7, order_id="A-1", value="5.00")
    shop.order("u1", "Order Refunded", minutes_ago=6, order_id="A-1", total="7.00", currency="USD")
    shop.order("u1", "Order Refunded", minutes_ago=5, order_id="A-1", products=[{"product_id": "mug"}])
    cancel = {"kind": "track", "name": "Order Cancelled", "properties": {"order_id": "A-1"}}
    shop.beacon({"anonymous_id": "visitor01"} | cancel)
    shop.settle()

    found = _only_conversion(shop)

    refusals = ["", "REPEATED", "CURRENCY", "NO_PRICE", "UNVERIFIED"]
    assert (found["value_micros"], found["gross_micros"]) == (45_000_000, 50_000_000)
    assert [one["refusal"] for one in found["corrections"]] == refusals
    assert [one["because"] for one in found["corrections"]] == [REFUSALS.get(refusal, "") for refusal in refusals]
    assert len(found["reports"]) == 1


def test_a_conversion_refunded_by_the_api_shows_the_refund(shop: Shop) -> None:
    shop.page_order("visitor01", value="50.00", currency="EUR")
    shop.settle()
    path = f"/v1/sites/{shop.where[1]}/conversions/{shop.conversions[0].conversion_id}/refund"
    body = '{"refund_id": "r1", "amount": "20.00"}'
    routes.handler(request(path, shop.where[0], method="POST", body=body), None)
    shop.settle()

    found = _only_conversion(shop)

    assert (found["value_micros"], found["gross_micros"], found["order_id"]) == (30_000_000, 50_000_000, "")
    assert [one["from_server"] for one in found["reports"]] == [False]
    assert [one["value_micros"] for one in found["corrections"]] == [20_000_000]


def test_corrections_that_wait_are_listed_page_by_page(shop: Shop) -> None:
    for number in (3, 1, 2):
        shop.order("u1", "Order Refunded", minutes_ago=number, order_id=f"R-{number}", total=number)
    shop.settle()

    status, first = _get(shop, "corrections?limit=2")
    _, second = _get(shop, f"corrections?limit=2&cursor={first['cursor'].replace('#', '%23')}")

    assert status == 200
    assert [one["order_id"] for one in first["items"] + second["items"]] == ["R-3", "R-2", "R-1"]
    assert second["cursor"] is None
    assert first["items"][0] == first["items"][0] | {
        "name": "Order Refunded",
        "value_micros": 3_000_000,
        "currency": "",
        "from_server": True,
    }


def test_a_correction_stops_waiting_when_its_buyer_is_known(shop: Shop) -> None:
    """Two buyers have the number; the refund names a mailbox, which a later sign-in shows to be one's."""
    for user, value in (("ann", 10), ("ben", 20)):
        shop.order(user, order_id="1001", revenue=value, currency="EUR")
    refund = {"anonymousId": "phone", "event": "Order Refunded", "properties": {"order_id": "1001", "total": "5.00"}}
    shop.segment("track", refund)
    shop.settle()
    assert len(_get(shop, "corrections")[1]["items"]) == 1

    shop.segment("identify", {"anonymousId": "phone", "userId": "ben"})
    shop.settle()

    assert shop.values == [10.0, 15.0]
    assert _get(shop, "corrections")[1]["items"] == []


@pytest.mark.parametrize("cursor", ["nonsense", "1%23", "12%23000000000000000000000000%2300", "x%23" + "0" * 24])
def test_a_cursor_that_is_none_is_refused(shop: Shop, cursor: str) -> None:
    assert _get(shop, f"corrections?cursor={cursor}")[0] == 400


def test_another_organization_sees_no_corrections(shop: Shop) -> None:
    stranger = tenancy.create_site(name="Other", domains=["other.example"])
    assert _get(shop, "corrections", stranger.site.organization_id)[0] == 404


def test_a_customer_says_which_limits_are_reached(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visits, "MAX_DAY_FACTS", 3)
    for user, views in (("busy", 5), ("ann", 1)):
        for _ in range(views):
            shop.segment("page", {"userId": user, "context": {"page": {"url": "https://shop.example/"}}})
    shop.order("busy", revenue=1)
    shop.order("ann", revenue=1)
    shop.settle()

    found = [_get(shop, f"customers/{one.customer_id}")[1]["limits"] for one in shop.conversions]

    assert sorted([limit["limit"] for limit in limits] for limits in found) == [[], ["CROWDED_DAY"]]
    assert all(limit["because"].endswith(".") for limits in found for limit in limits)


def test_explain_prints_reports_and_corrections(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.page_order("visitor01", "purchase", transaction_id="A-1", value="49.90", currency="EUR")
    shop.order("user-1", "Order Completed", order_id="A-1", revenue="49.90")
    shop.order("user-1", "Order Refunded", order_id="A-1", total="9.90")
    shop.order("user-1", "Order Refunded", order_id="A-1", total="9.90", currency="USD")
    shop.settle()

    _, found = _get(shop, f"conversions/{shop.conversions[0].conversion_id}")
    print_conversion(found)

    printed = " ".join(capsys.readouterr().out.split())
    assert "Also reported: Order Completed, 49.90" in printed
    assert "Corrected: Order Refunded, 9.90, " in printed
    assert f"CURRENCY. {REFUSALS['CURRENCY']}" in printed


def test_a_full_number_says_so_and_a_servers_refund_still_counts(shop: Shop) -> None:
    refund = {"kind": "track", "name": "refund", "properties": {"order_id": "A-1", "value": "1.00"}}
    for number in range(order_places.MAX_PAGE_CORRECTIONS + 5):
        shop.beacon({"anonymous_id": f"robot-{number}"} | refund)
    shop.order("u1", order_id="A-1", revenue="50.00", currency="EUR")
    shop.order("u1", "Order Refunded", order_id="A-1", total="20.00")
    shop.settle()

    found = _only_conversion(shop)

    assert found["value_micros"] == 30_000_000
    assert [one["refusal"] for one in found["corrections"]].count("UNVERIFIED") == order_places.MAX_PAGE_CORRECTIONS
    limits = ("MANY_REPORTS", "MANY_REPORTERS")
    assert found["limits"] == [{"limit": name, "because": ORDER_LIMITS[name]} for name in limits]
    asked = request(f"/v1/sites/{shop.where[1]}/events?left_out=MANY_REPORTS", shop.where[0])
    # Those that had a place at first do not say so.
    assert 0 < len(answer(reports.handler(asked, None))[1]["items"]) <= 5


def test_an_order_within_the_limits_has_none(shop: Shop) -> None:
    shop.order("u1", order_id="A-1", revenue="50.00")
    shop.settle()

    assert _only_conversion(shop)["limits"] == []


@pytest.mark.parametrize("arrival", ["12abr", "1arb2", "abr12", "rab12", "ab1r2", "r1ba2"])
def test_a_refund_that_loses_its_order_by_a_sign_in_waits(arrival: str) -> None:
    shop = Shop()
    sends: dict[str, dict[str, Any]] = {
        "a": {"type": "track", "anonymousId": "d1", "event": "Order Completed", "properties": TWENTY},
        "b": {"type": "track", "anonymousId": "d2", "event": "Order Completed", "properties": TWENTY},
        "r": {"type": "track", "anonymousId": "bo", "event": "refund", "properties": {"order_id": "A", "total": 3}},
        "1": {"type": "identify", "anonymousId": "d1", "userId": "ada"},
        "2": {"type": "identify", "anonymousId": "d2", "userId": "ben"},
    }
    for number, name in enumerate(arrival):
        message = sends[name] | {"messageId": f"m{name}", "timestamp": shop.ago(60 - "ab12r".index(name))}
        shop.segment("batch", {"batch": [message]})
        if number % 2:
            shop.settle()
    shop.settle()

    assert shop.values == [20, 20]
    assert [one["event_id"] for one in _get(shop, "corrections")[1]["items"]] == ["mr"]
    for listed in _get(shop, "conversions")[1]["items"]:
        assert _get(shop, f"conversions/{listed['conversion_id']}")[1]["corrections"] == []


@pytest.mark.parametrize("arrival", ["oibr", "rbio", "bior"])
def test_a_conversion_shows_what_the_ledger_counts(arrival: str) -> None:
    shop = Shop()
    sends: dict[str, dict[str, Any]] = {
        "o": {"type": "track", "anonymousId": "d1", "userId": "u2", "event": "Order Completed", "properties": TWENTY},
        "i": {"type": "identify", "anonymousId": "d2", "userId": "u1"},
        "b": {"type": "track", "anonymousId": "d2", "event": "Order Completed", "properties": TWENTY},
        "r": {"type": "track", "anonymousId": "bo", "event": "refund", "properties": {"order_id": "A", "total": 5}},
    }
    for name in arrival:
        message = sends[name] | {"messageId": f"m{name}", "timestamp": shop.ago(60 - "oibr".index(name))}
        shop.segment("batch", {"batch": [message]})
        shop.settle()

    assert shop.values == [20, 20]
    assert [one["event_id"] for one in _get(shop, "corrections")[1]["items"]] == ["mr"]
    shown = {}
    for listed in _get(shop, "conversions")[1]["items"]:
        found = _get(shop, f"conversions/{listed['conversion_id']}")[1]
        shown[found["event_id"]] = [one["event_id"] for one in found["reports"]], found["corrections"]
    assert shown == {"mo": (["mo"], []), "mb": (["mb"], [])}
