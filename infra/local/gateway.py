"""The HTTP API on one machine: requests become API Gateway events, handlers are called, answers go out.

A bare ASGI application. Collection is handled in the event loop, because handing a request to a thread costs as
much as the handler; its answer waits until what it put on the stream is durable, in one commit with what others put at
that moment. Everything else runs where it may wait (infra/local/lanes.py).
"""

import itertools
import logging
import os
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from optiq.kernel.browser_headers import missing
from optiq.kernel.clock import SECOND_MS
from optiq.kernel.errors import (
    LimitExceededError,
    NotFoundError,
    OptiqError,
    TooLargeError,
    UnauthenticatedError,
    UpstreamError,
)
from optiq.kernel.http import json_response, method_not_allowed, problem
from optiq.kernel.routes import Route
from optiq.ports import wiring
from optiq.ports.stream_log import LogStream

from functions.collect.answers import readable_anywhere
from functions.gateway.health import VERSION
from infra.local import shop_page, table_access
from infra.local.bodies import Bodies, Disconnected, Receive
from infra.local.cors import preflight
from infra.local.group_commit import GroupCommit
from infra.local.handlers import Context, load, noted
from infra.local.http_event import HttpAnswer, RawHeaders, add_body, from_response, to_authorizer_event, to_event
from infra.local.lanes import Lanes, is_small, network_of
from infra.local.origin import Origins
from infra.local.routing import Match, Router

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_LOG = logging.getLogger(__name__)

_INTERNAL_ERROR = {"type": "about:blank", "title": "Internal error", "status": 500, "code": "INTERNAL"}
_NOT_READY = {"type": "about:blank", "title": "Not ready", "status": 503, "code": "NOT_READY"}
_NO_CALLER = UnauthenticatedError("this needs a valid session or API key")
_INLINE = tuple(
    f"functions.{module}." for module in ("collect.beacon", "collect.pixel", "collect.script", "gateway.health")
)
"""They put one record on the stream and look nothing up; what is large, may wait or unpacks much goes to a thread."""
_COLLECTING = (*_INLINE, "functions.collect.segment.", "functions.collect.measurement.")


