from typing import Any

import pytest
from optiq.kernel.any_method import by_declared_route
from optiq.kernel.routes import answers

ANSWER = {"statusCode": 200, "headers": {"etag": "x"}, "body": "b3JkZXJz", "isBase64Encoded": True}


@pytest.fixture
def asked() -> list[tuple[str, str, str]]:
    """What the handler got: the route's key twice, and the method."""
    return []


@pytest.fixture
def ask(asked: list[tuple[str, str, str]]) -> Any:
    @answers("GET /orders/{id}", "DELETE /orders/{id}", "GET /own", "HEAD /own", open_because="test")
    @answers("GET /used-up", open_because="test", headless_because="it uses something up")
    def handler(event: Any, _context: object) -> dict[str, Any]:
        request = event["requestContext"]
        asked.append((event["routeKey"], request["routeKey"], request["http"]["method"]))
        return ANSWER

    whole = by_declared_route(handler)
    return lambda method, key: whole(
        {"routeKey": key, "requestContext": {"routeKey": key, "http": {"method": method}}}, None
    )


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("any_method", [True, False])
def test_a_request_has_the_key_of_its_route(ask: Any, asked: list[Any], method: str, any_method: bool) -> None:
    assert ask(method, f"{'ANY' if any_method else method} /orders/{{id}}") == ANSWER
    assert asked == [(f"{method} /orders/{{id}}", f"{method} /orders/{{id}}", method)]


@pytest.mark.parametrize("key", ["ANY /orders/{id}", "HEAD /orders/{id}"])
def test_head_is_answered_as_get_without_the_body(ask: Any, asked: list[Any], key: str) -> None:
    assert ask("HEAD", key) == ANSWER | {"body": "", "isBase64Encoded": False}
    assert asked == [("GET /orders/{id}", "GET /orders/{id}", "GET")]


def test_a_head_of_its_own_is_asked_as_head(ask: Any, asked: list[Any]) -> None:
    assert ask("HEAD", "HEAD /own") == ANSWER
    assert asked == [("HEAD /own", "HEAD /own", "HEAD")]


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [("POST", "/orders/{id}", "DELETE, GET, HEAD"), ("OPTIONS", "/own", "GET, HEAD"), ("HEAD", "/used-up", "GET")],
)
def test_a_method_that_no_route_has_is_refused_with_those_that_are(
    ask: Any, asked: list[Any], method: str, path: str, allow: str
) -> None:
    answer = ask(method, f"ANY {path}")

    assert (answer["statusCode"], answer["headers"]["allow"]) == (405, allow)
    assert not asked


@pytest.mark.parametrize("event", [{"Records": []}, None, {"routeKey": "$default"}])
def test_an_event_that_is_no_request_of_a_route_is_handed_on(event: Any) -> None:
    assert by_declared_route(lambda got, _: got)(event, None) == event
