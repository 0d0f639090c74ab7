"""Addresses of proxies, and requests as tag managers and other clients make them (cases 14 and 24)."""

import json

import pytest

from functions.collect import beacon, segment
from tests.functional.cases.shop import HOME, Shop
from tests.functional.senders import request


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("203.0.113.10", "198.51.100.20"),
        ("::ffff:203.0.113.10", "::ffff:198.51.100.20"),
        ("::FFFF:203.0.113.10", "::FFFF:198.51.100.20"),
        ("::ffff:cb00:710a", "::ffff:c633:6414"),
        ("0:0:0:0:0:ffff:203.0.113.10", "0:0:0:0:0:ffff:198.51.100.20"),
        ("64:ff9b::203.0.113.10", "64:ff9b::198.51.100.20"),
        ("2002:cb00:710a::1", "2002:c633:6414::1"),
        ("2001:db8:1::1", "2001:db8:2::1"),
    ],
)
def test_cookieless_visitors_of_two_networks_are_two(shop: Shop, first: str, second: str) -> None:
    for number, address in enumerate((first, second, first)):
        event = {"event_id": f"e{number}", "kind": "page", "url": HOME, "timestamp": shop.ago(0)}
        sent = request("POST", "/b", json.dumps({"k": shop.new_site.public_key, "events": [event]}))
        sent["requestContext"]["http"]["sourceIp"] = address
        assert beacon.handler(sent, None)["statusCode"] == 202
    shop.settle()

    assert shop.customers == 2


def test_one_network_is_one_in_either_spelling(shop: Shop) -> None:
    for number, address in enumerate(("203.0.113.10", "::ffff:203.0.113.99", "::ffff:cb00:7101")):
        event = {"event_id": f"e{number}", "kind": "page", "url": HOME, "timestamp": shop.ago(0)}
        sent = request("POST", "/b", json.dumps({"k": shop.new_site.public_key, "events": [event]}))
        sent["requestContext"]["http"]["sourceIp"] = address
        beacon.handler(sent, None)
    shop.settle()

    assert shop.customers == 1
