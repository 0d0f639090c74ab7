"""A sender of large requests that are refused waits before another is read; nobody else does."""

import base64
import gzip
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import pytest
from optiq.kernel.errors import LimitExceededError
from optiq.kernel.limits import Buckets
from optiq.kernel.routes import Route
from optiq.ports import wiring

from infra.local.lanes import SMALL_BYTES, Lanes
from infra.local.refused import RefusedBytes
from infra.local.report_processes import ReportProcesses
from tests.unit.local.loops import run_apart

COLLECT = Route("POST", "/b", open_because="test", keyless_because="test", handler="collect")
OTHER = Route("POST", "/v1/sign-in", open_because="test", keyless_because="test", handler="other")
LARGE = "x" * 500_000


class Handlers:
    """Answers with a status, and counts what it had to read."""

    def __init__(self) -> None:
        self.status = 400
        self.read: list[str] = []

    def __call__(self, _handler: str, event: Mapping[str, Any]) -> Any:
        self.read.append(event["requestContext"]["http"]["sourceIp"])
        return {"statusCode": self.status}


@pytest.fixture
def handlers() -> Handlers:
    return Handlers()


@pytest.fixture
def lanes(handlers: Handlers) -> Iterator[Lanes]:
    wiring.platform_secret()
    made = Lanes(handlers, ("collect",), ReportProcesses(imports=()))
    yield made
    made.close()


def event(address: str, body: str = LARGE) -> dict[str, Any]:
    context = {"requestId": "1", "http": {"sourceIp": address}}
    return {"requestContext": context, "routeKey": "x", "body": body, "headers": {}}


def _flood(lanes: Lanes, address: str, requests: int) -> list[int]:
    """What requests got, one after the other."""

    async def play() -> list[int]:
        got = []
        for _ in range(requests):
            try:
                got.append((await lanes.answer(COLLECT, event(address))).status)
            except LimitExceededError:
                got.append(429)
        return got

    return run_apart(play())


def test_flood_of_what_is_refused_is_read_no_further(lanes: Lanes, handlers: Handlers) -> None:
    got = _flood(lanes, "192.0.2.1", 40)

    assert got[:4] == [400] * 4
    assert got[10:] == [429] * 30
    assert len(handlers.read) < 10


def test_what_is_compressed_counts_for_more_than_its_bytes(lanes: Lanes, handlers: Handlers) -> None:
    packed = base64.b64encode(gzip.compress(b"x" * 100_000)).decode()
    asked = event("192.0.2.1", packed) | {"isBase64Encoded": True}

    async def play() -> None:
        for _ in range(40):
            with suppress(LimitExceededError):
                await lanes.answer(COLLECT, asked)

    run_apart(play())
    assert len(handlers.read) < 10


def test_flood_makes_no_other_network_wait(lanes: Lanes) -> None:
    _flood(lanes, "192.0.2.1", 40)

    assert _flood(lanes, "198.51.100.1", 1) == [400]


def test_sender_that_waits_may_send_small_requests(lanes: Lanes) -> None:
    _flood(lanes, "192.0.2.1", 40)

    assert run_apart(lanes.answer(COLLECT, event("192.0.2.1", "small"))).status == 400


def test_accepted_requests_make_nobody_wait(lanes: Lanes, handlers: Handlers) -> None:
    handlers.status = 202

    assert _flood(lanes, "192.0.2.1", 40) == [202] * 40


def test_body_of_a_sender_that_waits_is_not_read(lanes: Lanes) -> None:
    _flood(lanes, "192.0.2.1", 40)
    waiting = event("192.0.2.1", "")

    with pytest.raises(LimitExceededError):
        lanes.check_large(COLLECT, waiting, SMALL_BYTES + 1)
    lanes.check_large(COLLECT, waiting, SMALL_BYTES)
    lanes.check_large(OTHER, waiting, SMALL_BYTES + 1)
    lanes.check_large(COLLECT, event("198.51.100.1", ""), SMALL_BYTES + 1)


def test_wait_ends() -> None:
    now = [0.0]
    refused = RefusedBytes(Buckets(100, 1_000, lambda: now[0]))
    refused.note("a", 400, 1_500)
    with pytest.raises(LimitExceededError) as limit:
        refused.check("a")
    assert limit.value.retry_after_seconds == 6

    now[0] = 5.1
    refused.check("a")
