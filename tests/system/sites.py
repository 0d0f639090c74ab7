"""A site on a running system, and requests to its API."""

import json
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from optiq.kernel.clock import system_clock
from optiq_cli import machine
from optiq_cli.client import Client

from tests.support.waiting import LIMIT_SECONDS


@dataclass(frozen=True, slots=True)
class SiteKeys:
    organization_id: str
    site_id: str
    public_key: str
    write_key: str
    api_key: str
    created_ms: int


def create_site(home: Path, **settings: object) -> SiteKeys:
    """A site with keys, on the system that runs over a folder; `settings` as `POST /v1/operator/sites` takes them."""
    client = Client(machine.running_url(home), lambda: machine.operator_key(home))
    try:
        body = {"name": "Shop", "domains": ["shop.example"], **settings}
        return SiteKeys(**client.post("/v1/operator/sites", body), created_ms=system_clock())
    finally:
        client.close()


def get(url: str, path: str, api_key: str) -> Any:
    """The JSON a route answers with. Raises OSError when it answers with an error, or nobody answers."""
    request = urllib.request.Request(url + path, headers={"authorization": f"Bearer {api_key}"})
    with urllib.request.urlopen(request, timeout=LIMIT_SECONDS) as answer:
        return json.load(answer)


def credited_conversion(url: str, keys: SiteKeys, patience_seconds: float = 60) -> Any:
    """The only conversion of a site, explained, as soon as it is credited. Raises TimeoutError when it is not."""
    site = f"/v1/sites/{keys.site_id}"
    found = _until(lambda: get(url, f"{site}/conversions", keys.api_key)["items"], bool, patience_seconds)
    address = f"{site}/conversions/{found[0]['conversion_id']}"
    return _until(lambda: get(url, address, keys.api_key), lambda told: told["status"] != "PENDING", patience_seconds)


def ingest_counts(url: str, keys: SiteKeys, expected: int, patience_seconds: float = 60) -> dict[str, int]:
    """What became of a site's events, once as many as expected are counted; not what reports leave out."""
    address = f"/v1/sites/{keys.site_id}/ingest"
    counts: dict[str, int] = _until(
        lambda: get(url, address, keys.api_key), lambda told: told["accepted"] >= expected, patience_seconds
    )
    return {name: counts[name] for name in ("accepted", "stored", "duplicates", "failed")}


def _until(look: Callable[[], Any], enough: Callable[[Any], bool], patience_seconds: float) -> Any:
    give_up = time.monotonic() + patience_seconds
    while not enough(seen := look()):
        if time.monotonic() > give_up:
            raise TimeoutError(f"still {seen}")
        time.sleep(0.2)
    return seen
