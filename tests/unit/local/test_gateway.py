"""The gateway, driven as an ASGI application."""

import asyncio
import json
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from optiq.kernel.routes import Route

from functions.collect.segment import PATHS as SEGMENT_PATHS
from infra.local import gateway as gateway_module
from infra.local.bodies import BODY_LIMIT_BYTES, Bodies
from infra.local.gateway import Gateway
from infra.local.routing import Match, Router
from infra.routes import AUTHORIZER, routes, sign_in_paths

TEST_ROUTES = (
    Route("POST", "/b", open_because="test", keyless_because="test", handler="fast"),
    Route("GET", "/v1/sites/{site_id}/conversions/{conversion_id}", "reports:read", handler="slow"),
    Route("POST", "/v1/sites/{site_id}/conversions/{conversion_id}", "reports:read", handler="slow"),
    Route("GET", "/broken", open_because="test", handler="broken"),
)


class Answer:
    def __init__(self, messages: list[dict[str, Any]]) -> None:
        self.status: int = messages[0]["status"]
        self.headers = {name.decode(): value.decode() for name, value in messages[0]["headers"]}
        self.body = b"".join(message.get("body", b"") for message in messages[1:])

    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.chunks_read = 0

    def request(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, chunks: tuple[bytes, ...] = (b"",)
    ) -> Answer:
        sent: list[dict[str, Any]] = []
        left = list(chunks)

        async def receive() -> dict[str, Any]:
            self.chunks_read += 1
            chunk = left.pop(0)
            return {"type": "http.request", "body": chunk, "more_body": bool(left)}

        async def send(message: Any) -> None:
            sent.append(message)

        path, _, query = path.partition("?")
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "http_version": "1.1",
            "client": ("127.0.0.1", 1),
            "headers": [(name.encode(), value.encode()) for name, value in (headers or {}).items()],
        }
        # A thread of its own: the browser's driver leaves an event loop running in the main one.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, self.gateway(scope, receive, send)).result()
        return Answer(sent)


@pytest.fixture
def authorizer_calls() -> list[Any]:
    return []


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, authorizer_calls: list[Any]) -> Iterator[Client]:
    def echo(event: Any, context: object) -> Any:
        return {"statusCode": 202, "headers": {"content-type": "application/json"}, "body": json.dumps(event)}

    def broken(event: Any, context: object) -> Any:
        raise RuntimeError("a bug")

    def authorize(event: Any, context: object) -> Any:
        authorizer_calls.append(event)
        good = event["headers"].get("authorization") == "Bearer good"
        return {"isAuthorized": good, "context": {"organization_id": "org_1"}}

    functions = {"fast": echo, "slow": echo, "broken": broken, AUTHORIZER: authorize}
    monkeypatch.setattr(gateway_module, "load", functions.__getitem__)
    gateway = Gateway(TEST_ROUTES, tmp_path, inline=("fast",))
    yield Client(gateway)
    gateway.close()


@pytest.fixture
def real_client(tmp_path: Path) -> Iterator[Client]:
    """Of all routes there are."""
    gateway = Gateway(routes(), tmp_path)
    yield Client(gateway)
    gateway.close()


CONVERSION = "/v1/sites/site_1/conversions/conv_1"


def test_a_handler_gets_the_request_and_its_answer_goes_out(client: Client) -> None:
    answer = client.request("POST", "/b?x=1", {"content-type": "text/plain"}, (b"he", b"llo"))

    assert answer.status == 202
    assert answer.headers["content-length"] == str(len(answer.body))
    assert answer.json()["body"] == "hello"
    assert answer.json()["queryStringParameters"] == {"x": "1"}


def test_path_parameters_and_the_principal_reach_the_handler(client: Client) -> None:
    event = client.request("GET", CONVERSION, {"authorization": "Bearer good"}).json()

    assert event["pathParameters"] == {"site_id": "site_1", "conversion_id": "conv_1"}
    assert event["routeKey"] == "GET /v1/sites/{site_id}/conversions/{conversion_id}"
    assert event["requestContext"]["authorizer"] == {"lambda": {"organization_id": "org_1"}}


