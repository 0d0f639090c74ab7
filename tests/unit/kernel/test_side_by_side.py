"""Requests of several tenants at once: each thread sees its own, and none waits for another."""

import json
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any

import pytest
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import BaseRouter, MiddlewareFrame
from aws_lambda_powertools.event_handler.openapi.params import Body, Header, Query
from optiq.kernel.api_resolver import ManagementResolver, make_resolver, organization_of
from optiq.kernel.errors import ConflictError
from optiq.kernel.http import authorized
from pydantic import BaseModel

from tests.support.callers import by_key_of

_AT_ONCE = 8
_ROUNDS = 20


class Order(BaseModel):
    buyer: str


class Answer(BaseModel):
    seen: list[str]


class Shop:
    """A resolver in whose handlers all requests of a round meet before any of them goes on."""

    def __init__(self) -> None:
        self.app = app = make_resolver("test")
        self.met = threading.Barrier(_AT_ONCE, timeout=120)

        @app.get("/v1/of/{name}", needs="sites:read")
        def read(name: str, q: Annotated[str, Query()], x_name: Annotated[str, Header()]) -> Answer:
            before = self.told()
            self.met.wait()
            return Answer(seen=[name, q, x_name, *before, *self.told()])

        @app.post("/v1/orders", needs="sites:read")
        def order(body: Annotated[Order, Body()]) -> Response[Answer]:
            self.met.wait()
            return Response(200, "application/json", Answer(seen=[body.buyer, *self.told()]), {"x-of": body.buyer})

        @app.delete("/v1/of/{name}", needs="sites:read")
        def refuse(name: str) -> None:
            self.met.wait()
            raise ConflictError(f"{name} {' '.join(self.told())}")

    def told(self) -> list[str]:
        app = self.app
        arguments = [
            value.buyer if isinstance(value, Order) else value for value in app.context["_route_args"].values()
        ]
        return [
            organization_of(app),
            authorized(app.current_event.raw_event)["user_id"],
            *arguments,
            app.lambda_context,
            app.request.method,
        ]


def _request(method: str, name: str) -> dict[str, Any]:
    path = "/v1/orders" if method == "POST" else f"/v1/of/{name}"
    return {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": f"q={name}" if method == "GET" else "",
        "queryStringParameters": {"q": name} if method == "GET" else None,
        "headers": {"x-name": name},
        "requestContext": {
            "http": {"method": method, "path": path},
            "stage": "$default",
            "authorizer": by_key_of(name, user_id=name),
        },
        "body": json.dumps({"buyer": name}),
        "isBase64Encoded": False,
    }


@pytest.fixture(scope="module")
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        yield threads


@pytest.fixture
def eager_switching() -> Iterator[None]:
    """Lets threads interrupt each other almost anywhere."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def _at_once(pool: ThreadPoolExecutor, work: Callable[[int], Any]) -> list[Any]:
    return list(pool.map(work, range(_AT_ONCE)))


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "mixed"])
def test_requests_at_once_see_only_their_own_tenant_when_they_meet_in_the_handler(
    pool: ThreadPoolExecutor, method: str
) -> None:
    shop = Shop()
    methods = ("GET", "POST", "DELETE")

    def ask(tenant: int) -> tuple[str, str, dict[str, Any]]:
        name, verb = f"org_{tenant}", methods[tenant % 3] if method == "mixed" else method
        return name, verb, shop.app.resolve(_request(verb, name), name)

    # GIVEN a tenant a thread WHEN all of them are inside the handler at the same moment
    for _ in range(_ROUNDS):
        # THEN each answer holds its own tenant and no other
        for name, verb, answer in _at_once(pool, ask):
            said = json.loads(answer["body"])
            words = said["detail"].split() if verb == "DELETE" else said["seen"]
            assert answer["statusCode"] == (409 if verb == "DELETE" else 200)
            assert set(words) == {name, verb}


def test_wrong_bodies_at_once_are_each_refused_for_their_own_mistake(pool: ThreadPoolExecutor) -> None:
    app = make_resolver("test")

    @app.post("/v1/numbers", needs="sites:read")
    def numbers(body: Annotated[dict[str, int], Body()]) -> None:
        """Reached by none."""

    def ask(tenant: int) -> tuple[int, str]:
        request = _request("POST", f"org_{tenant}") | {"rawPath": "/v1/numbers"}
        request["requestContext"]["http"]["path"] = "/v1/numbers"
        request["body"] = json.dumps({f"field{tenant}": "no number"})
        return tenant, json.loads(app.resolve(request, None)["body"])["detail"]

    for _ in range(_ROUNDS):
        for tenant, detail in _at_once(pool, ask):
            assert f"field{tenant}" in detail


def test_a_route_is_built_once_when_its_first_requests_come_at_once(
    pool: ThreadPoolExecutor, eager_switching: None
) -> None:
    for _ in range(_ROUNDS):
        shop, ready = Shop(), threading.Barrier(_AT_ONCE, timeout=120)

        def ask(tenant: int, shop: Shop = shop, ready: threading.Barrier = ready) -> int:
            ready.wait()
            return int(shop.app.resolve(_request("POST", f"org_{tenant}"), "")["statusCode"])

        assert _at_once(pool, ask) == [200] * _AT_ONCE
        # Validation of the request, of the response, and the adapter of the handler.
        assert [_depth(route._middleware_stack) for route in shop.app._static_routes] == [3]


def test_a_request_leaves_nothing_in_what_threads_share() -> None:
    # GIVEN a handler that looks at what Powertools keeps while it runs
    app = make_resolver("test")
    shared: list[dict[str, object]] = []

    @app.get("/v1/of/{name}", needs="sites:read")
    def look(name: str, q: Annotated[str, Query()]) -> None:
        shared.append(_shared(app))

    before = _shared(app)
    # WHEN it is called
    app.resolve(_request("GET", "org_1"), "a context")
    # THEN nothing that threads share has changed, inside or afterwards
    assert shared == [before]
    assert _shared(app) == before


def test_an_attribute_of_a_request_is_absent_where_none_is_served(pool: ThreadPoolExecutor) -> None:
    shop = Shop()
    with pytest.raises(AttributeError, match="serves no request"):
        _ = shop.app.current_event
    assert shop.app.context == {}


def _shared(app: ManagementResolver) -> dict[str, object]:
    """Attributes of the resolver and its classes, but for two of the base class that each resolver of ours hides."""
    own = {name: repr(value) for name, value in vars(app).items() if name not in ("of_thread", "_prepared")}
    classes = {
        f"{kind.__name__}.{name}": repr(value)
        for kind in type(app).__mro__
        for name, value in vars(kind).items()
        if not (kind is BaseRouter and name in ("current_event", "lambda_context")) and not name.startswith("__")
    }
    return own | classes


def _depth(stack: object) -> int:
    return 1 + _depth(stack.next_middleware) if isinstance(stack, MiddlewareFrame) else 0
