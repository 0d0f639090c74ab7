"""Google Ads, Meta and TikTok in one HTTP server on loopback, with the faults that they document.

Each vendor speaks its own protocol (google.py, meta.py, tiktok.py) about one world. Tests change the world, queue
faults, and look at what was asked.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

from infra.local.ad_platforms import google, meta, tiktok, told_page
from infra.local.ad_platforms.world import Heard, Reply, World
from infra.local.loopback import Answering, bound, serving

FaultKind = Literal["reply", "drop_before", "drop", "truncate"]


@dataclass(frozen=True)
class Fault:
    """What goes wrong with the next request whose path contains `path`.

    Attributes:
        kind: `reply` answers `reply` in place of the vendor. `drop_before` closes the connection and does nothing.
            `drop` closes it without an answer, and `truncate` in the middle of it, both after the work was done.
        lasting: it goes wrong every time.
    """

    path: str
    kind: FaultKind
    reply: Reply | None = None
    lasting: bool = False


@dataclass
class Vendors:
    """The running stand-in.

    Attributes:
        heard: every request, oldest first. before, after: change the world in front of one and behind it.
    """

    url: str
    world: World
    faults: list[Fault] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    before: Callable[[Heard], None] | None = None
    after: Callable[[Heard], None] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def clients(self, **more: Any) -> bytes:
        """The secret of OAuth clients that leads here."""
        ads: dict[str, Any] = {
            "GOOGLE_ADS": dict.fromkeys(("web", "token", "api", "conversions"), f"{self.url}/google"),
            "META": dict.fromkeys(("web", "api"), f"{self.url}/meta"),
            "TIKTOK": dict.fromkeys(("web", "api"), f"{self.url}/tiktok"),
        }
        for client in ads.values():
            client |= {"client_id": self.world.client_id, "client_secret": self.world.client_secret}
        return json.dumps({"ads": ads | more}).encode()

    def asked(self, path: str) -> list[Heard]:
        """The requests whose path contains a text."""
        return [one for one in self.heard if path in one.path]

    def answer(self, heard: Heard) -> tuple[Reply, FaultKind | None]:
        with self.lock:
            self.heard.append(heard)
            if self.before:
                self.before(heard)
            fault = next((one for one in self.faults if one.path in heard.path), None)
            if fault and not fault.lasting:
                self.faults.remove(fault)
            if fault and fault.reply:
                return fault.reply, None
            if fault and fault.kind == "drop_before":
                return Reply(500, {}), "drop"
            vendor, _, path = heard.path.removeprefix("/").partition("/")
            if f"/{path}" == told_page.PATH:
                return told_page.answer(self.world), None
            module = {"google": google, "meta": meta, "tiktok": tiktok}.get(vendor)
            if module is None:  # Such as the icon that a browser asks for beside a page.
                return Reply(404, {}), None
            reply = module.answer(self.world, heard, f"/{path}")
            if self.after:
                self.after(heard)
            return reply, fault.kind if fault else None


@contextmanager
def running_vendors(world: World | None = None, port: int = 0) -> Iterator[Vendors]:
    """The stand-in on a port, or on any that is free, for the block."""

    vendors = Vendors("", world or World())

    class Handler(Answering):
        def answer(self) -> None:
            parts, raw = urlsplit(self.path), self.read_body()
            is_json = self.headers.get("content-type") == "application/json"
            body = json.loads(raw) if is_json and raw else dict(parse_qsl(raw))
            heard = Heard(self.command, parts.path, dict(parse_qsl(parts.query)), self.read_headers, body, raw)
            reply, fault = vendors.answer(heard)
            if fault == "drop":
                self.close_connection = True
                self.connection.shutdown(2)
                return
            text = (reply.body if isinstance(reply.body, str) else json.dumps(reply.body)).encode()
            self.send_response(reply.status)
            for name, value in {"content-type": "application/json", **reply.headers}.items():
                self.send_header(name, value)
            sent = text[: len(text) // 2] if fault == "truncate" else text
            self.send_header("content-length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

    http = bound(Handler, port)
    vendors.url = f"http://127.0.0.1:{http.server_port}"
    with serving(http):
        yield vendors
