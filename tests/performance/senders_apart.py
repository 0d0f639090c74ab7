"""Senders in processes of their own, which post at a steady rate: `python -m … SECONDS RATE PORT KIND KEYS…`.

They are what a noisy tenant, or somebody with no key at all, sends to the system on this machine.
"""

import json
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import count

from infra.local.home import ROOT

EVENTS_A_REQUEST = 10
_LARGE_BYTES = 56_000
_CONNECTIONS = 4


@contextmanager
def sending(
    kind: str, port: int, requests_per_second: float, seconds: float, keys: Sequence[str]
) -> Iterator[dict[str, int]]:
    """Sends for so long; ended with the block. `kind` is `beacons` (to each key in turn), `large` or `garbage`.

    A large one is a beacon of 56 KB, nearly what a page may send at once, full of addresses to hide.

    Gives a dictionary that holds, after the block, how many requests got which status.
    """
    answers: dict[str, int] = {}
    command = [sys.executable, "-m", "tests.performance.senders_apart"]
    said = [str(seconds), str(requests_per_second), str(port), kind, *keys]
    process = subprocess.Popen([*command, *said], cwd=ROOT, stdout=subprocess.PIPE)
    try:
        yield answers
    finally:
        process.terminate()
        answers |= json.loads(process.communicate()[0])


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
                "url": f"https://shop.example/products/{step}?utm_source=news&utm_medium=email",
                "referrer": "https://shop.example/",
            }
            for step in range(EVENTS_A_REQUEST)
        ]
        events[-2] |= {"kind": "identify", "user_id": f"user-{visitor}"}
        if number % 4 == 0:
            order = {"order_id": visitor, "revenue": "49.90", "currency": "EUR"}
            events[-1] |= {"kind": "track", "name": "Order Completed", "properties": order}
        if kind == "large":
            text = "ann@example.com " * (_LARGE_BYTES // EVENTS_A_REQUEST // 16 - 18)
            for event in events:
                event["properties"] = {**event.get("properties", {}), "text": text}
        yield json.dumps({"k": keys[number % len(keys)], "sent_at": sent, "events": events}).encode()


class _Sender:
    """What the connections of one process share."""

    def __init__(self, port: int, kind: str, per_second: float, seconds: float, keys: Sequence[str]) -> None:
        self._port = port
        self._bodies = _bodies(kind, keys)
        self._pause_seconds = _CONNECTIONS / per_second
        self._until = time.monotonic() + seconds
        self._guard = threading.Lock()
        self.stop = threading.Event()
        self.answers: Counter[int] = Counter()

    def run(self) -> None:
        """One connection's requests."""
        connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        next_at = time.monotonic()
        while (now := time.monotonic()) < self._until and not self.stop.wait(max(0.0, next_at - now)):
            # What a slow answer held up is made up for, but for a second at most.
            next_at = max(next_at + self._pause_seconds, now - 1)
            with self._guard:
                body = next(self._bodies)
            connection.request("POST", "/b", body, {"content-type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            with self._guard:
                self.answers[answer.status] += 1
        connection.close()


def main(seconds: str, per_second: str, port: str, kind: str, *keys: str) -> None:
    sender = _Sender(int(port), kind, float(per_second), float(seconds), keys)
    signal.signal(signal.SIGTERM, lambda *_: sender.stop.set())
    threads = [threading.Thread(target=sender.run) for _ in range(_CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps(sender.answers))


if __name__ == "__main__":
    main(*sys.argv[1:])
