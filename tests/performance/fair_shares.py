"""What a quiet tenant waits for its events: alone, beside garbage, and beside tenants that send all they may.

Each figure is a ratio to the same tenant alone, on the same system, just before.
"""

import base64
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from infra.local.system import Running, attach, running_system
from tests.performance.figures import Figure
from tests.performance.senders_apart import EVENTS_A_REQUEST, sending

if TYPE_CHECKING:
    from optiq.tenancy.contracts import NewSite

GOAL = 2.0
GARBAGE = 12_000
_GARBAGE_SECONDS = 12.0
_EVENTS_PER_SECOND = 950
"""Of a site that stays just within its limit."""
_SITES = 4
_PROBES = 30
_PAUSE_SECONDS = 0.3
_LONGEST_SECONDS = 30.0


class Quiet:
    """A tenant that sends an event now and then, and looks until it is counted as stored."""

    def __init__(self, running: Running, site: "NewSite") -> None:
        port = urlsplit(running.url).port or 0
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self._path = f"/v1/sites/{site.site.site_id}/ingest"
        self._bearer = {"authorization": f"Bearer {site.api_key}"}
        basic = base64.b64encode(f"{site.write_key}:".encode()).decode()
        self._basic = {"authorization": f"Basic {basic}", "content-type": "application/json"}
        self._sent = 0

    def waits(self, probes: int) -> list[float]:
        """Seconds from sending an event to seeing it stored, of one after the other, the shortest first."""
        return sorted(self._wait() for _ in range(probes))

    def _wait(self) -> float:
        time.sleep(_PAUSE_SECONDS)
        self._sent += 1
        event = {"event": "Order Completed", "userId": f"u{self._sent}", "properties": {"revenue": 10}}
        started = time.perf_counter()
        self._ask("POST", "/v1/track", self._basic, json.dumps(event).encode())
        while self._ask("GET", self._path, self._bearer)["stored"] < self._sent:
            if time.perf_counter() - started > _LONGEST_SECONDS:
                raise TimeoutError(f"an event was not stored within {_LONGEST_SECONDS:.0f} s")
            time.sleep(0.01)
        return time.perf_counter() - started

    def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes | None = None) -> dict[str, int]:
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        said: dict[str, int] = json.loads(answer.read())
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path} answered {answer.status}: {said}")
        return said


def beside_garbage(probes: int = _PROBES, garbage: int = GARBAGE) -> list[Figure]:
    """H2: requests without a key that anybody may send, from one address."""
    with _system() as (running, quiet):
        alone = quiet.waits(probes)
        rate = garbage / _GARBAGE_SECONDS
        with sending("garbage", urlsplit(running.url).port or 0, rate, _GARBAGE_SECONDS, []) as answers:
            beside = quiet.waits(probes)
        name = f"beside {garbage:,} requests of garbage in {_GARBAGE_SECONDS:.0f} s"
        return _figures(name, alone, beside, _sent(answers))


def beside_busy_tenants(probes: int = _PROBES, events_per_second: int = _EVENTS_PER_SECOND) -> list[Figure]:
    """H6: a tenant just within the limit of its one site, and one that is so on several."""
    with _system() as (running, quiet):
        port, seconds = urlsplit(running.url).port or 0, 600.0
        alone = quiet.waits(probes)
        one, many = (_organization(sites) for sites in (1, _SITES))
        rate = events_per_second / EVENTS_A_REQUEST
        with sending("beacons", port, rate, seconds, one) as by_one:
            beside_one = quiet.waits(probes)
        with sending("beacons", port, rate * _SITES, seconds, many) as by_many:
            beside_many = quiet.waits(probes)
        name = f"{events_per_second} events/s"
        return [
            *_figures(f"beside a tenant with one site at {name}", alone, beside_one, _sent(by_one)),
            *_figures(f"beside a tenant with {_SITES} sites at {name} each", alone, beside_many, _sent(by_many)),
        ]


def _sent(answers: dict[str, int]) -> str:
    return "answers: " + ", ".join(f"{count:,} × {status}" for status, count in sorted(answers.items()))


def _figures(name: str, alone: Sequence[float], beside: Sequence[float], sent: str) -> list[Figure]:
    def figure(part: str, at: Callable[[Sequence[float]], float]) -> Figure:
        note = f"{at(beside) * 1000:.0f} ms; alone {at(alone) * 1000:.0f} ms; {sent}"
        return Figure(f"{name}: event to stored, {part}", at(beside) / at(alone), "x alone", GOAL, note=note)

    return [figure("p50", lambda waits: waits[len(waits) // 2]), figure("p95", lambda w: w[len(w) * 95 // 100])]


@contextmanager
def _system() -> Iterator[tuple[Running, Quiet]]:
    with tempfile.TemporaryDirectory() as folder, running_system(Path(folder)) as running, attach(folder, create=True):
        from optiq.tenancy import api as tenancy

        quiet = Quiet(running, tenancy.create_site(name="Quiet", domains=["quiet.example"]))
        quiet.waits(5)  # warms up: every process has imported what it needs
        yield running, quiet


def _organization(sites: int) -> list[str]:
    """The public keys of the sites of a new organization."""
    from optiq.tenancy import api as tenancy

    first = tenancy.create_site(name="Busy", domains=["busy.example"])
    others = [
        tenancy.create_site(name="Busy", domains=["busy.example"], organization_id=first.site.organization_id)
        for _ in range(sites - 1)
    ]
    return [site.public_key for site in (first, *others)]
