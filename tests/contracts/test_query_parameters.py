"""No management route ignores a query parameter: it would show other figures than were asked for."""

import importlib
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import pytest
from optiq.identity.people import api as people
from optiq.kernel.api_resolver import ManagementResolver
from optiq.kernel.errors import UnauthenticatedError
from optiq.kernel.routes import Route

from infra.local.handlers import load
from infra.routes import routes
from scripts.build_openapi import FILE
from tests.support.callers import by_key_of

PROVIDERS_SEND_BROWSERS_HERE = "GET /v1/sign-in/oauth/{provider}/callback"
MANAGED = [
    route
    for route in routes()
    # A handler without a resolver takes what senders, caches, browsers and monitors add.
    if isinstance(load(route.handler), ManagementResolver) and route.key != PROVIDERS_SEND_BROWSERS_HERE
]
_DOCUMENT = json.loads(FILE.read_text(encoding="utf-8"))


def known(route: Route) -> list[str]:
    """The query parameters that the OpenAPI document tells of."""
    operation = _DOCUMENT["paths"][route.path][route.method.lower()]
    return [each["name"] for each in operation.get("parameters", []) if each.get("in") == "query"]


def ask(route: Route, query: str, method: str = "") -> tuple[int, str]:
    path = route.path.format_map({name: "google" if name == "provider" else f"{name}_1" for name in _names(route.path)})
    module, _, function = route.handler.rpartition(".")
    event = {
        "version": "2.0",
        "routeKey": route.key,
        "rawPath": path,
        "rawQueryString": query,
        "queryStringParameters": dict(parse_qsl(query)),
        "headers": {},
        "requestContext": {
            "http": {"method": method or route.method, "path": path, "sourceIp": "192.0.2.1", "userAgent": ""},
            "stage": "$default",
            "authorizer": by_key_of("org_A", user_id="user_A", role="OWNER"),
        },
        "isBase64Encoded": False,
    }
    answer: dict[str, Any] = getattr(importlib.import_module(module), function)(event, None)
    return answer["statusCode"], json.loads(answer["body"]).get("detail", "") if answer["body"] else ""


def _names(path: str) -> Iterator[str]:
    return (part[1:-1] for part in path.split("/") if part.startswith("{"))


def test_every_route_behind_the_authorizer_refuses_unknown_parameters() -> None:
    assert all(route in MANAGED for route in routes() if not route.is_open)


@pytest.mark.parametrize("route", MANAGED, ids=lambda route: route.key)
@pytest.mark.parametrize("name", ["nonsense", "from_day", "From", "models[]", "%66rom%20"])
def test_an_unknown_parameter_is_named_with_those_that_are_known(route: Route, name: str) -> None:
    status, detail = ask(route, f"{name}=1")

    shown = {"%66rom%20": "from "}.get(name, name)
    assert (status, detail) == (
        400,
        f"{shown}: unknown parameter; this route knows {', '.join(known(route)) or 'none'}",
    )


@pytest.mark.parametrize("route", [route for route in MANAGED if known(route)], ids=lambda route: route.key)
def test_a_parameter_given_twice_is_refused(route: Route) -> None:
    for name in known(route):
        assert ask(route, f"{name}=1&{name}=2") == (400, f"{name}: given more than once; give it once")


def test_several_unknown_parameters_are_all_named() -> None:
    route = next(route for route in routes() if route.path == "/v1/sites/{site_id}/ingest")
    assert ask(route, "form=2026-01-01&too=2026-01-31&from=") == (
        400,
        "form: unknown parameter; too: unknown parameter; this route knows from, to",
    )
    assert ask(route, "=1&" + "x" * 99) == (
        400,
        f"(no name): unknown parameter; {'x' * 40}: unknown parameter; this route knows from, to",
    )


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_other_methods_answer_as_before(method: str) -> None:
    route = next(route for route in routes() if route.path == "/v1/sites")
    assert ask(route, "nonsense=1", method) == (404, "there is no such route")


def test_a_path_that_is_no_route_stays_not_found() -> None:
    route = Route("GET", "/v1/nowhere", needs="reports:read", handler="functions.reports.routes.handler")
    assert ask(route, "nonsense=1") == (404, "there is no such route")


def test_a_provider_may_add_parameters_to_the_callback(monkeypatch: pytest.MonkeyPatch) -> None:
    came: list[str] = []

    def finish(_provider: str, state: str, *_: object) -> None:
        came.append(state)
        raise UnauthenticatedError("no")

    monkeypatch.setattr(people, "finish_provider_sign_in", finish)
    route = next(route for route in routes() if route.path.endswith("/callback"))

    status, _ = ask(route, "state=s1&code=c&scope=a&scope=b&authuser=0&iss=https%3A%2F%2Faccounts.google.com")

    assert (status, came) == (302, ["s1"])