def test_without_a_credential_nothing_is_answered(client: Client) -> None:
    answer = client.request("GET", CONVERSION)
    assert answer.status == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert "session or API key" in answer.json()["detail"]


def test_an_unknown_credential_is_refused(client: Client) -> None:
    assert client.request("GET", CONVERSION, {"authorization": "Bearer bad"}).status == 401


def test_the_authorizer_is_asked_for_every_request(client: Client, authorizer_calls: list[Any]) -> None:
    for credential in ("Bearer good", "Bearer good", "Bearer bad"):
        client.request("GET", CONVERSION, {"authorization": credential})
    assert [call["headers"]["authorization"] for call in authorizer_calls] == [
        "Bearer good",
        "Bearer good",
        "Bearer bad",
    ]


def test_an_unknown_path_is_a_problem(client: Client) -> None:
    answer = client.request("GET", "/nowhere")
    assert (answer.status, answer.json()["status"]) == (404, 404)


@pytest.mark.parametrize("path", ["/b", CONVERSION])
def test_a_wrong_method_names_the_right_ones(client: Client, path: str) -> None:
    answer = client.request("DELETE", path)
    assert answer.status == 405
    assert answer.headers["allow"] == ("POST" if path == "/b" else "GET, HEAD, POST")


def test_a_failing_handler_is_a_500_and_a_log_line(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    answer = client.request("GET", "/broken")
    assert (answer.status, answer.json()["title"]) == (500, "Internal error")
    assert b"a bug" not in answer.body
    assert "a bug" in caplog.text


def test_an_announced_oversize_body_is_not_read(client: Client) -> None:
    answer = client.request("POST", "/b", {"content-length": str(BODY_LIMIT_BYTES + 1)}, (b"x",))
    assert (answer.status, client.chunks_read) == (413, 0)


def test_an_unannounced_oversize_body_is_read_no_further(client: Client) -> None:
    half = b"x" * (BODY_LIMIT_BYTES // 2 + 1)
    answer = client.request("POST", "/b", chunks=(half, half, half, half))
    assert (answer.status, client.chunks_read) == (413, 2)
    assert answer.headers["connection"] == "close"


def test_the_body_of_a_request_without_a_credential_is_not_read(client: Client) -> None:
    answer = client.request("POST", CONVERSION, {"content-length": "999990"}, (b"x" * 10, b"x"))
    assert (answer.status, client.chunks_read) == (401, 0)
    assert answer.headers["connection"] == "close"


def test_a_connection_stays_open_when_a_request_without_a_body_is_refused(client: Client) -> None:
    assert "connection" not in client.request("GET", CONVERSION).headers


def test_the_body_of_an_authorized_request_reaches_its_handler(client: Client) -> None:
    headers = {"authorization": "Bearer good", "content-type": "text/plain", "content-length": "5"}
    assert client.request("POST", CONVERSION, headers, (b"he", b"llo")).json()["body"] == "hello"


def test_a_body_that_gives_way_is_answered_with_when_to_send_it_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client.gateway, "bodies", Bodies(in_all=1_000, of_network=100))
    answer = client.request("POST", "/b", chunks=(b"x" * 101, b"x"))
    assert (answer.status, answer.headers["retry-after"], answer.headers["connection"]) == (503, "1", "close")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "send the request again" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "size", "in_the_loop"),
    [("/b", 10, True), ("/b", 9_000, False), ("/b?k=" + "x" * 9_000, 10, False)],
)
def test_only_a_small_request_is_answered_in_the_event_loop(
    client: Client, monkeypatch: pytest.MonkeyPatch, path: str, size: int, in_the_loop: bool
) -> None:
    threads: list[str] = []

    def handler(_event: Any, _context: object) -> Any:
        threads.append(threading.current_thread().name)
        return {"statusCode": 202}

    monkeypatch.setattr(gateway_module, "load", {"fast": handler}.__getitem__)
    assert client.request("POST", path, {"content-type": "text/plain"}, (b"x" * size,)).status == 202
    (thread,) = threads
    assert thread.startswith("collect") is not in_the_loop


