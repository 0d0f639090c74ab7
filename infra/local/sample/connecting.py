"""Connects the sample's organization to its platforms, as a person in a browser does, and permits to send conversions.

Accounts of Google are left for the person to choose.
"""

import time
from http.client import HTTPConnection
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from infra.local.ad_platforms.consent import allowed
from infra.local.sample.client import Client, bearer

_ALL = "/v1/ad-connections"
_PATIENCE_SECONDS = 60


def connect_platforms(client: Client, api_key: str) -> None:
    """Allows all; of Meta and TikTok every account is chosen and begins to be read. Raises UpstreamError.

    What an interrupted start connected stays.
    """
    key = bearer(api_key)
    there = {one["platform"] for one in client.get(f"{_ALL}?limit=100", key)["items"]}
    for platform in sorted({"GOOGLE_ADS", "META", "TIKTOK"} - there):
        started = client.post(_ALL, key, {"platform": platform, "uploads": True})
        back = _allow(started["url"])
        code = back.get("code") or back["auth_code"]
        connection = client.post(f"{_ALL}/complete", key, {"state": back["state"], "code": code})
        accounts = f"{_ALL}/{connection['connection_id']}/accounts"
        client.post(f"{accounts}/refresh", key, {})
        if platform == "GOOGLE_ADS":
            continue
        listed: list[dict[str, Any]] = client.get(accounts, key)["items"]
        client.put(accounts, key, {"external_ids": [one["external_id"] for one in listed]})


def _allow(url: str) -> dict[str, str]:
    """What comes back of the page at which the platform asks."""
    parts = urlsplit(allowed(url))
    connection = _opened(parts.netloc)
    connection.request("GET", f"{parts.path}?{parts.query}")
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def _opened(netloc: str) -> HTTPConnection:
    """A connection to a platform, which may begin to answer only now: it starts beside the system."""
    give_up = time.monotonic() + _PATIENCE_SECONDS
    while True:
        connection = HTTPConnection(netloc, timeout=_PATIENCE_SECONDS)
        try:
            connection.connect()
        except ConnectionRefusedError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.2)
        else:
            return connection
