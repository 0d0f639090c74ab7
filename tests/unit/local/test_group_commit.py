"""Requests of one moment share a commit, and none is answered before it."""

import asyncio
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from optiq.kernel.errors import UpstreamError
from optiq.kernel.routes import Route
from optiq.ports import wiring
from optiq.ports.log_file import LogFile
from optiq.ports.stream import Record
from optiq.ports.stream_log import LogStream

from infra.local import gateway as gateway_module
from infra.local.gateway import Gateway


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "stream.db")


@pytest.fixture
def stream(path: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[LogStream]:
    """The stream, with a handler that puts its request's body on it."""
    stream = LogStream(path)

    def keep(event: Any, context: object) -> Any:
        try:
            stream.put([Record("k", "Kept", event["body"].encode())])
        except UpstreamError:
            return {"statusCode": 503, "body": "the handler's own words"}
        return {"statusCode": 202, "body": ""}

    monkeypatch.setattr(wiring, "stream", lambda: stream)
    monkeypatch.setattr(gateway_module, "load", {"keep": keep}.__getitem__)
    yield stream
    stream.close()


def kept(path: str) -> list[str]:
    log = LogFile(path)
    rows = log.connection().execute("SELECT data FROM records ORDER BY sequence").fetchall()
    log.close()
    return [data.decode() for (data,) in rows]


def post_at_once(tmp_path: Path, bodies: Sequence[str], answered: list[int]) -> None:
    gateway = Gateway(
        [Route("POST", "/b", open_because="test", keyless_because="test", handler="keep")], tmp_path, inline=("keep",)
    )

    async def post(body: str) -> None:
        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body.encode(), "more_body": False}

        async def send(message: Any) -> None:
            if "status" in message:
                answered.append(message["status"])

        scope = {"type": "http", "method": "POST", "path": "/b", "query_string": b"", "http_version": "1.1"}
        await gateway(
            scope | {"client": ("127.0.0.1", 1), "headers": [(b"content-type", b"text/plain")]}, receive, send
        )

    async def all_of_them() -> None:
        await asyncio.gather(*map(post, bodies))

    # A thread of its own: the browser's driver leaves an event loop running in the main one.
    thread = threading.Thread(target=asyncio.run, args=(all_of_them(),))
    thread.start()
    thread.join()
    gateway.close()


def test_requests_that_arrive_while_the_disk_is_busy_share_the_next_commit(
    tmp_path: Path, path: str, stream: LogStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits: list[int] = []
    write = stream.write

    def counted(records: Sequence[Record]) -> None:
        commits.append(len(records))
        write(records)

    monkeypatch.setattr(stream, "write", counted)
    answered: list[int] = []
    post_at_once(tmp_path, [str(number) for number in range(20)], answered)

    assert answered == [202] * 20
    assert sorted(kept(path), key=int) == [str(number) for number in range(20)]
    assert len(commits) < 20


def test_nobody_is_answered_before_the_commit(
    tmp_path: Path, path: str, stream: LogStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered: list[int] = []
    answered_before: list[int] = []
    write = stream.write

    def late(records: Sequence[Record]) -> None:
        answered_before.append(len(answered))
        write(records)

    monkeypatch.setattr(stream, "write", late)
    post_at_once(tmp_path, ["a"], answered)

    assert (answered_before, answered) == ([0], [202])


def test_a_commit_that_fails_lets_each_handler_say_so_itself(
    tmp_path: Path, path: str, stream: LogStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(records: Sequence[Record]) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(stream, "write", full)
    answered: list[int] = []
    post_at_once(tmp_path, ["a", "b"], answered)

    assert answered == [503, 503]
    assert kept(path) == []