def test_a_preflight_lets_any_page_send(client: Client) -> None:
    answer = client.request(
        "OPTIONS", "/b", {"origin": "https://shop.example", "access-control-request-method": "POST"}
    )
    assert answer.status == 204
    assert answer.headers["allow"] == "POST, OPTIONS"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "content-type" in answer.headers["access-control-allow-headers"]


def _preflight(client: Client, path: str, asked: str) -> set[str]:
    answer = client.request("OPTIONS", path, {"access-control-request-headers": asked})
    assert answer.status == 204
    assert "access-control-allow-credentials" not in answer.headers
    return set(answer.headers["access-control-allow-headers"].split(", "))


@pytest.mark.parametrize("path", ["/v1/batch", "/v1/page", "//v1/batch", "/v1/batch/", "/mp/collect", "/b"])
@pytest.mark.parametrize(
    "asked",
    ["anonymousid,authorization,content-type", "AnonymousId, X-Requested-With", "user-agent", "traceparent, baggage"],
)
def test_a_preflight_allows_what_a_sender_of_events_asks_for(real_client: Client, path: str, asked: str) -> None:
    wanted = {name.strip().lower() for name in asked.split(",")}

    assert _preflight(real_client, path, asked) == {"authorization", "content-type"} | wanted


@pytest.mark.parametrize(
    "asked", ["", "a b", "x\r\nset-cookie: a=b", "é", "x" * 65, ", ".join(f"x{n}" for n in range(500))]
)
def test_a_preflight_allows_no_more_than_names(real_client: Client, asked: str) -> None:
    allowed = _preflight(real_client, "/b", asked)

    assert {"authorization", "content-type"} <= allowed
    assert len(allowed) <= 42
    assert all(name.replace("-", "").isalnum() and len(name) <= 64 for name in allowed)


@pytest.mark.parametrize("path", ["/v1/sites", "/v1/sites/site_1/conversions", "/v1/whoami"])
def test_a_preflight_of_a_guarded_route_is_refused(real_client: Client, path: str) -> None:
    answer = real_client.request("OPTIONS", path, {"origin": "https://shop.example"})

    assert answer.status == 401
    assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("path", ["/v1/sign-in", "/health"])
def test_a_preflight_of_another_open_route_allows_two_headers(real_client: Client, path: str) -> None:
    assert _preflight(real_client, path, "x-anything") == {"authorization", "content-type"}


@pytest.mark.parametrize("path", ["//v1/batch", "/v1/batch/", "//v1//batch//", "/b/", "//b", "//mp/collect/"])
def test_a_slash_too_many_reaches_the_routes_that_collect(path: str) -> None:
    router = Router(routes())

    assert isinstance(router.match("POST", router.tidied(path)), Match)


@pytest.mark.parametrize(
    "path", ["//v1/sites", "/v1/sites/", "/v1/sign-in/", "/", "//", "/nowhere/", "//shop.example/b"]
)
def test_a_slash_too_many_reaches_no_other_route(path: str) -> None:
    assert Router(routes()).tidied(path) == path


@pytest.mark.parametrize("path", ["/shop/../cli.py", "/shop/%2e%2e/cli.py", "/shop/absent.css"])
def test_the_shop_serves_only_its_own_files(client: Client, path: str) -> None:
    assert client.request("GET", path).status == 404


def test_the_shop_page_carries_the_site_key(client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "index.html").write_text('<script data-key="{{SITE_KEY}}"></script>')
    (tmp_path / "run.json").write_text('{"shop_site_key": "pk_sample"}')
    monkeypatch.setattr("infra.local.shop_page.FOLDER", folder)

    assert b'data-key="pk_sample"' in client.request("GET", "/shop/checkout/done").body
    assert b'data-key="pk_other"' in client.request("GET", "/shop/?site=pk_other").body
    assert b'data-key="script"' in client.request("GET", '/shop/?site="><script>').body


def test_without_the_sample_there_is_no_shop_and_the_first_page_is_the_console(client: Client) -> None:
    assert client.request("GET", "/shop/").status == 404
    assert client.request("GET", "/").headers["location"] == "/console"


def test_every_route_is_named_once() -> None:
    keys = [route.key for route in routes()]
    assert len(keys) == len(set(keys))


