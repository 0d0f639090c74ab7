"""The whole system, killed without warning while events are being sent."""

import json
import os
import random
import signal
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
from optiq.journeys.lake import EVENTS
from optiq.kernel.clock import system_clock, to_rfc3339
from optiq.kernel.lake_tables import latest_rows
from optiq.ports.query_duckdb import DuckDBQuery

from infra.local.system import Running, running_system
from tests.support.waiting import LIMIT_SECONDS
from tests.system.sites import SiteKeys, create_site, get

pytestmark = [pytest.mark.system, pytest.mark.slow]

EVENTS_TOTAL = 5_000
A_REQUEST = 5
KILLS = 4


class _Sender:
    """Sends beacons of a few events until one is not acknowledged, and goes on from that one when told to."""

    def __init__(self, keys: SiteKeys) -> None:
        self._keys = keys
        self._next = 0
        self.requests = 0

    @property
    def finished(self) -> bool:
        return self._next >= EVENTS_TOTAL

    def send_until(self, url: str, until: int) -> None:
        while self._next < min(until, EVENTS_TOTAL):
            self._post(url, [self._event(number) for number in range(self._next, self._next + A_REQUEST)])
            self._next += A_REQUEST

    def _event(self, number: int) -> dict[str, Any]:
        visitor = f"v{number % 97}"
        # The time is part of the content, so a repetition must say the same.
        return {
            "event_id": f"{visitor}.{number}",
            "kind": "track",
            "name": "Order Completed",
            "timestamp": to_rfc3339(self._keys.created_ms + number),
            "anonymous_id": visitor,
            "url": "https://shop.example/",
            "properties": {"revenue": "1.00"},
        }

    def _post(self, url: str, events: list[dict[str, Any]]) -> None:
        body = {"k": self._keys.public_key, "sent_at": to_rfc3339(system_clock()), "events": events}
        headers = {"content-type": "text/plain", "user-agent": "Mozilla/5.0"}
        request = urllib.request.Request(f"{url}/b", json.dumps(body).encode(), headers)
        self.requests += 1
        with urllib.request.urlopen(request, timeout=120) as answer:
            assert json.load(answer) == {"accepted": len(events)}


def _kill_soon_after(running: Running, moment: random.Random, sender: _Sender) -> None:
    """Kills the gateway, and with it its children, in the midst of sending."""
    pid = os.fork()
    if pid == 0:
        time.sleep(moment.uniform(0.05, 0.6))
        os.kill(running.pid, signal.SIGKILL)
        os._exit(0)
    # A kill between the head and the body of an answer is no OSError.
    with suppress(OSError, HTTPException):
        sender.send_until(running.url, EVENTS_TOTAL)
    os.waitpid(pid, 0)


def _wait_for(running: Running, keys: SiteKeys) -> Iterator[dict[str, int]]:
    give_up = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < give_up:
        yield get(running.url, f"/v1/sites/{keys.site_id}/ingest", keys.api_key)
        time.sleep(0.5)
    pytest.fail("the events were not taken in")


@pytest.mark.parametrize("beside_another", [False, True])
def test_every_acknowledged_event_is_there_once(tmp_path: Path, *, beside_another: bool) -> None:
    """Beside another organization the batches are handled in processes of their own."""
    moment = random.Random(7)
    with running_system(tmp_path) as running:
        keys = create_site(tmp_path)
        if beside_another:
            _Sender(create_site(tmp_path)).send_until(running.url, A_REQUEST)
    sender = _Sender(keys)

    for _ in range(KILLS):
        with running_system(tmp_path) as running:
            _kill_soon_after(running, moment, sender)
    with running_system(tmp_path) as running:
        sender.send_until(running.url, EVENTS_TOTAL)
        for counts in _wait_for(running, keys):
            if counts["stored"] >= EVENTS_TOTAL and counts["accepted"] >= EVENTS_TOTAL:
                break
        conversions = get(running.url, f"/v1/sites/{keys.site_id}/attribution?model=LINEAR", keys.api_key)["totals"]

    assert sender.finished
    assert counts["stored"] == EVENTS_TOTAL
    assert counts["failed"] == 0
    # At most the last request before each kill was repeated.
    assert counts["accepted"] == counts["stored"] + counts["duplicates"] <= EVENTS_TOTAL + KILLS * A_REQUEST
    found = DuckDBQuery(str(tmp_path / "lake")).run(
        f"SELECT count(*), count(DISTINCT event_id) FROM ({latest_rows(EVENTS, 'site_id = ?')})",
        keys.organization_id,
        [keys.site_id],
    )
    assert found.rows == [(EVENTS_TOTAL, EVENTS_TOTAL)]
    assert conversions["revenue_micros"] == conversions["conversions"] * 1_000_000
