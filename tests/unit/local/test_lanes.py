"""Requests of one kind or one party do not hold up those of another."""

import asyncio
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from optiq.kernel.errors import LimitExceededError
from optiq.kernel.routes import Route
from optiq.ports import wiring

from infra.local.lanes import Lanes
from infra.local.report_processes import ReportProcesses
from infra.routes import routes
from tests.unit.local.loops import run_apart

COLLECT = Route("POST", "/v1/track", open_because="test", handler="collect")
LIGHT = Route("GET", "/v1/sites", "sites:read", handler="light")
HEAVY = Route("GET", "/v1/report", "reports:read", handler="tests.unit.local.heavy_handlers.echo", heavy=True)
PUBLIC = Route("POST", "/v1/sign-in", open_because="test", handler="light")


class Blocked:
    """Handlers that wait until they are let go, but for the quiet party's."""

    def __init__(self) -> None:
        self.go = threading.Event()

    def __call__(self, handler: str, event: Mapping[str, Any]) -> Any:
        if event["body"] != "quiet":
            self.go.wait()
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


@pytest.mark.parametrize("route", [COLLECT, LIGHT, HEAVY, PUBLIC])
@pytest.mark.parametrize("by", ["organization_id", "user_id", "sourceIp"])
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


def test_a_party_is_refused_when_it_has_too_many_requests_waiting(lanes: Lanes, blocked: Blocked) -> None:
    async def play() -> list[object]:
        loud = [asyncio.create_task(lanes.answer(LIGHT, event("loud"))) for _ in range(200)]
        await asyncio.sleep(0)
        blocked.go.set()
        return await asyncio.gather(*loud, return_exceptions=True)

    refused = [told for told in run_apart(play()) if isinstance(told, LimitExceededError)]
    assert 0 < len(refused) < 200


def test_what_reads_the_lake_is_heavy() -> None:
    assert all(route.heavy for route in routes() if route.handler.startswith("functions.reports."))
    assert {"/v1/sites/{site_id}/journeys", "/v1/sites/{site_id}/dimensions"} <= {r.path for r in routes() if r.heavy}


def test_what_everybody_waits_for_is_not_heavy() -> None:
    assert not [route.key for route in routes() if route.heavy and not route.needs]
