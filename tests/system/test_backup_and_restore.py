"""The drill: a system under load is backed up and killed, and restored elsewhere."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from optiq.journeys.lake import EVENTS
from optiq.kernel.clock import system_clock, to_rfc3339
from optiq.kernel.lake_tables import latest_rows
from optiq.ports.query_duckdb import DuckDBQuery

from infra.local.home import ROOT
from infra.local.system import Running, running_system
from tests.support.waiting import LIMIT_SECONDS
from tests.system.sites import SiteKeys, create_site, get

pytestmark = [pytest.mark.system, pytest.mark.slow]

BEFORE = 1_500
"""Events that are acknowledged before the backup begins; sending goes on while it is made."""
A_REQUEST = 5
AFTER = 200


class _Sender:
    """Sends beacons one after the other; every event is an order of 1.00 from one of three campaigns."""

    def __init__(self, url: str, keys: SiteKeys) -> None:
        self._url = url
        self._keys = keys
        self.acknowledged = 0

    def send(self, first: int, until: int, url: str = "") -> None:
        for start in range(first, until, A_REQUEST):
            self._post(url or self._url, [self._event(number) for number in range(start, start + A_REQUEST)])
            self.acknowledged = max(self.acknowledged, start + A_REQUEST)

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Sends on in a thread of its own until the block ends."""
        stop = threading.Event()

        def send_on() -> None:
            while not stop.is_set():
                self.send(self.acknowledged, self.acknowledged + A_REQUEST)

        thread = threading.Thread(target=send_on)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _event(self, number: int) -> dict[str, Any]:
        visitor = f"v{number % 97}"
        return {
            "event_id": f"{visitor}.{number}",
            "kind": "track",
            "name": "Order Completed",
            "timestamp": to_rfc3339(self._keys.created_ms + number),
            "anonymous_id": visitor,
            "url": f"https://shop.example/?utm_source=s{number % 3}&utm_medium=email",
            "properties": {"revenue": "1.00"},
        }

    def _post(self, url: str, events: list[dict[str, Any]]) -> None:
        body = {"k": self._keys.public_key, "sent_at": to_rfc3339(system_clock()), "events": events}
        headers = {"content-type": "text/plain", "user-agent": "Mozilla/5.0"}
        request = urllib.request.Request(f"{url}/b", json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=120) as answer:
            assert json.load(answer) == {"accepted": len(events)}


def _optiq(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "optiq_cli", *words], cwd=ROOT, check=True, timeout=300)


def _stored(running: Running, keys: SiteKeys, least: int) -> int:
    """How many events are stored, once at least as many as expected are."""
    give_up = time.monotonic() + LIMIT_SECONDS
    while True:
        counts = get(running.url, f"/v1/sites/{keys.site_id}/ingest", keys.api_key)
        assert counts["failed"] == 0
        if counts["stored"] >= least:
            return int(counts["stored"])
        assert time.monotonic() < give_up, counts
        time.sleep(0.5)


def _report(running: Running, keys: SiteKeys, conversions: int) -> Any:
    """Revenue by source, once as many conversions as expected are credited."""
    give_up = time.monotonic() + LIMIT_SECONDS
    while True:
        found = get(running.url, f"/v1/sites/{keys.site_id}/attribution?model=LINEAR&by=source", keys.api_key)
        if found["totals"]["conversions"] >= conversions:
            return found["totals"], sorted(json.dumps(row, sort_keys=True) for row in found["rows"])
        assert time.monotonic() < give_up, found["totals"]
        time.sleep(0.5)


def _event_ids(home: Path, keys: SiteKeys) -> list[str]:
    query = f"SELECT event_id FROM ({latest_rows(EVENTS, 'site_id = ?')})"
    return [row[0] for row in DuckDBQuery(str(home / "lake")).run(query, keys.organization_id, [keys.site_id]).rows]


def test_every_event_acknowledged_before_a_backup_is_restored_once(tmp_path: Path) -> None:
    home, folder, elsewhere = tmp_path / "home", tmp_path / "backup", tmp_path / "elsewhere"
    with running_system(home) as running:
        keys = create_site(home)
        sender = _Sender(running.url, keys)
        sender.send(0, BEFORE)
        with sender.sending():
            _optiq("backup", str(folder), "--home", str(home))
        sent = sender.acknowledged
        os.kill(running.pid, signal.SIGKILL)
    assert sent > BEFORE

    with running_system(home) as running:
        _stored(running, keys, sent)
        expected = _report(running, keys, sent)
    shutil.rmtree(home)

    _optiq("restore", str(folder), "--home", str(elsewhere))
    with running_system(elsewhere) as running:
        stored = _stored(running, keys, BEFORE)
        restored = _event_ids(elsewhere, keys)
        # What was not in the backup is sent again, and what was counts once.
        sender.send(0, sent, running.url)
        stored = _stored(running, keys, sent)
        report = _report(running, keys, sent)
        sender.send(sent, sent + AFTER, running.url)
        goes_on = _stored(running, keys, sent + AFTER)
        ids = _event_ids(elsewhere, keys)

    assert {f"v{number % 97}.{number}" for number in range(BEFORE)} <= set(restored)
    assert len(restored) == len(set(restored))
    assert stored == sent
    assert report == expected
    assert goes_on == sent + AFTER
    assert len(ids) == len(set(ids)) == sent + AFTER
