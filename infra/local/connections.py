"""The gateway's connections: those that only wait are ended in time, and at once when another needs the room.

A request takes a connection's place from its last byte until its answer; before that the connection waits for its
client. uvicorn itself ends connections that stay idle between requests.
"""

import asyncio
import logging
import resource
from dataclasses import dataclass
from typing import Any, Literal

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_LOG = logging.getLogger(__name__)
_KEPT_FILES = 256
"""For the log, the table's connections, report processes and what else the process opens."""
_MOST_FILES = 65_536
_MOST_CONNECTIONS = 4_000
_FEWEST_CONNECTIONS = 64


@dataclass(frozen=True, slots=True)
class Limits:
    """
    Attributes:
        connections: how many there may be at once.
        header_bytes: how long a request's line and headers may be.
        header_seconds: how long they may take.
        body_seconds: how long a whole request may take.
        stalled_seconds: how long a client may read nothing of an answer.
        look_seconds: how often connections are looked at.
        log_seconds: how long apart the lines are that count what was ended.
    """

    connections: int = _MOST_CONNECTIONS
    header_bytes: int = 64 * 1024
    header_seconds: float = 10.0
    body_seconds: float = 60.0
    stalled_seconds: float = 30.0
    look_seconds: float = 1.0
    log_seconds: float = 60.0


def raise_file_limit() -> int:
    """Lets this process open as many files as it may; returns how many connections leave room for the rest."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
        except (OSError, ValueError):
            _LOG.warning("the limit of open files stays at %d", soft)
    return max(_FEWEST_CONNECTIONS, min(_MOST_CONNECTIONS, soft - _KEPT_FILES))


class Guard:
    """Watches the connections of one server."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.late = 0
        self.displaced = 0
        self._all: set[GuardedProtocol] = set()
        # Those that wait for their client and since when, the longest first.
        self._waiting: dict[GuardedProtocol, float] = {}
        self._looks = False
        self._logged = float("-inf")
        self._counted = 0

    def opened(self, connection: "GuardedProtocol") -> None:
        if not self._looks:
            self._looks = True
            connection.loop.call_later(self.limits.look_seconds, self._look, connection.loop)
        self._all.add(connection)
        if len(self._all) > self.limits.connections:
            # When all others work, the newcomer finds no room.
            self.displaced += 1
            self._end(next(iter(self._waiting), connection))
        if connection in self._all:
            self.waits(connection)

    def waits(self, connection: "GuardedProtocol") -> None:
        self._waiting[connection] = connection.loop.time()

    def works(self, connection: "GuardedProtocol") -> None:
        self._waiting.pop(connection, None)

    def closed(self, connection: "GuardedProtocol") -> None:
        self._all.discard(connection)
        self._waiting.pop(connection, None)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for connection in [found for found in self._all if self._is_late(found, now)]:
            self.late += 1
            self._end(connection)
        self._log(now)
        self._looks = bool(self._all)
        if self._looks:
            loop.call_later(self.limits.look_seconds, self._look, loop)

    def _is_late(self, connection: "GuardedProtocol", now: float) -> bool:
        stalled = connection.stalled_seconds(now)
        if stalled is not None:
            return stalled > self.limits.stalled_seconds
        since = self._waiting.get(connection, now)
        whole = connection.part == "body"
        return now - since > (self.limits.body_seconds if whole else self.limits.header_seconds)

    def _end(self, connection: "GuardedProtocol") -> None:
        self.closed(connection)
        connection.transport.abort()

    def _log(self, now: float) -> None:
        ended = self.late + self.displaced
        if ended > self._counted and now - self._logged >= self.limits.log_seconds:
            _LOG.warning(
                "ended %d connections since the start: %d too slow or half open, %d to make room; %d are open",
                *(ended, self.late, self.displaced, len(self._all)),
            )
            self._logged, self._counted = now, ended


class GuardedProtocol(HttpToolsProtocol):
    """One connection. `part` is what of a request is awaited next."""

    part: Literal["headers", "body"]

    def __init__(self, guard: Guard, **options: Any) -> None:
        super().__init__(**options)
        self._guard = guard
        self._unsent = 0
        self._unsent_since = 0.0
        self._header_bytes = 0
        self.part = "headers"

    def stalled_seconds(self, now: float) -> float | None:
        """For how long the client has read nothing of what waits for it; None when nothing does."""
        unsent = self.transport.get_write_buffer_size()
        if self._unsent == 0 or unsent < self._unsent:
            self._unsent_since = now
        self._unsent = unsent
        return now - self._unsent_since if unsent else None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._guard.opened(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._guard.closed(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.part == "headers":
            self._header_bytes += len(data)
        super().data_received(data)
        if self.part == "headers" and self._header_bytes > self._guard.limits.header_bytes:
            self.send_400_response("The headers are too long.")

    def on_headers_complete(self) -> None:
        """Raises ValueError, answered as a bad request, where the address asked for is missing or ambiguous."""
        hosts = [name for name, _ in self.headers].count(b"host")
        if hosts > 1 or (hosts == 0 and self.parser.get_http_version() == "1.1"):
            raise ValueError("one Host header is needed")
        self.part = "body"
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self.part, self._header_bytes = "headers", 0
        # An answer may be complete before the rest of its request has come.
        if not self.cycle.response_complete:
            self._guard.works(self)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        if not self.pipeline and not self.transport.is_closing():
            self._guard.waits(self)
        super().on_response_complete()
