"""Requests of one kind or one party do not hold up those of another."""

import asyncio
import base64
import gzip
import sys
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from optiq.identity import api as identity
from optiq.kernel.errors import LimitExceededError
from optiq.kernel.routes import Route
from optiq.ports import wiring

from infra.local.http_event import add_body
from infra.local.lanes import SMALL_BYTES, Lanes, is_small
from infra.local.report_processes import ReportProcesses
from infra.routes import routes
from tests.unit.local.loops import run_apart

QUIET = "quiet"
COLLECT = Route("POST", "/v1/track", open_because="test", keyless_because="test", handler="collect")
LIGHT = Route("GET", "/v1/sites", "sites:read", handler="light")
HEAVY = Route("GET", "/v1/report", "reports:read", handler="tests.unit.local.heavy_handlers.echo", heavy=True)
PUBLIC = Route("POST", "/v1/sign-in", open_because="test", keyless_because="test", handler="light")


class Blocked:
    """Handlers that wait until they are let go, but for the quiet party's."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.running = 0
        self._one = threading.Semaphore(0)

    def go_once(self) -> None:
        """Lets one of them go."""
        self._one.release()

    def __call__(self, handler: str, event: Mapping[str, Any]) -> Any:
        if not event["body"].startswith(QUIET):
            self.running += 1
            while not self.go.is_set() and not self._one.acquire(timeout=0.01):
                pass
        return {"statusCode": 200, "isAuthorized": True}


@pytest.fixture
def blocked() -> Iterator[Blocked]:
    handlers = Blocked()
    yield handlers
    handlers.go.set()


@pytest.fixture
def lanes(blocked: Blocked) -> Iterator[Lanes]:
    wiring.platform_secret()  # a process that joins finds it there
    made = Lanes(blocked, ("collect",), ReportProcesses(imports=()))
    yield made
    blocked.go.set()
    made.close()


def event(party: str, *, by: str = "organization_id", body: str = "") -> dict[str, Any]:
    authorizer = {} if by == "sourceIp" else {"authorizer": {"lambda": {by: party}}}
    context = {"requestId": "1", "http": {"sourceIp": party}, **authorizer}
    return {"requestContext": context, "routeKey": "x", "body": body}


@pytest.mark.parametrize("route", [COLLECT, LIGHT, HEAVY])
@pytest.mark.parametrize("by", ["organization_id", "user_id"])
def test_a_party_with_many_requests_leaves_room_for_another(
    lanes: Lanes, blocked: Blocked, route: Route, by: str
) -> None:
    async def play() -> int:
        # GIVEN one party's light requests, more than there are threads
        loud = [asyncio.create_task(lanes.answer(LIGHT, event("loud", by=by))) for _ in range(50)]
        await asyncio.sleep(0)
        # WHEN another's request of any kind comes, with its authorization
        await lanes.authorize(event("quiet", by=by, body="quiet"))
        answer = await lanes.answer(route, event("quiet", by=by, body="quiet"))
        # THEN it is answered while all of the others wait
        assert not any(task.done() for task in loud)
        blocked.go.set()
        await asyncio.gather(*loud)
        return answer.status

    assert run_apart(play()) in (200, 201)


@pytest.mark.parametrize("others", ["203.0.113.{}", "203.{}.113.7", "2001:db8:0:{:x}::1"])
def test_strangers_of_many_addresses_leave_room_for_who_is_signed_in(
    lanes: Lanes, blocked: Blocked, others: str
) -> None:
    async def play() -> tuple[int, int]:
        # GIVEN requests to open routes from 200 addresses, of one network or of many
        strangers = [event(others.format(number), by="sourceIp") for number in range(200)]
        loud = [asyncio.create_task(lanes.answer(PUBLIC, one)) for one in strangers]
        await asyncio.sleep(0)
        # WHEN somebody signed in asks
        quiet = event("quiet", body="quiet")
        quiet["requestContext"]["http"]["sourceIp"] = "198.51.100.1"
        answer = await asyncio.wait_for(lanes.answer(LIGHT, quiet), 60)
        # THEN it is answered while all of the others wait
        waiting = sum(not task.done() for task in loud)
        blocked.go.set()
        await asyncio.gather(*loud, return_exceptions=True)
        return answer.status, waiting

    status, waiting = run_apart(play())
    assert status == 200
    assert waiting > 100


@pytest.mark.parametrize("same_network", [True, False])
def test_a_networks_made_up_sessions_leave_room_for_another_networks(
    lanes: Lanes, blocked: Blocked, same_network: bool
) -> None:
    async def play() -> bool:
        made_up = [
            asyncio.create_task(lanes.authorize(event(f"203.0.113.{number % 2}", by="sourceIp")))
            for number in range(50)
        ]
        await asyncio.sleep(0)
        address = "203.0.113.9" if same_network else "198.51.100.1"
        judged = asyncio.create_task(lanes.authorize(event(address, by="sourceIp", body="quiet")))
        answered, _ = await asyncio.wait([judged], timeout=0.5 if same_network else 60)
        blocked.go.set()
        await asyncio.gather(*made_up, judged)
        return bool(answered)

    assert run_apart(play()) is not same_network


def test_a_party_is_refused_when_it_has_too_many_requests_waiting(lanes: Lanes, blocked: Blocked) -> None:
    async def play() -> list[object]:
        loud = [asyncio.create_task(lanes.answer(LIGHT, event("loud"))) for _ in range(200)]
        await asyncio.sleep(0)
        blocked.go.set()
        return await asyncio.gather(*loud, return_exceptions=True)

    refused = [told for told in run_apart(play()) if isinstance(told, LimitExceededError)]
    assert 0 < len(refused) < 200


LARGE = "x" * (SMALL_BYTES + 1)
TOKEN = "wk_" + "a" * 32


def posted(network: str, *, body: str = "", key: str = "", **headers: str) -> dict[str, Any]:
    """A request that takes events in."""
    found = event(network, by="sourceIp", body=body)
    basic = {"authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()} if key else {}
    return found | {"headers": basic | {name.replace("_", "-"): value for name, value in headers.items()}}


async def _flood(lanes: Lanes, event: Mapping[str, Any], count: int) -> list[asyncio.Task[Any]]:
    tasks = [asyncio.create_task(lanes.answer(COLLECT, event)) for _ in range(count)]
    await asyncio.sleep(0)
    return tasks


@pytest.mark.parametrize(
    "flood",
    [
        {"body": LARGE},
        {"body": "small"},
    ],
    ids=["large", "small"],
)
@pytest.mark.parametrize("quiet", ["", LARGE], ids=["small", "large"])
def test_a_senders_many_events_leave_room_for_anothers(
    lanes: Lanes, blocked: Blocked, flood: dict[str, str], quiet: str
) -> None:
    async def play() -> int:
        # GIVEN one sender's requests, more than there are threads
        loud = await _flood(lanes, posted("203.0.113.7", **flood), 20)
        # WHEN another sends
        answer = await asyncio.wait_for(lanes.answer(COLLECT, posted("198.51.100.1", body=QUIET + quiet)), 60)
        # THEN it is answered while all of the others wait
        assert not any(task.done() for task in loud)
        blocked.go.set()
        await asyncio.gather(*loud)
        return answer.status

    assert run_apart(play()) == 200


def test_organizations_of_one_network_take_turns_when_their_keys_are_known(
    lanes: Lanes, blocked: Blocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {TOKEN: "org_quiet", TOKEN[::-1]: "org_loud"}
    monkeypatch.setattr(identity, "known_organization", lambda key, _ip: known.get(key, ""))

    async def play() -> list[bool]:
        loud = await _flood(lanes, posted("203.0.113.7", body=LARGE, key=TOKEN[::-1]), 20)
        unknown = await _flood(lanes, posted("203.0.113.7", body=LARGE, key="wk_unknown"), 20)
        quiet = posted("203.0.113.7", body=QUIET + LARGE, key=TOKEN)
        asked = asyncio.create_task(lanes.answer(COLLECT, quiet))
        # All places are taken, so it waits for one or two of them.
        waiting = {asked, *loud, *unknown}
        while not asked.done():
            blocked.go_once()
            _, waiting = await asyncio.wait(waiting, timeout=60, return_when=asyncio.FIRST_COMPLETED)
        blocked.go.set()
        done = [task.done() for task in (*loud, *unknown)]
        await asyncio.gather(*loud, *unknown)
        return done

    assert sum(run_apart(play())) < 6


def test_a_sender_with_too_many_large_requests_waiting_is_told_when_to_send_again(
    lanes: Lanes, blocked: Blocked
) -> None:
    async def play() -> list[object]:
        loud = await _flood(lanes, posted("203.0.113.7", body=LARGE), 100)
        blocked.go.set()
        return await asyncio.gather(*loud, return_exceptions=True)

    refused = [one for one in run_apart(play()) if isinstance(one, LimitExceededError)]
    assert 30 < len(refused) < 90
    assert {one.retry_after_seconds for one in refused} == {2}


@pytest.mark.parametrize(
    ("body", "small"),
    [
        (b"x" * SMALL_BYTES, True),
        (b"x" * (SMALL_BYTES + 1), False),
        (gzip.compress(b"x" * SMALL_BYTES), True),
        (gzip.compress(b"x" * (SMALL_BYTES + 1)), False),
        (gzip.compress(b"x" * (SMALL_BYTES + 1))[:-6], False),
        (b"\x1f\x8b no gzip", True),
    ],
    ids=["small", "large", "compressed", "inflates to much", "inflates to much, cut off", "no gzip"],
)
def test_a_request_is_large_by_what_it_inflates_to_whatever_it_says_it_is(body: bytes, small: bool) -> None:
    for headers in ({"content_type": "application/json"}, {"content_type": "text/plain"}):
        made = posted("203.0.113.7", **headers)
        add_body(made, body)
        assert is_small(made) is small


def test_the_interpreter_is_handed_over_sooner_while_a_large_request_runs(lanes: Lanes, blocked: Blocked) -> None:
    async def play() -> tuple[float, float, float]:
        before = sys.getswitchinterval()
        loud = await _flood(lanes, posted("203.0.113.7", body=LARGE), 3)
        while not blocked.running:
            await asyncio.sleep(0.001)
        meanwhile = sys.getswitchinterval()
        blocked.go.set()
        await asyncio.gather(*loud)
        return before, meanwhile, sys.getswitchinterval()

    before, meanwhile, after = run_apart(play())
    assert meanwhile < before == after


def _of_reports(route: Route) -> bool:
    return route.handler.startswith("functions.reports.")


def test_what_reads_the_lake_is_heavy() -> None:
    of_sites = [route for route in routes() if "{site_id}" in route.path]
    light = {route.path.split("{site_id}/")[1] for route in of_sites if _of_reports(route) and not route.heavy}
    # The table answers these; what a shop reports is written to the lake and not read.
    assert light == {"overview", "forecast", "questions/catalogue", "shop-totals", "views", "views/{view_id}"}
    assert {"/v1/sites/{site_id}/journeys", "/v1/sites/{site_id}/dimensions"} <= {r.path for r in routes() if r.heavy}


def test_what_everybody_waits_for_is_not_heavy() -> None:
    # What a share link shows is read from the lake, and so is what handlers cost, for the operator.
    heavy = {route.key for route in routes() if route.heavy and not route.needs}
    assert heavy == {"POST /v1/shared/query", "GET /v1/operator/metrics"}
