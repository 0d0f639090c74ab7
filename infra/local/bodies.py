"""The bodies of requests as they come in: bounded for each request, for each network and in all.

Whoever sends slowly gives way: where a bound is reached, the body that began first is given up, of the network that is
at its bound or else of the one that has most. So nobody's unfinished requests keep those of others out.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from optiq.kernel.errors import TooLargeError, UpstreamError

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

BODY_LIMIT_BYTES = 1_000_000
_MOST_BYTES = 64 * 1024 * 1024
_MOST_OF_NETWORK_BYTES = 16 * 1024 * 1024


class Disconnected(Exception):  # noqa: N818 - an outcome
    """The client left before its request was complete."""


@dataclass(eq=False, slots=True)
class _Unfinished:
    network: str
    task: asyncio.Task[Any]
    chunks: list[bytes] = field(default_factory=list)
    size: int = 0
    gave_way: bool = False


class Bodies:
    """For one event loop.

    Args:
        in_all: how many bytes of unfinished bodies there may be.
        of_network: and how many of one network, at least a body.
    """

    def __init__(self, in_all: int = _MOST_BYTES, of_network: int = _MOST_OF_NETWORK_BYTES) -> None:
        self._in_all = in_all
        self._of_network = of_network
        # In the order in which they began.
        self._unfinished: dict[str, dict[_Unfinished, None]] = {}
        self._bytes: Counter[str] = Counter()

    @property
    def unfinished_bytes(self) -> int:
        return self._bytes.total()

    async def read(self, headers: list[tuple[bytes, bytes]], receive: Receive, network: str) -> bytes:
        """The body of a request.

        Raises:
            TooLargeError: it is larger than a body may be; it was not read on.
            UpstreamError: it gave way to others; it may be sent again.
            Disconnected: its client left.
        """
        if any(name == b"content-length" and int(value) > BODY_LIMIT_BYTES for name, value in headers):
            raise _too_large()
        message = await receive()
        if message["type"] != "http.disconnect" and not message.get("more_body"):
            return _chunk(message, 0)
        task = asyncio.current_task()
        assert task is not None, "a body is read in a task"
        body = _Unfinished(network, task)
        self._unfinished.setdefault(network, {})[body] = None
        try:
            return await self._rest(body, message, receive)
        except asyncio.CancelledError:
            if not body.gave_way or task.uncancel():
                raise
            raise _gave_way() from None
        finally:
            self._forget(body)

    async def _rest(self, body: _Unfinished, message: Mapping[str, Any], receive: Receive) -> bytes:
        while True:
            if message["type"] == "http.disconnect":
                raise Disconnected
            chunk = _chunk(message, body.size)
            body.chunks.append(chunk)
            body.size += len(chunk)
            self._bytes[body.network] += len(chunk)
            if not message.get("more_body"):
                return b"".join(body.chunks)
            self._make_room(body)
            message = await receive()

    def _make_room(self, newest: _Unfinished) -> None:
        """Raises UpstreamError when the body itself gives way."""
        while self._bytes[newest.network] > self._of_network:
            self._give_up(newest.network, newest)
        while self.unfinished_bytes > self._in_all:
            self._give_up(max(self._bytes, key=self._bytes.__getitem__), newest)

    def _give_up(self, network: str, newest: _Unfinished) -> None:
        body = next(iter(self._unfinished[network]))
        self._forget(body)
        if body is newest:
            raise _gave_way()
        body.gave_way = True
        body.task.cancel()

    def _forget(self, body: _Unfinished) -> None:
        of_network = self._unfinished.get(body.network, {})
        if body not in of_network:
            return
        del of_network[body]
        self._bytes[body.network] -= body.size
        body.chunks.clear()
        if not of_network:
            del self._unfinished[body.network], self._bytes[body.network]


def _chunk(message: Mapping[str, Any], before: int) -> bytes:
    """Raises TooLargeError when it makes the body larger than one may be."""
    chunk: bytes = message.get("body", b"")
    if before + len(chunk) > BODY_LIMIT_BYTES:
        raise _too_large()
    return chunk


def _too_large() -> TooLargeError:
    return TooLargeError(f"the body is larger than {BODY_LIMIT_BYTES} bytes")


def _gave_way() -> UpstreamError:
    return UpstreamError("too much is being sent at once: send the request again, in one go", retryable=True)
