"""A conversion explained: what joined its customers, which visits made no touch, and the ledger as it stood."""

import time
from typing import Any

import pytest
from optiq.attribution.models import ENGINE_VERSION
from optiq.journeys import api as journeys
from optiq.journeys import paths
from optiq.journeys.journey import derive
from optiq.kernel.clock import MINUTE_MS, system_clock, to_rfc3339
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

from functions.journeys import routes
from tests.functional.pipeline import Pipeline
from tests.functional.reports.http import answer, request
from tests.functional.senders import send_segment

pytestmark = pytest.mark.usefixtures("table")
BOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
SPRING = "?utm_source=newsletter&utm_medium=email&utm_campaign=spring"


def _page(who: str, minutes_ago: float, query: str = "", referrer: str = "", agent: str = "") -> dict[str, Any]:
    page = {"url": f"https://shop.example/{query}", "referrer": referrer}
    context = {"page": page} | ({"userAgent": agent} if agent else {})
    return {"type": "page", "anonymousId": who, "timestamp": _ago(minutes_ago), "context": context}


def _ago(minutes: float) -> str:
    return to_rfc3339(system_clock() - int(minutes * MINUTE_MS))


def _conversion(site: NewSite, conversion_id: str, query: str = "") -> tuple[int, dict[str, Any]]:
    path = f"/v1/sites/{site.site.site_id}/conversions/{conversion_id}{query}"
    return answer(routes.handler(request(path, site.site.organization_id), None))


def test_a_customers_history_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    # GIVEN a conversion
    site = tenancy.create_site(name="Shop", domains=["shop.example"])
    pipeline = Pipeline()
    order = {"type": "track", "event": "Order Completed", "anonymousId": "phone", "timestamp": _ago(5)}
    send_segment(site, "batch", {"batch": [_page("phone", 10, SPRING), order]})
    pipeline.drain()
    (conversion,) = journeys.list_conversions(site.site.organization_id, site.site.site_id, 10, None).items
    derived: list[object] = []
    monkeypatch.setattr(paths, "derive", lambda *of: derived.append(of) or derive(*of))

    # WHEN it is explained
    status, body = _conversion(site, conversion.conversion_id)

    # THEN path and background come of one history
    assert (status, len(body["path"]), len(derived)) == (200, 1, 1)
    assert [touch["customer_id"] for touch in body["path"]] == [conversion.customer_id]


def test_a_conversion_tells_what_stands_behind_it() -> None:
    # GIVEN somebody who came by phone, was visited by a bot that shares the id, signed in on a laptop, and paid
    site = tenancy.create_site(name="Shop", domains=["shop.example"])
    pipeline = Pipeline()
    sign_in = [
        {"type": "identify", "anonymousId": who, "userId": "ann", "timestamp": _ago(minutes)}
        for who, minutes in (("phone", 100), ("laptop", 29))
    ]
    order = {"type": "track", "event": "Order Completed", "anonymousId": "laptop", "userId": "ann"} | {
        "timestamp": _ago(5), "messageId": "order", "properties": {"revenue": 50, "currency": "EUR", "order_id": "o-1"}
    }  # fmt: skip
    send_segment(site, "batch", {"batch": [
        _page("phone", 110, SPRING),
        *sign_in,
        _page("phone", 70, agent=BOT),
        _page("laptop", 30),
        _page("laptop", 10, referrer="https://www.paypal.com/"),
        order,
    ]})  # fmt: skip
    pipeline.drain()
    (conversion,) = journeys.list_conversions(site.site.organization_id, site.site.site_id, 10, None).items

    # WHEN it is asked for
    status, body = _conversion(site, conversion.conversion_id)

    # THEN its touches say whose they were, and what made these one person
    assert (status, body["status"]) == (200, "COMPUTED")
    assert [touch["campaign"] for touch in body["path"]] == ["spring", "(not set)"]
    seen_of = {touch["customer_id"] for touch in body["path"]}
    joined = {link[end] for link in body["links"] for end in ("customer_id", "other_customer_id")}
    assert seen_of <= joined
    assert {link["source"] for link in body["links"]} <= {"login", "sdk"}
    assert all(0 < link["confidence"] <= 1 for link in body["links"])
    # AND which visits made no touch, and why
    assert [(visit["reason"], visit["referrer"]) for visit in body["passed_visits"]] == [
        ("BOT", ""),
        ("EXCLUDED_REFERRER", "paypal.com"),
    ]
    # AND by which versions it was credited
    versions = ("settings_version", "fit_version", "engine_version")
    assert [body[name] for name in versions] == [0, 0, ENGINE_VERSION]
    assert {touch["channel_rules_version"] for touch in body["path"]} == {0}

    # WHEN it is refunded
    time.sleep(0.01)
    before = to_rfc3339(system_clock())
    time.sleep(0.01)
    journeys.refund_conversion(site.site.organization_id, site.site.site_id, conversion.conversion_id, None, "r-1")
    pipeline.drain()

    # THEN what it was is still told of before
    now, then = (_conversion(site, conversion.conversion_id, query)[1] for query in ("", f"?as_of={before}"))
    assert (now["value_micros"], then["value_micros"]) == (0, 50_000_000)
    sums = [
        {sum(touch["credit_micros"] for touch in model["touches"]) for model in each["credits"]} for each in (now, then)
    ]
    assert sums == [{0}, {50_000_000}]
    long_ago = _conversion(site, conversion.conversion_id, "?as_of=2020-01-01")[1]
    assert (long_ago["status"], long_ago["credits"]) == ("PENDING", [])
    assert _conversion(site, conversion.conversion_id, "?as_of=then")[0] == 400
