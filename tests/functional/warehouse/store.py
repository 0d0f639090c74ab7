"""A store like S3 on this machine, over HTTP: buckets by path, objects in memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote

from infra.local.loopback import Answering, bound, serving

_ERROR = '<?xml version="1.0" encoding="UTF-8"?><Error><Code>{}</Code><Message>no</Message></Error>'


@dataclass
class Store:
    """Attributes: objects: by bucket and key. refuses: the code that every request is refused with, or ""."""

    url: str = ""
    objects: dict[str, bytes] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    refuses: str = ""

    def asked(self, method: str, key: str, sent: bytes) -> tuple[int, bytes]:
        if self.refuses:
            return 403, _ERROR.format(self.refuses).encode()
        match method:
            case "PUT":
                self.objects[key] = sent
                return 200, b""
            case "DELETE":
                self.objects.pop(key, None)
                return 204, b""
        return (200, self.objects[key]) if key in self.objects else (404, _ERROR.format("NoSuchKey").encode())


@contextmanager
def running_store() -> Iterator[Store]:
    store = Store()

    class Handler(Answering):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            sent = self.rfile.read(int(self.headers.get("content-length") or 0))
            store.keys.add(self.headers["authorization"].partition("Credential=")[2].partition("/")[0])
            status, content = store.asked(self.command, unquote(self.path), sent)
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.send_header("etag", '"x"')
            self.end_headers()
            self.wfile.write(content)

    http = bound(Handler)
    store.url = f"http://127.0.0.1:{http.server_port}"
    with serving(http):
        yield store
