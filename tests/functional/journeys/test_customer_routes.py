"""Customers and journeys over HTTP."""

import json
from typing import Any

import pytest
from optiq.kernel.clock import DAY_MS, system_clock, to_rfc3339
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

from functions.journeys import routes as customers
from tests.functional.pipeline import Pipeline
from tests.functional.senders import send_segment
from tests.support.callers import by_key_of

pytestmark = pytest.mark.usefixtures("table")

SPRING = "https://shop.example/?utm_source=newsletter&utm_medium=email&utm_campaign=spring"


def _ask(site: NewSite, path: str, method: str = "GET", body: object = None, **query: str) -> tuple[int, Any]:
    event = {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": "",
        "queryStringParameters": query,
        "headers": {"content-type": "application/json"},
        "requestContext": {
            "http": {"method": method, "path": path, "sourceIp": "127.0.0.1"},
            "stage": "$default",
            "authorizer": by_key_of(site.site.organization_id),
        },
        "body": json.dumps(body) if body is not None else None,
        "isBase64Encoded": False,
    }
    answer = customers.handler(event, None)
    return answer["statusCode"], json.loads(answer["body"])


@pytest.fixture(scope="module")
def site(table: object) -> NewSite:
    """A buyer who came twice, a visitor of last week, and one of long ago."""
    made = tenancy.create_site(name="Shop", domains=["shop.example"])
    now = system_clock()

    def visit(who: str, days_ago: float, url: str) -> dict[str, Any]:
        return {
            "type": "page",
            "anonymousId": who,
            "messageId": f"{who}.{days_ago}",
            "timestamp": to_rfc3339(now - int(days_ago * DAY_MS)),
            "context": {"page": {"url": url}},
        }

    pipeline = Pipeline()
    order = visit("buyer", 0.5, "https://shop.example/thanks") | {
        "type": "track",
        "messageId": "buyer.order",
        "event": "Order Completed",
        "properties": {"revenue": "10"},
    }
    messages = [
        visit("buyer", 3, SPRING),
        visit("buyer", 1, "https://shop.example/"),
        order,
        visit("recent", 7, "https://shop.example/"),
        visit("gone", 45, SPRING),
    ]
    send_segment(made, "batch", {"batch": messages})
    pipeline.drain()
    return made


def test_customers_are_listed_page_by_page(site: NewSite) -> None:
    path = f"/v1/sites/{site.site.site_id}/customers"

    _, first = _ask(site, path, limit="2")
    _, second = _ask(site, path, limit="2", cursor=first["cursor"])

    assert [(c["touches"], c["conversions"]) for c in first["items"]] == [(2, 1), (1, 0)]
    assert len(second["items"]) == 1
    assert second["cursor"] is None
    assert len({c["customer_id"] for c in first["items"] + second["items"]}) == 3


def test_a_customer_shows_the_whole_timeline(site: NewSite) -> None:
    _, listed = _ask(site, f"/v1/sites/{site.site.site_id}/customers")
    customer_id = listed["items"][0]["customer_id"]

    status, customer = _ask(site, f"/v1/sites/{site.site.site_id}/customers/{customer_id}")

    assert status == 200
    assert [entry["name"] for entry in customer["timeline"]] == ["page_view", "page_view", "Order Completed"]
    assert [(entry["touch"] or {}).get("campaign") for entry in customer["timeline"]] == [
        "spring",
        "(not set)",
        None,
    ]
    assert customer["timeline"][2]["conversion"]["value_micros"] == 10_000_000
    assert customer["identities"] == [{"customer_id": customer_id, "type": "anonymous_id"}]
    assert [journey["status"] for journey in customer["journeys"]] == ["CONVERTED"]


