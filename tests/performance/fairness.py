"""What one tenant's load does to another's, as ratios taken in one run: `python -m tests.performance.fairness`.

Each part measures a quiet tenant alone and then beside a loud one on the same running system.
"""

import base64
import json
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from infra.local.system import attach, running_system
from tests.performance.figures import Figure
from tests.performance.load import send
from tests.performance.senders_apart import sending

if TYPE_CHECKING:
    from optiq.tenancy.contracts import NewSite

_HEAVY_AT_ONCE = 8
_COMPARISONS = 32
_SAMPLES = 200
_PAUSE_SECONDS = 0.02
_GOAL = 3.0
_AT_ONCE_GOAL = 1.0
"""Of the time one after the other: on two processors half of it, and never more than it."""
_BATCH = 200
_LARGE_A_SECOND = 80.0
"""Within a site's limit, and 4.5 MB of bodies."""


def measure(events: int = 18_000) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder, running_system(Path(folder)) as running, attach(folder, create=True):
        port = urlsplit(running.url).port or 0
        loud, quiet = _site("Loud"), _site("Quiet")
        day = _fill(port, loud, events)
        return [
            *side_by_side(port, loud, quiet, day),
            at_once(port, loud, day),
            *beside_large_beacons(port, loud, quiet),
        ]


def side_by_side(port: int, loud: "NewSite", quiet: "NewSite", day: str) -> list[Figure]:
    """Small requests of the quiet tenant beside heavy reports of the loud one (H4)."""
    asked = _small_requests(quiet)
    report = _comparison(loud, day)
    alone = {name: _times(port, ask) for name, ask in asked.items()}
    with _heavy(port, report, {"authorization": f"Bearer {loud.api_key}"}) as answered:
        beside = {name: _times(port, ask) for name, ask in asked.items()}
    note = f"{_HEAVY_AT_ONCE} heavy reports at once; {answered()}"
    return [_compared(f"{name} beside heavy reports", alone[name], beside[name], note) for name in asked]


def _small_requests(quiet: "NewSite") -> dict[str, Callable[[HTTPConnection], None]]:
    token = base64.b64encode(f"{quiet.write_key}:".encode()).decode()
    track = json.dumps({"userId": "u", "event": "Viewed"})
    sending = {"authorization": f"Basic {token}", "content-type": "application/json"}
    reading = {"authorization": f"Bearer {quiet.api_key}"}
    return {
        "GET /v1/sites": lambda line: _ask(line, "GET", "/v1/sites", reading),
        "POST /v1/track": lambda line: _ask(line, "POST", "/v1/track", sending, track),
        "GET /health": lambda line: _ask(line, "GET", "/health", {}),
    }


def beside_large_beacons(port: int, loud: "NewSite", quiet: "NewSite") -> list[Figure]:
    """The quiet tenant's small requests while a page of the loud one sends beacons as large as pages may."""
    asked = _small_requests(quiet)
    alone = {name: _times(port, ask) for name, ask in asked.items()}
    with sending("large", port, _LARGE_A_SECOND, 600.0, [loud.public_key]) as answers:
        beside = {name: _times(port, ask) for name, ask in asked.items()}
    note = "answers: " + ", ".join(f"{count:,} × {status}" for status, count in sorted(answers.items()))
    return [_compared(f"{name} beside beacons of 56 KB", alone[name], beside[name], note) for name in asked]


def at_once(port: int, site: "NewSite", day: str) -> Figure:
    """Eight comparisons of one tenant at once, beside the same number one after the other."""
    path = _comparison(site, day)
    headers = {"authorization": f"Bearer {site.api_key}"}
    _asked(port, path, headers, threads=_HEAVY_AT_ONCE, times=_HEAVY_AT_ONCE)  # so that all processes have begun
    alone = _asked(port, path, headers, threads=1, times=_COMPARISONS)
    beside = _asked(port, path, headers, threads=_HEAVY_AT_ONCE, times=_COMPARISONS)
    note = f"{_COMPARISONS / alone:.1f} a second one after the other, {_COMPARISONS / beside:.1f} a second at once"
    return Figure(f"{_HEAVY_AT_ONCE} comparisons at once, time of all", beside / alone, "x", _AT_ONCE_GOAL, note=note)


