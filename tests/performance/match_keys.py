"""What collect gains in CPU and bytes by consent and match keys: beacons with neither, with consent, with keys.

`python -m tests.performance.match_keys` prints ratios to beacons that say nothing of advertising. Rounds of the
three take turns, and of each request the rounds count in which nobody disturbed it. The sample names and sells to one
visitor in four; a shop to fewer, so there is a mix with a third of them.
"""

import json
import random
import sys
import tempfile
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from unittest.mock import patch

from infra.local.system import attach
from tests.performance.collect import BATCH, Kind, _api_gateway_event
from tests.performance.figures import Figure

Message = dict[str, Any]
SAID = {"ad_user_data": "granted", "ad_personalization": "granted"}
COOKIES = ["_fbp=fb.1.1760000000000.1234567890", "_fbc=fb.1.1760000000000." + "a" * 120, "_ttp=" + "b" * 27]
TRAITS = {"email": "jane.doe@example.com", "phone": "+49 30 1234567", "first_name": "Jane", "last_name": "Doe"}


_MIXES = {"the sample's sales": 1, "a third of them": 3}
_SILENT = "silent"


def measure(rounds: int = 40, batches: int = 8) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder, attach(folder, create=True):
        return [figure for mix, every in _MIXES.items() for figure in _of_mix(mix, every, rounds, batches)]


def _of_mix(mix: str, every: int, rounds: int, batches: int) -> list[Figure]:
    named = _requests(every, batches)
    seconds, events = _turns(named, rounds), batches * BATCH
    written = {name: _written(requests) for name, requests in named.items()}
    figures = []
    for name in named:
        keyed, size = written[name]
        ratio = seconds[name] / seconds[_SILENT]
        note = f"keys of {keyed / events * 1_000:.0f} in 1,000 events"
        micros = seconds[name] / events * 1e6
        title = f"{mix}: {name}"
        figures += [
            Figure(f"{title}: CPU an event", micros, "µs", None, f"{ratio:.3f} x a silent beacon", note),
            Figure(
                f"{title}: stream's bytes an event", size / events, "B", None, f"{size / written[_SILENT][1]:.3f} x"
            ),
        ]
    alone = _capturing_alone(named["consent, feedback on"]) / events
    of_all = f"{alone / (seconds[_SILENT] / events) * 100:.1f} % of a silent beacon's"
    return [*figures, Figure(f"{mix}: CPU an event of the keys alone", alone * 1e6, "µs", None, of_all)]


def _requests(every: int, batches: int) -> dict[str, list[dict[str, Any]]]:
    # Imported late: records read the environment that `attach` sets when they are defined.
    from optiq.kernel.clock import system_clock

    from tests.performance.messages import beacon_body, sessions

    now_ms = system_clock()
    said = _said(sessions(batches * BATCH // 10 + 1, now_ms), every)
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
        _SILENT: requests(_site_key(), {}),
        "consent, feedback off": requests(_site_key(), consent),
        "consent, feedback on": requests(_site_key(feedback=True), consent),
    }


def _said(told: Iterable[list[Message]], every: int) -> list[Message]:
    """Of those who name themselves or buy one in so many does; the others see pages in their place."""
    said, tellers = list[Message](), 0
    for session in told:
        tellers += any(map(_tells, session))
        page = next(one for one in session if one["type"] == "page")
        for one in session:
            view = page | {"messageId": one["messageId"], "timestamp": one["timestamp"]}
            said.append(view if _tells(one) and tellers % every else one)
    return said


def _tells(message: Message) -> bool:
    return message["type"] == "identify" or message.get("event") == "Order Completed"


def _site_key(*, feedback: bool = False) -> str:
    """Of a site of its own, so that none comes near its limit."""
    from optiq.tenancy import api as tenancy

    site = tenancy.create_site(name="Shop", domains=["shop.example"])
    if feedback:
        operator = tenancy.operator(site.site.organization_id)
        tenancy.change_site(operator, site.site.site_id, {"conversion_feedback": "ON"})
    return site.public_key


def _turns(named: dict[str, list[dict[str, Any]]], rounds: int) -> dict[str, float]:
    """The seconds of each kind's requests, each of them the tenth part of its rounds that took least."""
    handle = _handler()
    taken: dict[tuple[str, int], list[float]] = defaultdict(list)
    for _ in range(rounds):
        for name in random.sample(list(named), len(named)):
            for place, request in enumerate(named[name]):
                started = time.process_time()
                answer = handle(request, None)
                taken[name, place].append(time.process_time() - started)
                assert answer["statusCode"] == 202, answer
    least = {which: sorted(seconds)[rounds // 10] for which, seconds in taken.items()}
    return {name: sum(least[name, place] for place in range(len(named[name]))) for name in named}


def _capturing_alone(requests: Sequence[dict[str, Any]]) -> float:
    """The seconds of what a request does for keys alone, again and again: a busy machine disturbs it less."""
    from optiq.collect import api as collect

    keys_of, asked = collect._keys_of, list[Any]()

    def noting(*of: Any) -> Any:
        asked.append(of)
        return keys_of(*of)

    with patch.object(collect, "_keys_of", noting):
        for request in requests:
            _handler()(request, None)
    taken = []
    for _ in range(200):
        started = time.process_time()
        for of in asked:
            deque(keys_of(*of), maxlen=0)
        taken.append(time.process_time() - started)
    return sorted(taken)[len(taken) // 10]


def _written(requests: Sequence[dict[str, Any]]) -> tuple[int, int]:
    """How many records have keys, and how many bytes all have."""
    from optiq.ports import wiring

    stream, handle, seen = wiring.stream(), _handler(), []
    put = stream.put

    def noting(records: Any) -> None:
        seen.extend(records)
        put(records)

    stream.put = noting  # type: ignore[method-assign]
    for request in requests:
        handle(request, None)
    stream.put = put  # type: ignore[method-assign]
    return sum(one.kind == "MatchKeysTaken" for one in seen), sum(len(one.data) for one in seen)


def _handler() -> Callable[[dict[str, Any], object], dict[str, Any]]:
    from functions.collect import beacon

    return beacon.handler


if __name__ == "__main__":
    for figure in measure():
        sys.stdout.write(f"{figure}\n")