def test_a_customer_is_found_by_what_is_known_of_them() -> None:
    made = tenancy.create_site(name="Shop", domains=["shop.example"])
    traits = {"email": "Anna@Shop.example", "phone": "+49 170 1234567"}
    pipeline = Pipeline()
    send_segment(made, "identify", {"userId": "42", "anonymousId": "browser", "traits": traits})
    pipeline.drain()
    path = f"/v1/sites/{made.site.site_id}/customers/identifiers/find"

    def find(identifier: str) -> tuple[int, Any]:
        return _ask(made, path, "POST", {"identifier": identifier})

    known = [find(text) for text in ("42", " anna@shop.example", "0049 170 1234567", "browser")]

    assert [status for status, _ in known] == [200] * 4
    assert len({found["customer_id"] for _, found in known}) == 1
    status, refused = find("berta@shop.example")
    assert (status, refused["detail"][:11]) == (400, "identifier:")
    stranger = tenancy.create_site(name="Other", domains=["other.example"])
    assert _ask(stranger, path, "POST", {"identifier": "42"})[0] == 404
    assert (
        _ask(stranger, path.replace(made.site.site_id, stranger.site.site_id), "POST", {"identifier": "42"})[0] == 400
    )


def test_journeys_are_listed_by_status(site: NewSite) -> None:
    path = f"/v1/sites/{site.site.site_id}/journeys"

    by_status = {s: _ask(site, path, status=s)[1]["items"] for s in ("IN_PROGRESS", "CONVERTED", "ABANDONED")}
    _, everything = _ask(site, path)

    assert {status: len(items) for status, items in by_status.items()} == dict.fromkeys(by_status, 1)
    (converted,) = by_status["CONVERTED"]
    assert (converted["first_channel"], converted["last_channel"]) == ("Email", "Direct")
    assert (converted["touches"], converted["value_micros"], converted["currency"]) == (2, 10_000_000, "EUR")
    assert by_status["ABANDONED"][0]["first_channel"] == "Email"
    assert len(everything["items"]) == 3


@pytest.mark.parametrize("what", ["customers", "journeys", "conversions"])
def test_cursor_of_another_site_is_refused(site: NewSite, what: str) -> None:
    other = tenancy.create_site(name="Shop", domains=["shop.example"])
    order = {"type": "track", "event": "Order Completed", "properties": {"revenue": "10"}}
    pipeline = Pipeline()
    send_segment(other, "batch", {"batch": [order | {"anonymousId": f"buyer{n}"} for n in range(2)]})
    pipeline.drain()
    path = f"/v1/sites/{other.site.site_id}/{what}"
    cursor = _ask(other, path, limit="1")[1]["cursor"]

    status, problem = _ask(site, f"/v1/sites/{site.site.site_id}/{what}", cursor=cursor)

    assert (status, problem["detail"][:7]) == (400, "cursor:")
    assert _ask(other, path, limit="1", cursor=cursor)[0] == 200


@pytest.mark.parametrize("cursor", ["nonsense", "1:2:3", "99999999999999:cus_1", "1:cus_1' OR 1=1"])
def test_a_cursor_of_somebody_elses_making_is_refused(site: NewSite, cursor: str) -> None:
    assert _ask(site, f"/v1/sites/{site.site.site_id}/customers", cursor=cursor)[0] == 400


def test_another_organization_sees_nothing(site: NewSite) -> None:
    stranger = tenancy.create_site(name="Other", domains=["other.example"])
    site_id = site.site.site_id
    _, listed = _ask(site, f"/v1/sites/{site_id}/customers")
    customer_id = listed["items"][0]["customer_id"]
    cut = {"customer_id": customer_id, "other_customer_id": customer_id}

    assert _ask(stranger, f"/v1/sites/{site_id}/customers")[0] == 404
    assert _ask(stranger, f"/v1/sites/{site_id}/journeys")[0] == 404
    assert _ask(stranger, f"/v1/sites/{site_id}/customers/{customer_id}")[0] == 404
    assert _ask(stranger, f"/v1/sites/{stranger.site.site_id}/customers/{customer_id}")[0] == 404
    assert _ask(stranger, f"/v1/sites/{site_id}/customers/links/cut", "POST", cut)[0] == 404
    assert _ask(site, f"/v1/sites/{site_id}/customers/links/cut", "POST", cut)[0] == 404
