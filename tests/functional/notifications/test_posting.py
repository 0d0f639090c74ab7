"""What goes over the wire to a receiver that a customer named, and what its answers mean."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from pathlib import Path

import pytest
from optiq.kernel.outside_targets import Target
from optiq.notifications.sending.posting import post

from infra.local.loopback import Answering, bound, serving
from tests.support.certificates import trusted_server

LOOPBACK = ip_address("127.0.0.1")


@dataclass
class Receiver:
    """A customer's server. `answer` writes an answer to each request."""

    port: int = 0
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    answer: Callable[[BaseHTTPRequestHandler], None] = lambda handler: _answer(handler, 200, b"thanks")

    def target(self, scheme: str = "http", host: str = "hooks.example.com", path: str = "/hook?a=b") -> Target:
        return Target(scheme, host, self.port, path, LOOPBACK)


def _answer(handler: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("content-length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def start() -> Iterator[Callable[..., Receiver]]:
    running = ExitStack()

    def started(context: ssl.SSLContext | None = None) -> Receiver:
        receiver = Receiver()

        class Handler(Answering):
            def answer(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.requests.append((self.path, self.read_headers, body))
                receiver.answer(self)

        http = bound(Handler)
        if context:
            http.socket = context.wrap_socket(http.socket, server_side=True)
        running.enter_context(serving(http))
        receiver.port = http.server_port
        return receiver

    with running:
        yield started


def test_a_receiver_gets_the_body_and_the_headers(start: Callable[..., Receiver]) -> None:
    receiver = start()

    answer = post(receiver.target(), b'{"a":1}', {"webhook-id": "msg_1"})

    ((path, headers, body),) = receiver.requests
    assert (answer.status, answer.text) == (200, "thanks")
    assert (path, body) == ("/hook?a=b", b'{"a":1}')
    assert headers["host"] == f"hooks.example.com:{receiver.port}"
    assert headers["webhook-id"] == "msg_1"
    assert headers["content-type"] == "application/json"


def test_nothing_follows_a_redirect(start: Callable[..., Receiver]) -> None:
    receiver, inside = start(), start()
    receiver.answer = lambda handler: _answer(handler, 307, b"", location=f"http://127.0.0.1:{inside.port}/")

    assert post(receiver.target(), b"{}", {}).status == 307
    assert not inside.requests


def test_an_answer_says_how_long_to_wait_and_is_read_in_part(start: Callable[..., Receiver]) -> None:
    receiver = start()
    receiver.answer = lambda handler: _answer(handler, 429, b"x" * 100_000, retry_after="30")

    answer = post(receiver.target(), b"{}", {})

    assert (answer.status, answer.retry_after, len(answer.text)) == (429, "30", 4_096)


def test_a_dropped_connection_is_no_answer(start: Callable[..., Receiver]) -> None:
    receiver = start()
    receiver.answer = lambda handler: handler.connection.close()

    assert post(receiver.target(), b"{}", {}).status == 0


def test_a_port_where_nobody_listens_is_no_answer() -> None:
    answer = post(Target("http", "hooks.example.com", 1, "/", LOOPBACK), b"{}", {})

    assert answer.status == 0
    assert "no answer" in answer.text


@pytest.fixture
def secure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    return trusted_server("hooks.example.com", tmp_path, monkeypatch)


def test_the_checked_address_has_to_prove_its_name(start: Callable[..., Receiver], secure: ssl.SSLContext) -> None:
    receiver = start(secure)

    assert post(receiver.target("https"), b"{}", {}).status == 200
    assert post(receiver.target("https", host="other.example.com"), b"{}", {}).status == 0
    assert len(receiver.requests) == 1


def test_a_certificate_that_nobody_vouches_for_is_no_answer(
    start: Callable[..., Receiver], secure: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver = start(secure)
    monkeypatch.delenv("SSL_CERT_FILE")

    assert post(receiver.target("https"), b"{}", {}).status == 0