class Gateway:
    """The ASGI application.

    Args:
        routes: what it answers.
        home: the folder of the running system, for the shop's site key.
        inline: which handlers, by the start of their import path, are called in the event loop.
        readiness: why the system is not ready, if it is not.
        late_ms: how long the oldest event waits to be processed.

    Raises:
        StartError: a setting of the environment cannot be used.
    """

    def __init__(
        self,
        routes: Iterable[Route],
        home: Path,
        inline: tuple[str, ...] = _INLINE,
        readiness: Callable[[], Sequence[str]] = tuple,
        late_ms: Callable[[], int] = int,
    ) -> None:
        self._router = Router(routes)
        self._home = home
        self._inline = inline
        self.readiness = readiness
        self._late_ms = late_ms
        self._stream = _stream()
        self._commits = GroupCommit(self._stream)
        self._collecting = (*_COLLECTING, *inline)
        self._lanes = Lanes(_invoke, self._collecting)
        self.bodies = Bodies()
        self._origins = Origins.from_environment()
        # Whoever runs a gateway by itself has not joined a system.
        table_access.sign_connections(os.environ)
        self._request_ids = (f"{secrets.token_hex(6)}-{number}" for number in itertools.count(1))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            answer = await self._answer(scope, receive)
        except Disconnected:
            return
        except (LimitExceededError, UpstreamError) as error:
            answer = from_response(problem(error))
        except Exception:  # noqa: BLE001 - a handler may raise anything; the gateway must outlive it
            _LOG.exception("%s %s failed", scope["method"], scope["path"])
            answer = _problem_answer(500, _INTERNAL_ERROR)
        length = [] if answer.status in (204, 304) else [(b"content-length", b"%d" % len(answer.body))]
        headers = [*answer.headers, *length, *_for_browsers(scope, answer)]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})

    def close(self) -> None:
        self._commits.close()
        self._lanes.close()

    async def _answer(self, scope: Scope, receive: Receive) -> HttpAnswer:
        path = self._router.tidied(scope["path"])
        match = self._router.match(scope["method"], path)
        # HEAD is GET without the body, which the server leaves out.
        method = match.route.method if isinstance(match, Match) else scope["method"].replace("HEAD", "GET")
        scope = {**scope, "path": path, "method": method}
        if path == "/health" and method == "GET":
            return self._health()
        if isinstance(match, Match):
            return await self._call(scope, receive, match)
        if method == "GET" and path == "/health/live":
            return from_response(json_response(200, {"status": "ok"}))
        if method == "GET" and path in ("/", "/shop"):
            first = shop_page.PREFIX if shop_page.sample_key(self._home) or path != "/" else "/console"
            return HttpAnswer(302, [(b"location", first.encode())], b"")
        if method == "GET" and path.startswith(shop_page.PREFIX):
            page = shop_page.page(self._home, path, scope["query_string"].decode("latin-1"))
            if page is not None:
                return page
        if not match:
            return from_response(problem(NotFoundError(f"there is nothing at {path}")))
        if method == "OPTIONS":
            return self._preflight(scope, path, match)
        return from_response(method_not_allowed(match))

    def _preflight(self, scope: Scope, path: str, methods: Sequence[str]) -> HttpAnswer:
        """As API Gateway answers it: where a caller is needed, a page of another origin may not ask."""
        of_path = self._router.match(methods[0], path)
        if isinstance(of_path, Match) and not of_path.route.is_open:
            return from_response(problem(_NO_CALLER))
        return preflight(scope["headers"], methods, any_header=self._router.collects(path))

    def _health(self) -> HttpAnswer:
        if reasons := self.readiness():
            return _problem_answer(503, {**_NOT_READY, "detail": "; ".join(reasons)}, {"retry-after": "5"})
        body = {"status": "ok", "version": VERSION, "lag_seconds": self._late_ms() // SECOND_MS}
        return from_response(json_response(200, body, {"cache-control": "no-store"}))

    async def _call(self, scope: Scope, receive: Receive, match: Match) -> HttpAnswer:
        route = match.route
        collects = route.handler.startswith(self._collecting)
        origins = self._origins
        visitor_of = origins.visitor if collects else None
        event = to_event(scope, next(self._request_ids), route.key, match.path_parameters, origins.caller, visitor_of)
        if not route.is_open:
            # Before the body is read: who may not ask cannot make us keep one.
            judgement = await self._lanes.authorize(to_authorizer_event(event))
            if not judgement.get("isAuthorized"):
                refused = from_response(problem(_NO_CALLER))
                return _with_body_unread(refused) if _announces_body(scope) else refused
            event["requestContext"]["authorizer"] = {"lambda": judgement.get("context", {})}
        try:
            self._lanes.check_large(route, event, _announced_bytes(scope))
            add_body(event, await self.bodies.read(scope["headers"], receive, network_of(event)))
        except (TooLargeError, LimitExceededError, UpstreamError) as error:
            return _with_body_unread(_refusal(error, collects=collects))
        if route.handler.startswith(self._inline) and route.is_open and is_small(event):
            return await self._inline_answer(route.handler, event)
        try:
            return await self._lanes.answer(route, event)
        except LimitExceededError as error:
            return _refusal(error, collects=collects)

    async def _inline_answer(self, handler: str, event: Mapping[str, Any]) -> HttpAnswer:
        with self._stream.gathering() as records:
            response = _invoke(handler, event)
        if not records:
            return from_response(response)
        try:
            await self._commits.put(records)
        except UpstreamError:
            # Nothing was written. Handled again where it meets the stream itself, it says so in its own way.
            return await self._lanes.collect(handler, event)
        return from_response(response)


def _refusal(error: OptiqError, *, collects: bool) -> HttpAnswer:
    """An answer of the gateway itself, which pages can read where they send events."""
    answer = problem(error)
    return from_response(readable_anywhere(answer) if collects else answer)


def _with_body_unread(answer: HttpAnswer) -> HttpAnswer:
    """What is left unread would be taken for the next request."""
    return replace(answer, headers=[*answer.headers, (b"connection", b"close")])


def _announces_body(scope: Scope) -> bool:
    named = dict(scope["headers"])
    return b"transfer-encoding" in named or named.get(b"content-length", b"0") != b"0"


def _announced_bytes(scope: Scope) -> int:
    """What a request says of its body's size, which the server has checked; 0 where it says nothing."""
    return int(dict(scope["headers"]).get(b"content-length", b"0"))


def _for_browsers(scope: Scope, answer: HttpAnswer) -> RawHeaders:
    """What every answer tells browsers and caches, unless it does so itself."""
    named = {name.decode("latin-1").lower() for name, _ in answer.headers}
    wanted = missing(named, tls=(b"x-forwarded-proto", b"https") in scope["headers"])
    if answer.status >= 400 and "cache-control" not in named:
        wanted["cache-control"] = "no-store"
    return [(name.encode(), value.encode()) for name, value in wanted.items()]


def _stream() -> LogStream:
    """The stream that the handlers put on. Raises TypeError on another substrate than one machine's."""
    stream = wiring.stream()
    if not isinstance(stream, LogStream):
        raise TypeError("the gateway of one machine needs one machine's stream")
    return stream


def _invoke(handler: str, event: Mapping[str, Any]) -> Any:
    return noted(handler, load(handler), event, Context(handler, event["requestContext"]["requestId"]))


def _problem_answer(status: int, detail: object, headers: Mapping[str, str] | None = None) -> HttpAnswer:
    return from_response(json_response(status, detail, {"content-type": "application/problem+json", **(headers or {})}))
