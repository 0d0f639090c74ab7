"""The machine's clock jumps forwards by three days, and back: nothing is lost, and nothing counts twice."""

import json
import urllib.request
from pathlib import Path

import pytest
from optiq.kernel.clock import DAY_MS, to_rfc3339

from infra.local.system import running_system
from tests.support.waiting import LIMIT_SECONDS, wait_until
from tests.system.sites import SiteKeys, create_site, get, ingest_counts

pytestmark = [pytest.mark.system, pytest.mark.slow]


def _order(url: str, keys: SiteKeys, number: int) -> None:
    """An order as its page reports it, the same whenever it is sent."""
    event = {
        "event_id": f"v{number}.order",
        "kind": "track",
        "name": "Order Completed",
        "timestamp": to_rfc3339(keys.created_ms + number),
        "anonymous_id": f"v{number}",
        "url": "https://shop.example/?utm_source=news&utm_medium=email",
        "properties": {"order_id": f"A-{number}", "revenue": "10.00"},
    }
    body = {"k": keys.public_key, "sent_at": event["timestamp"], "events": [event]}
    # What says that it is a program is left out as a robot.
    headers = {"content-type": "application/json", "user-agent": "Mozilla/5.0"}
    request = urllib.request.Request(f"{url}/b", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=LIMIT_SECONDS) as answer:
        assert answer.status == 202


def test_orders_count_once_whatever_the_clock_did(tmp_path: Path) -> None:
    def credited(url: str) -> list[str]:
        found = get(url, f"/v1/sites/{keys.site_id}/conversions", keys.api_key)["items"]
        told = [get(url, f"/v1/sites/{keys.site_id}/conversions/{one['conversion_id']}", keys.api_key) for one in found]
        assert all(one["value_micros"] == 10_000_000 for one in found)
        return sorted(one["order_id"] for one in told if one["status"] != "PENDING")

    # GIVEN a system that took an order
    with running_system(tmp_path) as running:
        keys = create_site(tmp_path)
        _order(running.url, keys, 1)
        wait_until(lambda: credited(running.url) == ["A-1"], "the first order is credited")

    # WHEN its clock is three days ahead
    ahead = {"OPTIQ_CLOCK_OFFSET_MS": str(3 * DAY_MS)}
    with running_system(tmp_path, environment=ahead) as running:
        _order(running.url, keys, 1)
        _order(running.url, keys, 2)
        wait_until(lambda: credited(running.url) == ["A-1", "A-2"], "the second order is credited")

    # AND is right again
    with running_system(tmp_path) as running:
        _order(running.url, keys, 2)
        _order(running.url, keys, 3)
        wait_until(lambda: credited(running.url) == ["A-1", "A-2", "A-3"], "the third order is credited")

        # THEN every order counts once, and so does every event: those that came while the clock was ahead, on its day
        counts = ingest_counts(running.url, keys, 3)
        assert counts == {"accepted": 3, "stored": 2, "duplicates": 1, "failed": 0}
        assert get(running.url, "/health", "")["status"] == "ok"