def test_management_routes_stand_behind_the_authorizer() -> None:
    collecting = {f"/v1/{name}" for name in SEGMENT_PATHS}
    providers = {f"/v1/sign-in/oauth{rest}" for rest in ("", "/{provider}", "/{provider}/callback")}
    opened = {route.path for route in routes() if route.is_open and route.path.startswith("/v1/")}
    assert opened == {*collecting, *sign_in_paths(), *providers, "/v1/shared/query"}


def test_a_forwarded_address_is_a_visitors_and_nobody_elses(client: Client, authorizer_calls: list[Any]) -> None:
    forged = {"x-forwarded-for": "192.0.2.1", "authorization": "Bearer good"}

    managing = client.request("GET", CONVERSION, forged).json()
    sending = client.request("POST", "/b", forged).json()

    judged = authorizer_calls[0]["requestContext"]["http"]["sourceIp"]
    assert (judged, managing["requestContext"]["http"]["sourceIp"]) == ("127.0.0.1", "127.0.0.1")
    # An ingestion token may have an allowlist, so this decides about access on these routes too.
    assert sending["requestContext"]["http"]["sourceIp"] == "127.0.0.1"
    assert sending["requestContext"]["http"]["visitorIp"] == "192.0.2.1"


@pytest.mark.parametrize("reasons", [["the worker does not run"], ["the table does not answer", "events wait"]])
def test_health_says_why_the_system_is_not_ready(
    client: Client, monkeypatch: pytest.MonkeyPatch, reasons: list[str]
) -> None:
    monkeypatch.setattr(client.gateway, "readiness", lambda: reasons)
    answer = client.request("GET", "/health")
    assert (answer.status, answer.json()["detail"]) == (503, "; ".join(reasons))
    assert answer.headers["content-type"] == "application/problem+json"
    # The process is alive all the same.
    assert client.request("GET", "/health/live").json() == {"status": "ok"}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", CONVERSION, 401),
        ("GET", "/nowhere", 404),
        ("PUT", "/b", 405),
        ("HEAD", "/b", 405),
        ("TRACE", "/b", 405),
        ("GET", "/broken", 500),
        ("GET", "/shop/absent.css", 404),
    ],
)
def test_a_refusal_is_never_kept_by_caches(client: Client, method: str, path: str, status: int) -> None:
    answer = client.request(method, path)
    assert (answer.status, answer.headers["cache-control"]) == (status, "no-store")


@pytest.mark.parametrize("path", ["/b", CONVERSION, "/nowhere", "/shop/", "/", "/health/live"])
@pytest.mark.parametrize("scheme", ["https", "http", ""])
def test_every_answer_tells_browsers_what_it_is(client: Client, path: str, scheme: str) -> None:
    answer = client.request("GET", path, {"x-forwarded-proto": scheme} if scheme else {})
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert {"default-src 'none'", "base-uri 'none'"} <= set(answer.headers["content-security-policy"].split("; "))
    assert "frame-ancestors" in answer.headers["content-security-policy"]
    assert ("strict-transport-security" in answer.headers) == (scheme == "https")


@pytest.mark.parametrize("path", [CONVERSION, "/shop/", "/", "/health/live"])
def test_head_is_answered_as_get(client: Client, path: str) -> None:
    sent = {"authorization": "Bearer good"}
    head, get = client.request("HEAD", path, sent), client.request("GET", path, sent)
    assert head.status == get.status
    assert head.headers.keys() == get.headers.keys()


def test_head_does_nothing_that_get_is_asked_for(client: Client) -> None:
    for path in ("/p.gif", "/v1/sign-in/oauth/google/callback"):
        gateway = Gateway(routes(), client.gateway._home)
        assert Client(gateway).request("HEAD", path).status == 405
        gateway.close()


def test_the_shop_runs_no_script_that_is_not_its_own(client: Client) -> None:
    policy = client.request("GET", "/shop/?site=pk_any").headers["content-security-policy"]
    scripts = policy.partition("script-src ")[2].partition(";")[0].split()
    assert scripts[0] == "'self'"
    assert all(word.startswith("'sha256-") for word in scripts[1:])
    assert "default-src 'none'" in policy
