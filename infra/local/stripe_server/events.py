"""Events: listed, signed, and delivered to an address of ours, late and doubled as Stripe does."""

import hashlib
import hmac
import json
import random
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable

from infra.local.stripe_server.errors import missing
from infra.local.stripe_server.forms import Request
from infra.local.stripe_server.shapes import Obj
from infra.local.stripe_server.world import World, thin

_SECONDS = 2.0
_LATEST = 60.0


def list_all(world: World, request: Request) -> Obj:
    """Newest first; with `delivery_success=false` those that nobody has taken."""
    found = list(world.events.values())[::-1]
    if request.flag("delivery_success") is False:
        found = [one for one in found if one["id"] in world.waiting]
    since = int(request.inner("created").get("gte", 0))
    return request.page("/v1/events", [one for one in found if one["created"] >= since])


def get(world: World, request: Request) -> Obj:
    return _event(world, request.id)


def get_thin(world: World, request: Request) -> Obj:
    return thin(_event(world, request.id))


def _event(world: World, event_id: str) -> Obj:
    if event_id not in world.events:
        raise missing("event", event_id)
    return world.events[event_id]


def signature(body: bytes, secret: str, at: int) -> str:
    """The header `Stripe-Signature` of a body."""
    signed = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={signed}"


def delivery(world: World, event_id: str, secret: str, *, at: int, snapshot: bool = False) -> tuple[bytes, str]:
    """The body of a delivery, and its signature."""
    event = world.events[event_id]
    body = json.dumps(event if snapshot else thin(event)).encode()
    return body, signature(body, secret, at)


class Deliverer:
    """Delivers what waits, in any order and some of it twice, until somebody takes it.

    Args:
        kept: is called after each delivery.
    """

    def __init__(self, world: World, address: str, secret: str, lock: threading.Lock, kept: Callable[[], None]) -> None:
        self._world, self._address, self._secret, self._lock, self._kept = world, address, secret, lock, kept
        self._random = random.Random(1)  # noqa: S311 - an order of deliveries
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(_SECONDS * 2)

    def _run(self) -> None:
        wait_seconds = 0.2
        while not self._stop.wait(wait_seconds):
            with self._lock:
                waiting = list(self._world.waiting)
            self._random.shuffle(waiting)
            taken = [event_id for event_id in waiting if self._deliver(event_id)]
            for event_id in self._random.sample(taken, len(taken) // 4):
                self._deliver(event_id)
            with self._lock:
                self._world.waiting = [one for one in self._world.waiting if one not in taken]
            if taken:
                self._kept()
            wait_seconds = min(_LATEST, wait_seconds * 2) if len(taken) < len(waiting) else 0.2

    def _deliver(self, event_id: str) -> bool:
        snapshot = self._random.random() < 0.5
        body, signed = delivery(self._world, event_id, self._secret, at=int(time.time()), snapshot=snapshot)
        headers = {"content-type": "application/json", "stripe-signature": signed}
        request = urllib.request.Request(self._address, body, headers)  # noqa: S310 - our own address
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
                return bool(200 <= answer.status < 300)
        except (urllib.error.URLError, OSError):
            return False
