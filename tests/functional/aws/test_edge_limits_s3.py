"""The edge's limits are read by one signed GET, and a store that hangs holds nobody up."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from optiq.kernel.errors import UpstreamError
from optiq.ports.edge_limits_s3 import S3EdgeLimits

from infra.local.loopback import Answering, bound, serving


@dataclass
class _Store:
    """Attributes:
    status: of the next answers. asked: path, and headers in small letters, of each request.
    """

    status: int = 200
    hangs: bool = False
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Store]:
    found = _Store()

    class Handler(Answering):
        def answer(self) -> None:
            found.asked.append((self.path, self.read_headers))
            if found.hangs:
                time.sleep(2)
            unchanged = self.headers.get("If-None-Match") == '"1"'
            self.send_response(304 if unchanged else found.status)
            self.send_header("ETag", '"1"')
            self.send_header("Content-Length", "0" if unchanged else "2")
            self.end_headers()
            if not unchanged:
                self.wfile.write(b"{}")

    http = bound(Handler)
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{http.server_port}")
    with serving(http):
        yield found


LIMITS = S3EdgeLimits("s3://bucket/edge/limits.json")


def test_object_is_read_once_and_known_by_its_tag(store: _Store) -> None:
    assert LIMITS.read("") == (b"{}", '"1"')
    assert LIMITS.read('"1"') is None
    path, headers = store.asked[0]
    assert path == "/bucket/edge/limits.json"
    assert headers["authorization"].startswith("AWS4-HMAC-SHA256")


@pytest.mark.parametrize("status", [403, 404])
def test_absent_object_refuses_nobody(store: _Store, status: int) -> None:
    store.status = status
    assert LIMITS.read("") == (b"", "")


def test_trouble_is_an_outage(store: _Store) -> None:
    store.status = 503
    with pytest.raises(UpstreamError):
        LIMITS.read("")


def test_store_that_hangs_is_given_up_on(store: _Store) -> None:
    store.hangs = True
    with pytest.raises(UpstreamError):
        LIMITS.read("")
