"""Stand-ins of services on loopback: an HTTP server in a thread, for as long as a block."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_LOOKS_FOR_ITS_END_SECONDS = 0.05


class Answering(BaseHTTPRequestHandler):
    """Answers every method in one way, and prints nothing."""

    disable_nagle_algorithm = True
    """Else what is in an answer waits up to 40 ms for the client to acknowledge its headers."""

    def do_GET(self) -> None:
        self.answer()

    def do_POST(self) -> None:
        self.answer()

    def do_PUT(self) -> None:
        self.answer()

    def do_DELETE(self) -> None:
        self.answer()

    def answer(self) -> None:
        raise NotImplementedError

    @property
    def read_headers(self) -> dict[str, str]:
        """By their names in small letters."""
        return {name.lower(): value for name, value in self.headers.items()}

    def read_body(self) -> str:
        return self.rfile.read(int(self.headers.get("content-length") or 0)).decode()

    def log_message(self, *_: object) -> None:
        pass


def bound(handler: type[BaseHTTPRequestHandler], port: int = 0) -> ThreadingHTTPServer:
    """A server on a port, or on any that is free; it answers from `serving` on."""
    return ThreadingHTTPServer(("127.0.0.1", port), handler)


@contextmanager
def serving(http: ThreadingHTTPServer) -> Iterator[None]:
    """Answers for the block, and closes the server."""
    thread = threading.Thread(target=http.serve_forever, args=(_LOOKS_FOR_ITS_END_SECONDS,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
