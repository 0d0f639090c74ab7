"""What the measurements send: the sample's visits as the tracker and as servers would send them."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from optiq.kernel.clock import MINUTE_MS, SECOND_MS, to_rfc3339
from optiq.tenancy.contracts import DEFAULT_CONVERSION_EVENTS

from infra.local.sample.traffic import traffic
from infra.local.sample.world import HOST

SEED = 7
SESSION_EVENTS = 10
_PRODUCTS = ("harbour-mug", "linen-throw", "oak-tray", "reading-lamp")

Message = dict[str, Any]
"""A message of Segment's API, the form the sample has."""


def sessions(count: int, until_ms: int) -> list[list[Message]]:
    """Sessions of ten events each, one a visitor, all within the hour before `until_ms`.

    Each opens as a visitor of the sample does (same channels, same click ids); page views and product views
    follow; who buys in the sample buys at the end.
    """
    by_visitor: dict[str, list[Message]] = defaultdict(list)
    for message in traffic(SEED, until_ms):
        # What only the shop's server reports names no visitor.
        if "anonymousId" in message:
            by_visitor[message["anonymousId"]].append(message)
    if count > len(by_visitor):
        raise ValueError(f"the sample has {len(by_visitor)} visitors")
    start_ms = until_ms - 60 * MINUTE_MS
    visitors = islice(by_visitor.values(), count)
    return [_session(said, start_ms + number * SECOND_MS) for number, said in enumerate(visitors)]


def _session(said: Sequence[Message], start_ms: int) -> list[Message]:
    last = [m for m in said if m["type"] == "identify"][:1]
    last += [m for m in said if m.get("event") == "Order Completed"][:1]
    visitor = said[0]["anonymousId"]
    made = [said[0], *islice(_browsing(visitor), SESSION_EVENTS - 1 - len(last)), *last]
    return [
        message | {"messageId": f"{visitor}.{number}", "timestamp": to_rfc3339(start_ms + number * 40 * SECOND_MS)}
        for number, message in enumerate(made)
    ]


def _browsing(visitor: str) -> Iterator[Message]:
    previous = f"{HOST}/"
    while True:
        for product in _PRODUCTS:
            page = {"url": f"{HOST}/products/{product}", "referrer": previous}
            previous = page["url"]
            yield {"type": "page", "anonymousId": visitor, "context": {"page": page}}
            viewed = {"event": "Product Viewed", "properties": {"product": product}}
            yield {"type": "track", "anonymousId": visitor, "context": {"page": page}} | viewed


def conversions(said: Iterable[Message]) -> int:
    """How many conversions these messages make: an order is one, however many report it."""
    goals = [message for message in said if message.get("event") in DEFAULT_CONVERSION_EVENTS]
    return len({message.get("properties", {}).get("order_id") or message["messageId"] for message in goals})


def beacon_body(public_key: str, messages: Sequence[Message], sent_ms: int) -> bytes:
    """What the tracker would post for these messages."""
    events = [_beacon_event(message) for message in messages]
    return json.dumps({"k": public_key, "sent_at": to_rfc3339(sent_ms), "events": events}).encode()


def _beacon_event(message: Message) -> Mapping[str, Any]:
    page = message["context"]["page"]
    return {
        "event_id": message["messageId"],
        "kind": message["type"],
        "name": message.get("event", ""),
        "timestamp": message["timestamp"],
        "anonymous_id": message["anonymousId"],
        "user_id": message.get("userId", ""),
        "url": page["url"],
        "referrer": page.get("referrer", ""),
        "properties": message.get("properties", {}),
    }


def batch_body(messages: Sequence[Message]) -> bytes:
    return json.dumps({"batch": messages}).encode()


def track_body(message: Message) -> bytes:
    return json.dumps(message | {"type": "track", "event": message.get("event", "Page Seen")}).encode()
