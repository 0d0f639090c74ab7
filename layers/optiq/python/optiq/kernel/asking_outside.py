"""Asks a server that a customer named: at the address that was checked, following nothing, for so long and no longer.

The time-out of a socket begins anew with every byte, so a server that sends one now and then would hold its thread for
hours. Here the connection is ended when the time is up, whatever waits on it.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection

from optiq.kernel.outside_targets import Target

_CONNECT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server said: of the body its beginning; names of headers in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def ask(
    target: Target, method: str, headers: Mapping[str, str], body: bytes | None, *, most_bytes: int, seconds: float
) -> Reply:
    """One request.

    Raises:
        OSError, http.client.HTTPException: there was no answer within the time, or the server is not who it should be.
    """
    host = target.host if target.port in (80, 443) else f"{target.host}:{target.port}"
    with _connected(target, seconds) as (connection, is_over):
        connection.request(method, target.path, body, {"host": host, "user-agent": "Optiq", **headers})
        answer = connection.getresponse()
        if is_over():
            raise TimeoutError("the head of the answer came to no end")
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Reply(answer.status, found, answer.read(most_bytes))


@contextmanager
def _connected(target: Target, seconds: float) -> Iterator[tuple[HTTPConnection, Callable[[], bool]]]:
    """A connection, and whether its time was up."""
    until = time.monotonic() + seconds
    plain = socket.create_connection((str(target.address), target.port), min(_CONNECT_SECONDS, seconds))
    # A second handle of the connection: the first becomes the secure one's while keys are agreed on, which counts too.
    handle = plain.dup()
    over = threading.Event()
    timer = threading.Timer(max(0.0, until - time.monotonic()), _end, (handle, over))
    timer.daemon = True
    timer.start()
    connection = HTTPConnection(target.host, target.port)
    try:
        plain.settimeout(seconds)
        connection.sock = plain if target.scheme == "http" else _secured(plain, target.host)
        yield connection, over.is_set
    finally:
        timer.cancel()
        connection.close()
        plain.close()
        handle.close()


def _secured(plain: socket.socket, host: str) -> ssl.SSLSocket:
    return ssl.create_default_context().wrap_socket(plain, server_hostname=host)


def _end(handle: socket.socket, over: threading.Event) -> None:
    over.set()
    with suppress(OSError):
        handle.shutdown(socket.SHUT_RDWR)
