"""Collection: requests a second and CPU an event, of the handler alone and behind the local gateway."""

import base64
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from infra.local.home import ROOT
from infra.local.system import attach
from infra.local.table import free_port
from tests.performance.figures import Figure
from tests.performance.load import send
from tests.performance.processes import cpu_seconds

BATCH = 25
_START_SECONDS = 20.0
_WARM_UP = 5


@dataclass(frozen=True, slots=True)
class Kind:
    """One way of sending: `bodies` to `path`, each with `events` events."""

    name: str
    path: str
    bodies: Sequence[bytes]
    headers: Mapping[str, str]
    events: int
    goal_cpu_ms: float | None


def measure(singles: int = 400, batches: int = 60) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder, attach(folder, create=True):
        kinds = _kinds(singles, batches)
        figures = [figure for kind in kinds for figure in in_process(kind)]
        with _gateway(Path(folder)) as (port, pid):
            return figures + over_http(kinds, port, pid)


def _kinds(singles: int, batches: int) -> list[Kind]:
    # Imported late: records read the environment that `attach` sets when they are defined.
    from optiq.kernel.clock import system_clock
    from optiq.tenancy import api as tenancy

    from tests.performance.messages import batch_body, beacon_body, sessions, track_body

    site = tenancy.create_site(name="Shop", domains=["shop.example"])
    now_ms, key = system_clock(), site.public_key
    said = [message for session in sessions(max(singles, batches * BATCH) // 10 + 1, now_ms) for message in session]
    groups = [said[start : start + BATCH] for start in range(0, batches * BATCH, BATCH)]
    basic = {"authorization": "Basic " + base64.b64encode(f"{site.write_key}:".encode()).decode()}
    json_type = {"content-type": "application/json"}
    return [
        Kind("beacon, 1 event", "/b", [beacon_body(key, [m], now_ms) for m in said[:singles]], json_type, 1, 1.5),
        Kind("beacon, 25 events", "/b", [beacon_body(key, g, now_ms) for g in groups], json_type, BATCH, 0.3),
        Kind("server, 1 event", "/v1/track", [track_body(m) for m in said[:singles]], basic | json_type, 1, 1.5),
        Kind("server, 25 events", "/v1/batch", [batch_body(g) for g in groups], basic | json_type, BATCH, 0.3),
    ]


def in_process(kind: Kind) -> list[Figure]:
    """The handler called with API Gateway's events, the stream's commit included."""
    handler = _handler(kind.path)
    events = [_api_gateway_event(kind, body) for body in kind.bodies]
    for event in events[:_WARM_UP]:
        _expect_success(handler(event, None))
    wall, cpu = time.perf_counter(), time.process_time()
    for event in events:
        _expect_success(handler(event, None))
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return _figures(f"handler: {kind.name}", kind, wall, cpu, "")


def over_http(kinds: Sequence[Kind], port: int, pid: int) -> list[Figure]:
    """Through the local gateway: its requests a second, and its CPU for each event."""
    from tests.performance.gateway_process import TRIVIAL

    yardstick = Kind("trivial handler", TRIVIAL, [*kinds[0].bodies] * 5, kinds[0].headers, 1, None)
    trivial_ms = 0.0
    figures: list[Figure] = []
    for kind in (yardstick, *kinds):
        send(port, kind.path, kind.bodies[:_WARM_UP], kind.headers)
        before = cpu_seconds(pid)
        wall = send(port, kind.path, kind.bodies, kind.headers)
        cpu = cpu_seconds(pid) - before
        request_ms = cpu / len(kind.bodies) * 1000
        trivial_ms = trivial_ms or request_ms
        ratio = f"{request_ms / max(trivial_ms, 1e-6):.1f} x a trivial handler a request"
        figures += _figures(f"gateway: {kind.name}", kind, wall, cpu, ratio)
    return figures


def _figures(name: str, kind: Kind, wall: float, cpu: float, ratio: str) -> list[Figure]:
    requests = len(kind.bodies)
    return [
        Figure(f"{name}: requests", requests / wall, "1/s"),
        Figure(f"{name}: CPU an event", cpu / (requests * kind.events) * 1000, "ms", kind.goal_cpu_ms, ratio),
    ]


def _handler(path: str) -> Callable[[dict[str, Any], object], dict[str, Any]]:
    from functions.collect import beacon, segment

    return beacon.handler if path == "/b" else segment.handler


def _api_gateway_event(kind: Kind, body: bytes) -> dict[str, Any]:
    return {
        "version": "2.0",
        "rawPath": kind.path,
        "rawQueryString": "",
        "headers": {"user-agent": "Mozilla/5.0", **kind.headers},
        "requestContext": {"http": {"method": "POST", "path": kind.path, "sourceIp": "203.0.113.9"}},
        "body": body.decode(),
        "isBase64Encoded": False,
    }


def _expect_success(answer: Mapping[str, Any]) -> None:
    if answer["statusCode"] >= 300:
        raise RuntimeError(f"collection answered {answer['statusCode']}: {answer.get('body')}")


@contextmanager
def _gateway(home: Path) -> Iterator[tuple[int, int]]:
    """The gateway in a process of its own; gives its port and process id."""
    port = free_port()
    command = [sys.executable, "-m", "tests.performance.gateway_process", str(port), str(home)]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ)
    try:
        _wait_for(port, process)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < give_up:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/health")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.05)
        else:
            return
        finally:
            connection.close()
    raise RuntimeError("the gateway did not start")
