"""What collect gains in CPU and bytes by consent and match keys: beacons with neither, with consent, with keys.

`python -m tests.performance.match_keys` prints ratios to beacons that say nothing of advertising. Rounds of the three
take turns, and the middle of the rounds' ratios counts, so a busy machine disturbs all alike.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

from infra.local.system import attach
from tests.performance.collect import BATCH, Kind, _api_gateway_event
from tests.performance.figures import Figure

SAID = {"ad_user_data": "granted", "ad_personalization": "granted"}
COOKIES = ["_fbp=fb.1.1760000000000.1234567890", "_fbc=fb.1.1760000000000." + "a" * 120, "_ttp=" + "b" * 27]
TRAITS = {"email": "jane.doe@example.com", "phone": "+49 30 1234567", "first_name": "Jane", "last_name": "Doe"}


def measure(rounds: int = 60, batches: int = 8) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder, attach(folder, create=True):
        named = _requests(batches)
        seconds = _turns(named, rounds)
        written = {name: _bytes_written(requests) for name, requests in named.items()}
        return [
            figure
            for name in named
            for figure in (
                _figure(
                    f"{name}: CPU an event",
                    "µs",
                    [one / (batches * BATCH) * 1e6 for one in seconds[name]],
                    _ratio(seconds, name),
                ),
                _figure(
                    f"{name}: stream's bytes an event",
                    "B",
                    [written[name] / (batches * BATCH)],
                    written[name] / written["silent"],
                ),
            )
        ]


def _figure(name: str, unit: str, values: Sequence[float], ratio: float) -> Figure:
    return Figure(name, min(values), unit, None, f"{ratio:.3f} x a silent beacon")


def _ratio(seconds: dict[str, list[float]], name: str) -> float:
    return median(one / silent for one, silent in zip(seconds[name], seconds["silent"], strict=True))


def _requests(batches: int) -> dict[str, list[dict[str, Any]]]:
    # Imported late: records read the environment that `attach` sets when they are defined.
    from optiq.kernel.clock import system_clock
    from optiq.tenancy import api as tenancy

    from tests.performance.messages import beacon_body, sessions

    off = tenancy.create_site(name="Off", domains=["shop.example"])
    on = tenancy.create_site(name="On", domains=["shop.example"])
    tenancy.change_site(tenancy.operator(on.site.organization_id), on.site.site_id, {"conversion_feedback": "ON"})
    now_ms = system_clock()
    said = [message for session in sessions(batches * BATCH // 10 + 1, now_ms) for message in session]
    groups = [said[start : start + BATCH] for start in range(0, batches * BATCH, BATCH)]

    def requests(key: str, more: dict[str, Any]) -> list[dict[str, Any]]:
        bodies = [json.loads(beacon_body(key, group, now_ms)) | more for group in groups]
        for body in bodies:
            for event in body["events"]:
                if event["kind"] == "identify":
                    event["properties"] = TRAITS
        kind = Kind("", "/b", [], {}, BATCH, None)
        return [_api_gateway_event(kind, json.dumps(body).encode()) for body in bodies]

    consent = {"c": SAID, "m": COOKIES}
    return {
        "silent": requests(off.public_key, {}),
        "consent, feedback off": requests(off.public_key, consent),
        "consent, feedback on": requests(on.public_key, consent),
    }


def _turns(named: dict[str, list[dict[str, Any]]], rounds: int) -> dict[str, list[float]]:
    handle = _handler()
    taken: dict[str, list[float]] = {name: [] for name in named}
    for _ in range(rounds):
        for name, requests in named.items():
            started = time.process_time()
            for request in requests:
                handle(request, None)
            taken[name].append(time.process_time() - started)
    return taken


def _bytes_written(requests: Sequence[dict[str, Any]]) -> int:
    from optiq.ports import wiring

    stream, handle, counted = wiring.stream(), _handler(), 0
    put = stream.put

    def counting(records: Any) -> None:
        nonlocal counted
        counted += sum(len(record.data) for record in records)
        put(records)

    stream.put = counting  # type: ignore[method-assign]
    for request in requests:
        handle(request, None)
    stream.put = put  # type: ignore[method-assign]
    return counted


def _handler() -> Callable[[dict[str, Any], object], dict[str, Any]]:
    from functions.collect import beacon

    return beacon.handler


if __name__ == "__main__":
    for figure in measure():
        sys.stdout.write(f"{figure}\n")
