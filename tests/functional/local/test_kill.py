"""Killed at any moment, the system keeps every acknowledged event, once."""

import base64
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from infra.local.home import ROOT
from infra.local.system import Running, running_system

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(
        not list(ROOT.glob("node_modules/@dynoxide/*/dynoxide")), reason="the table is not installed: run `npm ci`"
    ),
]

STARTED = datetime.now(UTC)
EVENTS, BATCH, VISITORS, KILLS = 5_000, 25, 300, 3


def test_every_acknowledged_event_is_stored_once_after_kills(tmp_path: Path) -> None:
    batches = [range(start, start + BATCH) for start in range(0, EVENTS, BATCH)]
    acknowledged: list[range] = []
    unsure: list[range] = []
    keys: dict[str, str] = {}
    chance = random.Random(7)
    for _ in range(KILLS):
        with running_system(tmp_path) as running:
            keys = keys or _create_site(tmp_path)
            threading.Timer(chance.uniform(0.3, 1.2), os.kill, (running.pid, signal.SIGKILL)).start()
            _send_until_killed(running, keys, batches, acknowledged, unsure)

    with running_system(tmp_path) as running:
        # What was under way at a kill is sent again, as every client would.
        for batch in unsure + batches:
            assert _send(running, keys, batch) == 200
            acknowledged.append(batch)
        counts = _settled(running, keys, sum(map(len, acknowledged)))

    assert counts["failed"] == 0
    assert counts["stored"] == EVENTS
    assert counts["accepted"] == counts["stored"] + counts["duplicates"]


def _send_until_killed(
    running: Running, keys: dict[str, str], batches: list[range], acknowledged: list[range], unsure: list[range]
) -> None:
    while batches:
        try:
            assert _send(running, keys, batches[0]) == 200
        except (OSError, http.client.HTTPException):
            unsure.append(batches.pop(0))
            return
        acknowledged.append(batches.pop(0))


def _send(running: Running, keys: dict[str, str], batch: range) -> int:
    now = datetime.now(UTC).isoformat()
    messages = [
        {
            "type": "track",
            "event": "Viewed",
            "messageId": f"m-{n}",
            "anonymousId": f"v-{n % VISITORS}",
            "timestamp": now,
        }
        for n in batch
    ]
    credential = "Basic " + base64.b64encode(f"{keys['write_key']}:".encode()).decode()
    status, _ = _ask(running, "POST", "/v1/batch", credential, {"batch": messages})
    return status


def _settled(running: Running, keys: dict[str, str], acknowledged: int) -> dict[str, int]:
    """The site's counts once they cover what was acknowledged and stand still."""
    before: dict[str, int] = {}
    give_up = time.monotonic() + 90
    while True:
        _, counts = _ask(running, "GET", f"/v1/sites/{keys['site_id']}/ingest", f"Bearer {keys['api_key']}", None)
        if counts["accepted"] >= acknowledged and counts == before:
            return dict(counts)
        assert time.monotonic() < give_up, counts
        before = counts
        time.sleep(1)


def _ask(running: Running, method: str, path: str, authorization: str, body: object) -> tuple[int, Any]:
    connection = http.client.HTTPConnection(urlsplit(running.url).netloc, timeout=20)
    try:
        headers = {"authorization": authorization, "content-type": "application/json"}
        connection.request(method, path, json.dumps(body) if body else None, headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def _create_site(home: Path) -> dict[str, str]:
    command = [sys.executable, "-m", "infra.local.cli", "site", "create", "--name", "Shop", "--domain", "shop.example"]
    made = subprocess.run(
        [*command, "--json", "--home", str(home)], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    keys: dict[str, str] = json.loads(made.stdout)
    return keys
