"""The sample tells its advertising platforms what it sells: three sales after the loaded days.

Ada came by a Google ad and permits everything; Ben by Meta's; Cleo permits nothing, so nobody is told of her.
"""

from typing import Any

from optiq.kernel.clock import system_clock, to_rfc3339

from infra.local.sample.client import Client, basic, bearer
from infra.local.sample.world import HOST

_GRANTED = {"ad_user_data": "granted", "ad_personalization": "granted"}
_DENIED = {"ad_user_data": "denied", "ad_personalization": "denied"}
_AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0.0.0"
TARGETS = {"GOOGLE_ADS": "9001002003", "META": "900100200300", "TIKTOK": "C4PIXEL0000000000001"}
NAMES = {"GOOGLE_ADS": "987654321", "META": "Purchase", "TIKTOK": "CompletePayment"}
BUYERS = (
    ("ada", "gclid=EAIaIQobChMI-Ada", _GRANTED, "120.00"),
    ("ben", "fbclid=IwAR0-Ben", _GRANTED, "48.00"),
    ("cleo", "ttclid=E.C.P-Cleo", _DENIED, "75.50"),
)


def choose_destinations(client: Client, api_key: str, site_id: str) -> None:
    """Turns feedback on, and tells every connected platform what the shop sells. Raises UpstreamError."""
    key, path = bearer(api_key), f"/v1/sites/{site_id}/feedback-destinations"
    client.patch(f"/v1/sites/{site_id}", key, {"conversion_feedback": "ON"})
    there = {one["platform"] for one in client.get(path, key)["items"]}
    for one in client.get("/v1/ad-connections?limit=100", key)["items"]:
        platform = one["platform"]
        if platform in TARGETS and platform not in there and one["status"] == "CONNECTED":
            client.post(path, key, _destination(platform, one["connection_id"]))
            there.add(platform)


def sell(client: Client, write_key: str) -> None:
    """The three sales. Sent again they are the same events. Raises UpstreamError."""
    now_ms = system_clock()
    messages = [message for buyer in BUYERS for message in _bought(*buyer, now_ms)]
    client.post("/v1/batch", basic(write_key), {"batch": messages})


def _destination(platform: str, connection_id: str) -> dict[str, Any]:
    return {
        "name": {"GOOGLE_ADS": "Google sales", "META": "Meta pixel", "TIKTOK": "TikTok pixel"}[platform],
        "platform": platform,
        "connection_id": connection_id,
        "target": TARGETS[platform],
        "vendor_ids": "ORDER_ID",
        "test_code": "" if platform == "GOOGLE_ADS" else "TEST4711",
        "events": [{"name": "Order Completed", "told_as": NAMES[platform]}],
    }


def _bought(name: str, click: str, consent: dict[str, str], revenue: str, now_ms: int) -> list[dict[str, Any]]:
    context = {"userAgent": _AGENT, "ip": "203.0.113.7", "consent": consent}
    of_person = {"userId": f"told-{name}", "anonymousId": f"told-device-{name}", "timestamp": to_rfc3339(now_ms)}
    traits = {"email": f"{name}@mail.example"}
    return [
        {"type": "identify", "messageId": f"told-{name}-1", **of_person, "traits": traits, "context": context},
        {
            "type": "page",
            "messageId": f"told-{name}-2",
            **of_person,
            "context": context | {"page": {"url": f"{HOST}/?{click}"}},
        },
        {
            "type": "track",
            "event": "Order Completed",
            "messageId": f"told-{name}-3",
            **of_person,
            "context": context | {"traits": traits, "page": {"url": f"{HOST}/thank-you"}},
            "properties": {"order_id": f"TOLD-{name.upper()}", "revenue": revenue, "currency": "EUR"},
        },
    ]
