"""Who sent an order decides whether it counts, not the agent of the request it had (case 05)."""

import pytest

from tests.functional.cases.shop import EMAIL, Shop, purchase

AGENTS = [
    "okhttp/4.12.0",
    "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
    "WooCommerce/8.1.0 Hookshot (WordPress/6.3)",
    "Go-http-client/2.0",
    "GuzzleHttp/7",
    "Dalvik/2.1.0 (Linux; U; Android 13; Pixel 7 Build/TQ3A)",
    # Others that shops really send.
    "python-requests/2.32.3",
    "Shopify-Captain-Hook",
    "node-fetch/1.0 (+https://github.com/bitinn/node-fetch)",
    "Java/17.0.9",
    "axios/1.7.2",
    "PayPal IPN ( https://www.paypal.com/ipn )",
    "curl/8.5.0",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
]


def test_every_order_with_the_write_key_counts(shop: Shop) -> None:
    for number, agent in enumerate(AGENTS, 1):
        who = {"anonymousId": f"v{number}", "context": {"userAgent": agent}}
        landing = {"context": {"page": {"url": EMAIL}, "userAgent": "Mozilla/5.0 (Windows NT 10.0) Chrome/126.0.0.0"}}
        properties = {"order_id": f"E-{number}", "revenue": number, "currency": "EUR"}
        shop.segment("page", who | landing)
        shop.segment("track", who | {"event": "Order Completed", "properties": properties})
    shop.settle()

    assert shop.values == [float(number) for number in range(1, len(AGENTS) + 1)]
    assert shop.earned() == {"Email": 105.0}
    shop.assert_groups_total(len(AGENTS), 105.0)


@pytest.mark.parametrize("agent", AGENTS)
def test_an_order_by_measurement_protocol_counts_too(shop: Shop, agent: str) -> None:
    shop.measure("1.1", purchase(transaction_id="T-1", value=21, currency="EUR"), user_agent=agent)
    shop.settle()

    assert shop.values == [21.0]


@pytest.mark.parametrize("agent", AGENTS[:3])
def test_a_refund_by_a_machine_counts_too(shop: Shop, agent: str) -> None:
    shop.order("u1", order_id="E-1", revenue="30.00", currency="EUR")
    refund = {"event": "Order Refunded", "properties": {"order_id": "E-1", "total": "9.00"}}
    shop.segment("track", {"userId": "u1", "context": {"userAgent": agent}} | refund)
    shop.settle()

    assert shop.values == [21.0]
