"""Connections that only wait are ended, and never keep others out."""

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from typing import Any

import pytest
import uvicorn

from infra.local.connections import Guard, GuardedProtocol, Limits
from tests.unit.local.loops import run_apart

REQUEST = b"GET /quick HTTP/1.1\r\nHost: a\r\n\r\n"
LARGE = b"x" * 20_000_000
PATIENCE_SECONDS = 120


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["path"] == "/body":
        while (await receive()).get("more_body"):
            pass
    body = LARGE if scope["path"] == "/large" else b"answered"
    length = (b"content-length", b"%d" % len(body))
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": body})


class Site:
    """A server with a guard, in a thread of its own."""

    def __init__(self, limits: Limits) -> None:
        self.guard = Guard(limits)
        self.listener = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(
            app,
            http=partial(GuardedProtocol, self.guard),  # type: ignore[arg-type]
            ws="none",
            lifespan="off",
            log_config=None,
            timeout_keep_alive=3_600,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=lambda: run_apart(self._server.serve(sockets=[self.listener])), daemon=True
        )
        self._thread.start()

    def connect(self, sent: bytes = b"") -> socket.socket:
        connection = socket.create_connection(self.listener.getsockname(), timeout=PATIENCE_SECONDS)
        connection.sendall(sent)
        return connection

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()
        self.listener.close()


@pytest.fixture
def start() -> Iterator[Callable[..., Site]]:
    with ExitStack() as stack:

        def started(**limits: Any) -> Site:
            site = Site(Limits(**{"look_seconds": 0.05, "log_seconds": 0.0} | limits))
            stack.callback(site.stop)
            return site

        yield started


def everything(connection: socket.socket) -> bytes:
    """What comes until the server ends the connection. Raises TimeoutError when it does not."""
    received = b""
    with connection:
        try:
            while chunk := connection.recv(65_536):
                received += chunk
        except ConnectionResetError:
            pass
    return received


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"G",
        b"GET /quick HTTP/1.1\r\nHost: a\r\nX-Slow: ",
        b"GET /quick HTTP/1.1\r\nHost: a\r\n\r\nGET /quick HT",
        REQUEST * 2,
    ],
)
def test_a_connection_ends_when_its_request_does_not_come(start: Callable[..., Site], sent: bytes) -> None:
    site = start(header_seconds=0.2)
    assert everything(site.connect(sent)).count(b"answered") == sent.count(REQUEST)
    assert site.guard.late == 1


def test_a_connection_ends_when_its_body_does_not_come(start: Callable[..., Site]) -> None:
    site = start(header_seconds=3_600, body_seconds=0.2)
    assert everything(site.connect(b"POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc")) == b""


def test_a_connection_ends_when_the_rest_comes_after_the_answer(start: Callable[..., Site]) -> None:
    # The handler answers without reading; the body's end then must not look like work.
    site = start(header_seconds=0.2)
    with site.connect(b"POST /quick HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n") as connection:
        assert b"200" in connection.recv(1_000)
        connection.sendall(b"abc")
        assert b"" in everything(connection)
    assert site.guard.late == 1


@pytest.mark.parametrize("more", [b"", REQUEST])
def test_a_connection_ends_when_its_client_does_not_read(start: Callable[..., Site], more: bytes) -> None:
    site = start(stalled_seconds=0.2)
    connection = site.connect(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n" + more)
    for _ in range(100 * PATIENCE_SECONDS):
        if site.guard.late:
            break
        time.sleep(0.01)
    assert len(everything(connection)) < len(LARGE)


def test_a_client_that_reads_slowly_gets_all(start: Callable[..., Site]) -> None:
    site = start(stalled_seconds=3_600, header_seconds=0.3)
    connection = site.connect(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
    assert everything(connection).endswith(LARGE)


@pytest.mark.parametrize(
    "half", [b"", b"GET /quick HTTP/1.1\r\n", b"POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n"]
)
def test_half_open_connections_give_way_when_there_are_too_many(start: Callable[..., Site], half: bytes) -> None:
    # GIVEN three times as many half-open connections as there is room
    site = start(connections=20, header_seconds=3_600, body_seconds=3_600)
    with ExitStack() as stack:
        held = [stack.enter_context(site.connect(half)) for _ in range(60)]
        # WHEN others ask THEN all are answered
        for _ in range(5):
            last = REQUEST.replace(b"Host", b"Connection: close\r\nHost")
            assert everything(site.connect(last)).endswith(b"answered")
        # AND those that waited longest have given way
        assert everything(held[0]) == b""
        assert site.guard.displaced >= 40


def test_what_was_ended_is_counted_in_the_log(start: Callable[..., Site], caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        site = start(header_seconds=0.1)
        for connection in [site.connect() for _ in range(3)]:
            everything(connection)
        site.stop()
    assert site.guard.late == 3
    assert "too slow or half open" in caplog.text


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /quick HTTP/1.1\r\n\r\n",
        b"GET /quick HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"POST /body HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc",
        # Two lengths, of which a proxy may have believed the other.
        b"POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        b"GET /quick HTTP/1.1\r\nX-Host: a\r\n\r\n",
        b"GET /quick HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 100_000,
    ],
)
def test_a_request_that_is_not_well_formed_is_refused(start: Callable[..., Site], request_: bytes) -> None:
    assert b"400 Bad Request" in everything(start().connect(request_))


@pytest.mark.parametrize("request_", [b"GET /quick HTTP/1.0\r\n\r\n", REQUEST])
def test_a_request_that_is_well_formed_is_answered(start: Callable[..., Site], request_: bytes) -> None:
    assert everything(start(header_seconds=0.2).connect(request_)).endswith(b"answered")
