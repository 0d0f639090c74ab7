"""A server that a customer named takes no thread for longer than it may, however it answers."""

import socket
import threading
from collections.abc import Callable, Iterator
from http.client import HTTPException
from ipaddress import ip_address

import pytest
from optiq.kernel.asking_outside import ask
from optiq.kernel.outside_targets import Target, target_of

HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\nx-a: b\r\n\r\n"


class Dripping:
    """Sends a beginning at once, and then a byte now and then, for as long as the other side stays."""

    def __init__(self, beginning: bytes) -> None:
        self._beginning = beginning
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.left = threading.Event()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def target(self, scheme: str = "http") -> Target:
        return Target(scheme, "slow.example", self._listener.getsockname()[1], "/", ip_address("127.0.0.1"))

    def _serve(self) -> None:
        with self._listener, self._listener.accept()[0] as connection:
            try:
                connection.sendall(self._beginning)
                while not self.left.wait(0.02):
                    connection.sendall(b"a")
            except OSError:
                self.left.set()


@pytest.fixture
def dripping() -> Iterator[Callable[[bytes], Dripping]]:
    servers: list[Dripping] = []

    def start(beginning: bytes) -> Dripping:
        servers.append(Dripping(beginning))
        return servers[-1]

    yield start
    for server in servers:
        server.left.set()
        server.thread.join(20)


@pytest.mark.parametrize(
    ("scheme", "beginning"),
    [("http", b""), ("http", b"HTTP/1.1 200 OK\r\nx-a: "), ("https", b""), ("https", b"\x16\x03\x03\x40\x00")],
)
def test_a_server_that_comes_to_no_end_is_no_answer(
    dripping: Callable[[bytes], Dripping], scheme: str, beginning: bytes
) -> None:
    server = dripping(beginning)

    with pytest.raises((OSError, HTTPException)):
        ask(server.target(scheme), "GET", {}, None, most_bytes=64, seconds=0.5)

    assert server.left.wait(20)


def test_of_a_body_without_end_the_beginning_is_read(dripping: Callable[[bytes], Dripping]) -> None:
    server = dripping(HEAD)

    reply = ask(server.target(), "POST", {"x-b": "c"}, b"{}", most_bytes=64, seconds=20)
    assert (reply.status, reply.headers["x-a"], reply.body) == (200, "b", b"a" * 64)
    assert server.left.wait(20)


def test_a_text_that_can_be_no_name_has_no_address() -> None:
    for host in ("a..b", "x" * 64 + ".example"):
        with pytest.raises(OSError, match="name"):
            target_of(f"https://{host}/")
