"""A server that answers as a test wants: errors, other things than JSON, redirects, or nothing."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

CUT = (0, {}, "")
"""An answer that breaks off within its body."""
Answer = tuple[int, Mapping[str, str], object]


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class BadServer:
    """Args:
    answers: in turn: a status, headers, and a body: JSON unless it is text. The last one is repeated.
    """

    def __init__(self, *answers: Answer) -> None:
        self._answers = list(answers)
        self._at: dict[str, Answer] = {}
        self.requests: list[Request] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def at(self, path: str, answer: Answer) -> None:
        """Answers one path so always."""
        self._at[path] = answer

    def __enter__(self) -> "BadServer":
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _next(self, path: str) -> Answer:
        if (known := self._at.get(path.partition("?")[0])) is not None:
            return known
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                outer.requests.append(Request(self.command, self.path, dict(self.headers.items()), body))
                answer = outer._next(self.path)
                if answer == CUT:
                    self.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{")
                    self.close_connection = True
                    return
                status, headers, content = answer
                text = content if isinstance(content, str) else json.dumps(content)
                self.send_response(status)
                for name, value in {"content-type": "application/json", **headers}.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815 - http.server names them

            def log_message(self, *_: object) -> None:
                """Nothing: the test's output is its own."""

        return Handler
