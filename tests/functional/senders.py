"""What browsers and servers send, through the real collect handlers."""

import base64
import itertools
import json
from typing import Any
from urllib.parse import urlencode

from optiq.kernel.clock import system_clock, to_rfc3339
from optiq.tenancy.contracts import NewSite

from functions.collect import beacon, pixel, segment

_NUMBERS = itertools.count()


def request(
    method: str, path: str, body: bytes | str = b"", headers: dict[str, str] | None = None, query: str = ""
) -> dict[str, Any]:
    """An HTTP API request as API Gateway hands it over."""
    raw = body.encode() if isinstance(body, str) else body
    return {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {"user-agent": "Mozilla/5.0", **(headers or {})},
        "requestContext": {"http": {"method": method, "path": path, "sourceIp": "203.0.113.9"}},
        "body": base64.b64encode(raw).decode(),
        "isBase64Encoded": True,
    }


def send_beacon(site: NewSite, *events: dict[str, Any]) -> dict[str, Any]:
    """Posts events as the tracker does; each is completed with an id, a time and a kind."""
    now = to_rfc3339(system_clock())
    complete = [
        {
            "event_id": f"{e.get('anonymous_id', 'v1')}.{next(_NUMBERS)}",
            "kind": "page",
            "timestamp": now,
            "anonymous_id": "v1",
        }
        | e
        for e in events
    ]
    return post_beacon(json.dumps({"k": site.public_key, "sent_at": now, "events": complete}))


def post_beacon(body: bytes | str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    return beacon.handler(request("POST", "/b", body, headers), None)


def send_segment(site: NewSite, kind: str, body: object) -> dict[str, Any]:
    """Posts to Segment's API with the site's write key."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return post_segment(site.write_key, kind, raw)


def post_segment(write_key: str, kind: str, body: bytes) -> dict[str, Any]:
    authorization = "Basic " + base64.b64encode(f"{write_key}:".encode()).decode()
    return segment.handler(request("POST", f"/v1/{kind}", body, {"authorization": authorization}), None)


def send_pixel(**parameters: str) -> dict[str, Any]:
    return pixel.handler(request("GET", "/p.gif", query=urlencode(parameters)), None)
