"""A small web server that serves pages with the tracker and keeps the beacons it is sent."""

import json
import mimetypes
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from tests.support.waiting import LIMIT_SECONDS

ROOT = Path(__file__).resolve().parents[2]
SERVED_TRACKER = ROOT / "layers/optiq/python/optiq/collect/tracker/o.js"
SHOP = ROOT / "infra/local/shop"
SITE_KEY = "pk_" + "a" * 56
PAGE_LEAVE = "page_leave"

Event = dict[str, Any]


@dataclass
class Answer:
    """What the server says to a beacon."""

    status: int = 202
    headers: dict[str, str] = field(default_factory=dict)


class Recorder:
    """Every path answers with a page that carries the tracker; `/shop/…` with the sample shop.

    The tracker comes from `localhost`, the pages from `127.0.0.1`: two origins, as on a customer's site.

    Attributes:
        head: put into every page's head before the tracker.
        attributes: of the tracker's script element.
        documents: pages by path, in place of the usual one.
        answer: given to every beacon.
        requests: (method, content type, payload) of every request to the endpoint, refused ones too.
    """

    def __init__(self) -> None:
        self.head = ""
        self.attributes = f'data-site="{SITE_KEY}"'
        self.documents: dict[str, str] = {}
        self.answer = Answer()
        self.requests: list[tuple[str, str, dict[str, Any]]] = []
        self._taken: list[Event] = []
        self._changed = threading.Condition()
        self._server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"recorder": self}))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def page(self) -> str:
        script = f'<script defer src="http://localhost:{self.port}/o.js" {self.attributes}></script>'
        return f"<!doctype html><title>A page</title>{self.head}{script}<p>Hello"

    def record(self, method: str, content_type: str, body: bytes) -> Answer:
        payload = json.loads(body) if body else {}
        with self._changed:
            answer = self.answer
            self.requests.append((method, content_type, payload))
            if answer.status == 202:
                self._taken.extend(payload.get("events", []))
            self._changed.notify_all()
        return answer

    def events(self, kind: str = "") -> list[Event]:
        """What was taken, each event once, in the order of arrival; without the end of pages, see `ends`."""
        return [event for event in self._once() if event.get("name") != PAGE_LEAVE and kind in ("", event["kind"])]

    def ends(self) -> list[Event]:
        """What was told of pages at their end, in the order of arrival."""
        return [event for event in self._once() if event.get("name") == PAGE_LEAVE]

    def wait_for_ends(self, count: int) -> list[Event]:
        self.wait(lambda: len(self.ends()) >= count, f"{count} ends of pages")
        time.sleep(0.5)
        ends = self.ends()
        assert len(ends) == count, ends
        return ends

    def _once(self) -> list[Event]:
        with self._changed:
            return list({event["event_id"]: event for event in self._taken}.values())

    def wait(self, condition: Callable[[], bool], what: str, seconds: float = LIMIT_SECONDS) -> None:
        deadline = time.monotonic() + seconds
        with self._changed:
            while not condition():
                if not self._changed.wait(deadline - time.monotonic()):
                    raise AssertionError(f"{what} did not come within {seconds} s; here: {self.events()}")

    def wait_for_events(self, count: int, kind: str = "") -> list[Event]:
        """The first `count` events; fails when more than those came by half a second later."""
        self.wait(lambda: len(self.events(kind)) >= count, f"{count} events")
        time.sleep(0.5)
        events = self.events(kind)
        assert len(events) == count, events
        return events

    def wait_for_requests(self, count: int) -> None:
        self.wait(lambda: len(self.requests) >= count, f"{count} requests")


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *request: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # a browser that leaves waits for no answer
            super().handle_error(*request)


class _Handler(BaseHTTPRequestHandler):
    recorder: Recorder
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        if path == "/o.js":
            self._send(200, SERVED_TRACKER.read_bytes(), "text/javascript; charset=utf-8")
        elif path.startswith("/shop"):
            self._send(200, *_shop_file(path, self.recorder))
        else:
            document = self.recorder.documents.get(path) or self.recorder.page()
            self._send(200, document.encode(), "text/html; charset=utf-8")

    def do_POST(self) -> None:
        self._beacon()

    def do_OPTIONS(self) -> None:
        self._beacon()

    def _beacon(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        answer = self.recorder.record(self.command, self.headers.get("content-type", ""), body)
        self._send(answer.status, b"{}", "application/json", answer.headers)

    def _send(self, status: int, body: bytes, content_type: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("content-type", content_type)
        self.send_header("content-length", str(len(body)))
        self.send_header("access-control-allow-origin", "*")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def _shop_file(path: str, recorder: Recorder) -> tuple[bytes, str]:
    file = SHOP / path.removeprefix("/shop").lstrip("/")
    if not file.is_file():
        file = SHOP / "index.html"
    body = file.read_bytes().replace(b"{{SITE_KEY}}", SITE_KEY.encode())
    return body, f"{mimetypes.guess_type(file.name)[0]}; charset=utf-8"
