"""The whole system on one machine: events a second from the first send to the last credit, and whose CPU it took."""

import base64
import json
import tempfile
import time
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from infra.local.system import Running, attach, running_system
from tests.performance.figures import Figure
from tests.performance.load import send
from tests.performance.processes import child_named, cpu_seconds

if TYPE_CHECKING:
    from optiq.tenancy.contracts import NewSite

SERVER_BATCH = 200
BEACON_BATCH = 10
_PATIENCE_SECONDS = 120.0
_POLL_SECONDS = 0.02
_ALONE_SECONDS = 2.5
"""After which the warm-up's organization is no longer one of several that send (infra/local/waiting_shards.py)."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way of sending, to a site of its own; `orders` of the events are conversions, from `day` on."""

    name: str
    site: "NewSite"
    day: str
    path: str
    bodies: Sequence[bytes]
    headers: Mapping[str, str]
    events: int
    orders: int


def measure(history_events: int = 3_000, sessions: int = 1_200) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder, running_system(Path(folder)) as running, attach(folder, create=True):
        for way in (_beacons(20), _server_batches(SERVER_BATCH)):
            _measure_way(running, way)  # warms up: every process has imported what it needs
        figures = []
        for way in (_beacons(sessions), _server_batches(history_events)):
            figures += _measure_way(running, way)
            _check(running, way)
        return figures


def _server_batches(events: int) -> Way:
    """The sample with its own times, as `make run` loads it."""
    from optiq.kernel.clock import system_clock
    from optiq.tenancy import api as tenancy

    from infra.local.sample.traffic import traffic
    from tests.performance.messages import SEED, batch_body, conversions

    site = tenancy.create_site(name="Past", domains=["shop.example"])
    said = traffic(SEED, system_clock())[:events]
    bodies = [batch_body(said[start : start + SERVER_BATCH]) for start in range(0, len(said), SERVER_BATCH)]
    key = base64.b64encode(f"{site.write_key}:".encode()).decode()
    headers = {"authorization": f"Basic {key}", "content-type": "application/json"}
    orders = conversions(said)
    name = f"past days by /v1/batch, {SERVER_BATCH} a request"
    return Way(name, site, said[0]["timestamp"][:10], "/v1/batch", bodies, headers, len(said), orders)


def _beacons(sessions: int) -> Way:
    """Sessions of ten events of the last hour, a request each."""
    from optiq.kernel.clock import system_clock
    from optiq.tenancy import api as tenancy

    from tests.performance import messages

    site = tenancy.create_site(name="Today", domains=["shop.example"])
    now_ms = system_clock()
    made = messages.sessions(sessions, now_ms)
    bodies = [messages.beacon_body(site.public_key, session, now_ms) for session in made]
    orders = messages.conversions(message for session in made for message in session)
    name = f"the last hour by the beacon, {BEACON_BATCH} a request"
    headers = {"content-type": "application/json"}
    return Way(name, site, made[0][0]["timestamp"][:10], "/b", bodies, headers, sessions * BEACON_BATCH, orders)


def _measure_way(running: Running, way: Way) -> list[Figure]:
    processes = {
        "gateway": running.pid,
        "worker": child_named(running.pid, "infra.local.worker"),
        "table": child_named(running.pid, "dynoxide"),
    }
    before = {name: cpu_seconds(pid) for name, pid in processes.items()}
    time.sleep(_ALONE_SECONDS)
    started = time.perf_counter()
    send(urlsplit(running.url).port or 0, way.path, way.bodies, way.headers)
    sending = time.perf_counter() - started
    wait_until_credited()
    taken = time.perf_counter() - started
    used = {name: (cpu_seconds(pid) - before[name]) / way.events * 1000 for name, pid in processes.items()}
    split = ", ".join(f"{name} {used_ms:.2f}" for name, used_ms in used.items())
    return [
        Figure(
            way.name,
            way.events / taken,
            "events/s",
            ratio=f"{taken / sending:.1f} x the time of sending",
            note=f"{way.events:,} events, {way.orders} conversions credited, {taken:.1f} s",
        ),
        Figure(f"{way.name}: CPU an event", sum(used.values()), "ms", note=split),
    ]


def _check(running: Running, way: Way) -> None:
    """Raises RuntimeError when the report does not count every order that was sent."""
    path = f"/v1/sites/{way.site.site.site_id}/attribution?from={way.day}"
    request = urllib.request.Request(running.url + path, headers={"authorization": f"Bearer {way.site.api_key}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        credited = json.load(answer)["totals"]["conversions"]
    if credited != way.orders:
        raise RuntimeError(f"{way.name}: {credited} of {way.orders} conversions were credited")


def wait_until_credited() -> None:
    """Until both consumers have done all there is; what the first publishes for the second is seen before it is done.

    Raises:
        TimeoutError: it took too long.
    """
    from optiq.kernel.settings import settings
    from optiq.ports.log_file import LogFile

    from infra.local.mappings import MAPPINGS
    from infra.local.pump import backlog

    log = LogFile(settings().stream)
    give_up = time.monotonic() + _PATIENCE_SECONDS
    for mapping in MAPPINGS:
        while backlog(log, [mapping]):
            if time.monotonic() > give_up:
                raise TimeoutError(f"{mapping.consumer} did not finish")
            time.sleep(_POLL_SECONDS)
    log.close()
