"""The whole system, killed without warning while failed events are being replayed."""

import base64
import json
import os
import signal
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from optiq.journeys.lake import CONVERSIONS, EVENTS
from optiq.kernel.lake_tables import latest_rows
from optiq.ports.query_duckdb import DuckDBQuery

from infra.local.system import Running, running_system
from tests.support.waiting import LIMIT_SECONDS
from tests.system.sites import SiteKeys, create_site, get

pytestmark = [pytest.mark.system, pytest.mark.slow]

FAILED = 600
A_REQUEST = 100
KILLS = 3


def _post(running: Running, path: str, authorization: str, body: object) -> Any:
    headers = {"content-type": "application/json", "authorization": authorization}
    request = urllib.request.Request(running.url + path, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)


def _send_what_fails(running: Running, keys: SiteKeys) -> None:
    """Orders whose event is no text; every other one has an id of its sender's."""
    authorization = "Basic " + base64.b64encode(f"{keys.write_key}:".encode()).decode()
    good = {"type": "track", "userId": "u0", "event": "Good"}
    orders: list[dict[str, Any]] = [
        {"type": "track", "userId": f"u{n % 37}", "event": ["Order Completed"], "properties": {"revenue": "1.00"}}
        | ({"messageId": f"m{n}"} if n % 2 else {})
        for n in range(FAILED)
    ]
    for start in range(0, FAILED, A_REQUEST):
        batch = {"batch": [good | {"messageId": f"good{start}"}, *orders[start : start + A_REQUEST]]}
        assert len(_post(running, "/v1/batch", authorization, batch)["rejected"]) == A_REQUEST


def _counts(running: Running, keys: SiteKeys) -> dict[str, int]:
    counts: dict[str, int] = get(running.url, f"/v1/sites/{keys.site_id}/ingest", keys.api_key)
    assert counts["accepted"] == counts["stored"] + counts["duplicates"] + counts["failed"]
    return counts


def _wait_until(running: Running, keys: SiteKeys, **expected: int) -> None:
    give_up = time.monotonic() + LIMIT_SECONDS
    while (counts := _counts(running, keys)).items() & expected.items() != expected.items():
        assert time.monotonic() < give_up, f"expected {expected}, found {counts}"
        time.sleep(0.3)


def _failed(running: Running, keys: SiteKeys) -> list[dict[str, str]]:
    """All failed events that are listed now."""
    found: list[dict[str, str]] = []
    cursor = ""
    while True:
        path = f"/v1/sites/{keys.site_id}/failed-events?limit=100" + (f"&cursor={cursor}" if cursor else "")
        page = get(running.url, path, keys.api_key)
        found += page["items"]
        if not (cursor := page["cursor"]):
            return found


def _replay(running: Running, keys: SiteKeys, failed: list[dict[str, str]]) -> int:
    """Replays these with their names put right; how many of them were still there to replay."""
    replayed = 0
    for start in range(0, len(failed), A_REQUEST):
        events = [
            {
                "failed_event_id": event["failed_event_id"],
                "body": event["body"].replace('["Order Completed"]', '"Order Completed"'),
            }
            for event in failed[start : start + A_REQUEST]
        ]
        path = f"/v1/sites/{keys.site_id}/failed-events/replay"
        answer = _post(running, path, f"Bearer {keys.api_key}", {"events": events})
        assert answer["replayed"] + answer["still_failing"] == len(events)
        replayed += answer["replayed"]
    return replayed


def _kill_the_door(running: Running, keys: SiteKeys, known: list[dict[str, str]]) -> None:
    """Kills the gateway, and with it its children, while it is told to replay."""
    pid = os.fork()
    if pid == 0:
        time.sleep(0.1)
        os.kill(running.pid, signal.SIGKILL)
        os._exit(0)
    with suppress(OSError):
        while True:
            _replay(running, keys, known)
    os.waitpid(pid, 0)


def _kill_the_consumer(running: Running, keys: SiteKeys, known: list[dict[str, str]]) -> None:
    """Kills everything as soon as some of what is replayed has been counted."""
    left = _counts(running, keys)["failed"]
    _replay(running, keys, known)
    give_up = time.monotonic() + LIMIT_SECONDS
    while _counts(running, keys)["failed"] == left:
        assert time.monotonic() < give_up, "nothing was taken in"
    os.kill(running.pid, signal.SIGKILL)


def test_every_replayed_event_is_there_once(tmp_path: Path) -> None:
    # GIVEN failed events, taken in and counted
    with running_system(tmp_path) as running:
        keys = create_site(tmp_path)
        _send_what_fails(running, keys)
        _wait_until(running, keys, failed=FAILED)
        known = _failed(running, keys)
    good = FAILED // A_REQUEST
    assert len({event["failed_event_id"] for event in known}) == FAILED

    # WHEN all of them are replayed, again and again, each time killed in the midst of it
    with running_system(tmp_path) as running:
        _kill_the_door(running, keys, known)
    for _ in range(KILLS):
        with running_system(tmp_path) as running:
            if _counts(running, keys)["failed"]:
                _kill_the_consumer(running, keys, known)

    # THEN one more replay of what is left takes in the rest, and yet another changes nothing
    with running_system(tmp_path) as running:
        _replay(running, keys, _failed(running, keys))
        _wait_until(running, keys, failed=0, stored=FAILED + good)
        assert _failed(running, keys) == []
        assert _replay(running, keys, known) == 0
        time.sleep(2)
        _wait_until(running, keys, failed=0, stored=FAILED + good)
    lake = DuckDBQuery(str(tmp_path / "lake"))
    events = latest_rows(EVENTS, "site_id = ? AND name = 'Order Completed'")
    told = lake.run(f"SELECT count(*), count(DISTINCT event_id) FROM ({events})", keys.organization_id, [keys.site_id])
    orders = latest_rows(CONVERSIONS, "site_id = ?")
    sold = lake.run(f"SELECT count(*), sum(value_micros) FROM ({orders})", keys.organization_id, [keys.site_id])
    assert told.rows == [(FAILED, FAILED)]
    assert sold.rows == [(FAILED, FAILED * 1_000_000)]