def _comparison(site: "NewSite", day: str) -> str:
    return f"/v1/sites/{site.site.site_id}/attribution/compare?from={day}&by=campaign"


def _asked(port: int, path: str, headers: Mapping[str, str], *, threads: int, times: int) -> float:
    """The seconds that so many requests took, of so many at once."""

    def ask(number: int) -> None:
        line = HTTPConnection("127.0.0.1", port, timeout=120)
        for _ in range(number):
            _ask(line, "GET", path, headers)
        line.close()

    started = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(ask, [times // threads] * threads))
    return time.perf_counter() - started


def _compared(name: str, alone: list[float], beside: list[float], note: str) -> Figure:
    before, after = statistics.median(alone), statistics.median(beside)
    worst = statistics.quantiles(beside, n=20)[-1] / statistics.quantiles(alone, n=20)[-1]
    told = f"{before * 1000:.1f} ms alone, {after * 1000:.1f} ms beside; p95 {worst:.1f} x; {note}"
    return Figure(name, after / before, "x", goal=_GOAL, note=told)


def _site(name: str) -> "NewSite":
    from optiq.tenancy import api as tenancy

    return tenancy.create_site(name=name, domains=["shop.example"])


def _fill(port: int, site: "NewSite", events: int) -> str:
    """Sends the sample's events to a site and waits until they are credited; returns their first day."""
    from optiq.kernel.clock import system_clock

    from infra.local.sample.traffic import traffic
    from tests.performance.end_to_end import wait_until_credited
    from tests.performance.messages import SEED, batch_body

    said = traffic(SEED, system_clock())[:events]
    bodies = [batch_body(said[start : start + _BATCH]) for start in range(0, len(said), _BATCH)]
    key = base64.b64encode(f"{site.write_key}:".encode()).decode()
    send(port, "/v1/batch", bodies, {"authorization": f"Basic {key}", "content-type": "application/json"})
    wait_until_credited()
    return str(said[0]["timestamp"][:10])


def _times(port: int, ask: Callable[[HTTPConnection], None]) -> list[float]:
    line = HTTPConnection("127.0.0.1", port, timeout=60)
    times = []
    for _ in range(_SAMPLES):
        started = time.perf_counter()
        ask(line)
        times.append(time.perf_counter() - started)
        time.sleep(_PAUSE_SECONDS)
    line.close()
    return times


def _ask(line: HTTPConnection, method: str, path: str, headers: Mapping[str, str], body: str | None = None) -> None:
    """Raises RuntimeError when the answer is not a success."""
    line.request(method, path, body, dict(headers))
    answer = line.getresponse()
    said = answer.read()
    if answer.status >= 300:
        raise RuntimeError(f"{method} {path} answered {answer.status}: {said[:300]!r}")


@contextmanager
def _heavy(port: int, path: str, headers: Mapping[str, str]) -> Iterator[Callable[[], str]]:
    """Asks for one report again and again, several at once, while the block runs; yields what it did so far."""
    stop, times = threading.Event(), list[float]()

    def ask() -> None:
        line = HTTPConnection("127.0.0.1", port, timeout=120)
        while not stop.is_set():
            started = time.perf_counter()
            _ask(line, "GET", path, headers)
            times.append(time.perf_counter() - started)
        line.close()

    threads = [threading.Thread(target=ask) for _ in range(_HEAVY_AT_ONCE)]
    for thread in threads:
        thread.start()
    try:
        while not times:
            time.sleep(_PAUSE_SECONDS)
        yield lambda: f"{len(times)} of them answered, {statistics.median(times):.2f} s each"
    finally:
        stop.set()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    for figure in measure():
        print(f"{figure.name}: {figure.value:.2f} x (goal {figure.goal}); {figure.note}")
