"""A store like S3 on this machine, over HTTP: buckets by path, objects in memory."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

_ERROR = '<?xml version="1.0" encoding="UTF-8"?><Error><Code>{}</Code><Message>no</Message></Error>'


@dataclass
class Store:
    """Attributes: objects: by bucket and key. refuses: the code that every request is refused with, or ""."""

    url: str = ""
    objects: dict[str, bytes] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    refuses: str = ""


@contextmanager
def running_store() -> Iterator[Store]:
    store = Store()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            found = store.objects.get(unquote(self.path))
            self._answer(404, _ERROR.format("NoSuchKey").encode()) if found is None else self._answer(200, found)

        def do_PUT(self) -> None:
            content = self.rfile.read(int(self.headers["content-length"]))
            if not store.refuses:
                store.objects[unquote(self.path)] = content
            self._answer(200)

        def do_DELETE(self) -> None:
            store.objects.pop(unquote(self.path), None)
            self._answer(204)

        def _answer(self, status: int, content: bytes = b"") -> None:
            store.keys.add(self.headers["authorization"].partition("Credential=")[2].partition("/")[0])
            if store.refuses:
                status, content = 403, _ERROR.format(store.refuses).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.send_header("etag", '"x"')
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    store.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield store
    server.shutdown()
    server.server_close()
    thread.join()
