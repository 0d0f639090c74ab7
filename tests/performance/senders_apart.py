"""Senders in processes of their own, which post at a steady rate: `python -m … SECONDS RATE PORT KIND KEYS…`.

They are what a noisy tenant, or somebody with no key at all, sends to the system on this machine.
"""

import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import count

from infra.local.home import ROOT

EVENTS_A_REQUEST = 10
_CONNECTIONS = 4


@contextmanager
def sending(kind: str, port: int, requests_per_second: float, seconds: float, keys: Sequence[str]) -> Iterator[None]:
    """Sends for so long; ended with the block. `kind` is `beacons` (to each key in turn) or `garbage`."""
    command = [sys.executable, "-m", "tests.performance.senders_apart"]
    said = [str(seconds), str(requests_per_second), str(port), kind, *keys]
    process = subprocess.Popen([*command, *said], cwd=ROOT)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def _bodies(kind: str, keys: Sequence[str]) -> Iterator[bytes]:
    if kind == "garbage":
        noise = random.Random(7)
        while True:
            yield noise.randbytes(4_000)
    run = f"{time.time_ns():x}"
    for number in count():
        visitor = f"v{run}-{number}"
        sent = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        events = [
            {
                "event_id": f"{visitor}.{step}",
                "kind": "page",
                "timestamp": sent,
                "anonymous_id": visitor,
                "url": f"https://shop.example/products/{step}",
            }
            for step in range(EVENTS_A_REQUEST)
        ]
        yield json.dumps({"k": keys[number % len(keys)], "sent_at": sent, "events": events}).encode()


def _send(port: int, bodies: Iterator[bytes], guard: threading.Lock, per_second: float, until: float) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    next_at = time.monotonic()
    while (now := time.monotonic()) < until:
        if now < next_at:
            time.sleep(next_at - now)
        next_at = max(next_at + _CONNECTIONS / per_second, now - 1)
        with guard:
            body = next(bodies)
        connection.request("POST", "/b", body, {"content-type": "application/json"})
        connection.getresponse().read()
    connection.close()


def main(seconds: str, per_second: str, port: str, kind: str, *keys: str) -> None:
    bodies, guard, until = _bodies(kind, keys), threading.Lock(), time.monotonic() + float(seconds)
    arguments = (int(port), bodies, guard, float(per_second), until)
    threads = [threading.Thread(target=_send, args=arguments) for _ in range(_CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
