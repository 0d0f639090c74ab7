"""Addresses of proxies, and requests as tag managers and other clients make them (cases 14 and 24)."""

import json

import pytest

from functions.collect import beacon
from infra.local.cors import preflight
from infra.local.routing import Match, Router
from infra.routes import routes
from tests.functional.cases.shop import HOME, Shop
from tests.functional.senders import request


def _visit_from(shop: Shop, *addresses: str) -> None:
    """A page view without an id from each network address."""
    for number, address in enumerate(addresses):
        event = {"event_id": f"e{number}", "kind": "page", "url": HOME, "timestamp": shop.ago(0)}
        sent = request("POST", "/b", json.dumps({"k": shop.new_site.public_key, "events": [event]}))
        sent["requestContext"]["http"]["sourceIp"] = address
        assert beacon.handler(sent, None)["statusCode"] == 202
    shop.settle()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("203.0.113.10", "198.51.100.20"),
        ("::ffff:203.0.113.10", "::ffff:198.51.100.20"),
        ("::FFFF:203.0.113.10", "::FFFF:198.51.100.20"),
        ("::ffff:cb00:710a", "::ffff:c633:6414"),
        ("0:0:0:0:0:ffff:203.0.113.10", "0:0:0:0:0:ffff:198.51.100.20"),
        ("64:ff9b::203.0.113.10", "64:ff9b::198.51.100.20"),
        ("64:ff9b:1::203.0.113.10", "64:ff9b:1::198.51.100.20"),
        ("64:ff9b:1:7::203.0.113.10", "64:ff9b:1:7::198.51.100.20"),
        ("2002:cb00:710a::1", "2002:c633:6414::1"),
        ("2001:db8:1::1", "2001:db8:2::1"),
    ],
)
def test_cookieless_visitors_of_two_networks_are_two(shop: Shop, first: str, second: str) -> None:
    _visit_from(shop, first, second, first)

    assert shop.customers == 2


@pytest.mark.parametrize("address", ["::ffff:203.0.113.99", "::ffff:cb00:7101", "203.0.113.254"])
def test_one_network_is_one_in_either_spelling(shop: Shop, address: str) -> None:
    _visit_from(shop, "203.0.113.10", address)

    assert shop.customers == 1


@pytest.mark.parametrize(
    "asked",
    [
        "anonymousid,authorization,content-type",
        # RudderStack's, Sentry's and Datadog's tracing, Segment's retries, Elastic's.
        "AnonymousId, Authorization, Content-Type, isBatch",
        "baggage, sentry-trace, content-type",
        "x-datadog-trace-id,x-datadog-parent-id,x-datadog-sampling-priority,authorization",
        "x-retry-count, authorization",
        "traceparent, tracestate",
    ],
)
def test_a_preflight_allows_what_an_sdk_asks_for(asked: str) -> None:
    answer = preflight([(b"access-control-request-headers", asked.encode())], ["POST"], any_header=True)
    allowed = dict(answer.headers)[b"access-control-allow-headers"].decode().split(", ")
    assert {name.strip().lower() for name in asked.split(",")} <= set(allowed)


@pytest.mark.parametrize("path", ["//v1/batch", "/v1/batch/", "/v1//track", "//v1/b/", "/mp/collect/", "//b"])
def test_a_slash_too_many_reaches_the_right_route(path: str) -> None:
    router = Router(routes())
    found = router.match("POST", router.tidied(path))
    assert isinstance(found, Match)
    assert found.route.collects
