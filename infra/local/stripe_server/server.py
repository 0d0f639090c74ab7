"""Stripe in one HTTP server on loopback: its API, its pages, and the faults that it documents.

The package `stripe` is what it is held to: routes, parameters and objects are those that its types name.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from infra.local.loopback import Answering, bound, serving
from infra.local.sample.stripe_account import TEST_KEY as TEST_KEY
from infra.local.stripe_server import pages
from infra.local.stripe_server.clocks import pass_time
from infra.local.stripe_server.errors import StripeFault
from infra.local.stripe_server.forms import Request, parse_form, refuse_unknown
from infra.local.stripe_server.routes import CALLS
from infra.local.stripe_server.shapes import Obj
from infra.local.stripe_server.world import World, expanded

_API = ("/v1/", "/v2/")


@dataclass
class Fault:
    """What goes wrong with the next calls whose path contains `path`.

    Attributes:
        times: how many calls. after: the work is done before the answer is lost. delay_seconds: what was read is
            answered so much later.
    """

    path: str
    status: int = 500
    times: int = 1
    after: bool = False
    delay_seconds: float = 0.0


@dataclass
class StripeServer:
    """The running stand-in. `asked` has every call to the API: method and path, oldest first."""

    url: str
    world: World
    faults: list[Fault] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    kept: Callable[[], None] = field(default=lambda: None)
    lock: threading.Lock = field(default_factory=threading.Lock)
    _answers: dict[str, tuple[Any, int, Obj]] = field(default_factory=dict)

    def call(self, method: str, target: str, headers: dict[str, str], raw: str) -> tuple[int, Obj, dict[str, str]]:
        """An answer of the API: status, body, headers."""
        parts = urlsplit(target)
        params = json.loads(raw) if "json" in headers.get("content-type", "") and raw else parse_form(raw)
        params = parse_form(parts.query) | params
        with self.lock:
            self.asked.append((method, parts.path))
            if not headers.get("authorization", "").startswith("Bearer sk_test_"):
                return 401, StripeFault(401, "invalid_request_error", "Invalid API Key provided").body, {}
            key = headers.get("idempotency-key", "") if method == "POST" else ""
            known = self._answers.get(key) if key else None
            if known:
                return self._again(known, (parts.path, params))
            fault = self._fault(parts.path)
            status, body = self._answer(method, parts.path, params, fault)
            if key and status not in (400, 401, 404, 429):
                self._answers[key] = ((parts.path, params), status, body)
            body = json.loads(json.dumps(body))
        if fault and fault.delay_seconds:
            time.sleep(fault.delay_seconds)
        if method != "GET":
            self.kept()
        return status, body, {"request-id": f"req_{len(self.asked):06d}"}

    def _again(self, known: tuple[Any, int, Obj], asked: Any) -> tuple[int, Obj, dict[str, str]]:
        """The first answer of a key, also where that was 500."""
        if known[0] != asked:
            message = "Keys for idempotent requests can only be used with the same parameters."
            return 400, StripeFault(400, "idempotency_error", message).body, {}
        return known[1], json.loads(json.dumps(known[2])), {"idempotent-replayed": "true"}

    def _fault(self, path: str) -> Fault | None:
        fault = next((one for one in self.faults if one.path in path), None)
        if fault:
            fault.times -= 1
            if fault.times <= 0:
                self.faults.remove(fault)
        return fault

    def _answer(self, method: str, path: str, params: dict[str, Any], fault: Fault | None) -> tuple[int, Obj]:
        broken = StripeFault(fault.status, "api_error", "An error occurred.").body if fault else {}
        if fault and not fault.after and not fault.delay_seconds:
            return fault.status, broken
        try:
            body = self._done(method, path, params)
        except StripeFault as wrong:
            return wrong.status, wrong.body
        if fault and not fault.delay_seconds:
            return fault.status, broken
        return 200, body

    def _done(self, method: str, path: str, params: dict[str, Any]) -> Obj:
        pass_time(self.world, self.world.now())
        for call in CALLS:
            if call.method == method and (found := call.pattern.fullmatch(path)):
                asked = {name: value for name, value in params.items() if name != "expand"}
                if call.params:
                    refuse_unknown(asked, call.params)
                return expanded(
                    self.world, call.answer(self.world, Request(found.groups(), asked)), params.get("expand")
                )
        raise StripeFault(404, "invalid_request_error", f"Unrecognized request URL ({method}: {path}).")

    def page(self, method: str, path: str, raw: str) -> pages.Page:
        """An answer of a page for people."""
        with self.lock:
            pass_time(self.world, self.world.now())
            try:
                found = (
                    pages.show(self.world, path)
                    if method == "GET"
                    else pages.take(self.world, path, dict(parse_qsl(raw)))
                )
            except StripeFault as wrong:
                found = wrong.status, str(wrong), {"content-type": "text/plain"}
        if method != "GET":
            self.kept()
        return found


@contextmanager
def running_stripe(world: World | None = None, port: int = 0) -> Iterator[StripeServer]:
    """The stand-in on a port, or on any that is free, for the block."""

    server = StripeServer("", world or World())

    class Handler(Answering):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            raw = self.read_body()
            if self.path.startswith(_API):
                status, body, more = server.call(self.command, self.path, self.read_headers, raw)
                text, more = json.dumps(body), {"content-type": "application/json"} | more
            else:
                status, text, more = server.page(self.command, urlsplit(self.path).path, raw)
            content = text.encode()
            self.send_response(status)
            for name, value in (more | {"content-length": str(len(content))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

    http = bound(Handler, port)
    server.url = server.world.url = f"http://localhost:{http.server_port}"
    with serving(http):
        yield server
