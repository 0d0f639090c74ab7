"""The embedded stream under several writers at once."""

import multiprocessing
import sqlite3
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from optiq.kernel.errors import UpstreamError
from optiq.ports.log_file import SHARDS, LogFile, shard_of
from optiq.ports.stream import Record
from optiq.ports.stream_log import LogStream

from infra.local.shard_log import shards_of

_PUTS = 40


def _write(path: str, writer: int) -> None:
    stream = LogStream(path)
    for step in range(_PUTS):
        stream.put([Record(f"key-{writer}", "Kind", b"%d" % step), Record("shared", "Kind", b"%d" % writer)])
    stream.close()


def _rows(path: str) -> list[tuple[int, str, bytes]]:
    log = LogFile(path)
    rows = log.connection().execute("SELECT shard, partition_key, data FROM records ORDER BY sequence").fetchall()
    log.close()
    return rows


def test_processes_and_threads_lose_nothing_and_keep_order_by_key(tmp_path: Path) -> None:
    path = str(tmp_path / "stream.db")
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_write, args=(path, writer)) for writer in range(3)]
    for process in processes:
        process.start()
    _write(path, 3)
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0, 0]

    by_key: dict[str, list[bytes]] = defaultdict(list)
    for shard, key, data in _rows(path):
        assert shard == shard_of(key)
        by_key[key].append(data)
    for writer in range(4):
        assert by_key[f"key-{writer}"] == [b"%d" % step for step in range(_PUTS)]
    assert len(by_key["shared"]) == 4 * _PUTS


def test_threads_of_one_stream_share_commits_without_mixing_up(tmp_path: Path) -> None:
    path = str(tmp_path / "stream.db")
    stream = LogStream(path)

    def write(writer: int) -> None:
        for step in range(_PUTS):
            stream.put([Record(f"key-{writer}", "Kind", b"%d" % step)])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    stream.close()

    by_key: dict[str, list[bytes]] = defaultdict(list)
    for _, key, data in _rows(path):
        by_key[key].append(data)
    assert by_key == {f"key-{writer}": [b"%d" % step for step in range(_PUTS)] for writer in range(8)}


def test_a_failed_write_is_an_error_that_may_be_retried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = LogStream(str(tmp_path / "stream.db"))
    record = Record("key", "Kind", b"data")

    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as broken:
        broken.setattr(stream, "write", fail)
        with pytest.raises(UpstreamError) as caught:
            stream.put([record])
    assert caught.value.retryable

    stream.put([record])
    stream.close()
    assert len(_rows(str(tmp_path / "stream.db"))) == 1


def test_records_of_one_put_are_stored_together_or_not_at_all(tmp_path: Path) -> None:
    path = str(tmp_path / "stream.db")
    stream = LogStream(path)
    with pytest.raises(UpstreamError):
        stream.put([Record("a", "Kind", b"good"), Record("a", None, b"bad")])  # type: ignore[arg-type]
    stream.close()
    assert _rows(path) == []


def test_keys_spread_over_all_shards() -> None:
    shards = [shard_of(f"visitor-{number}") for number in range(400)]
    assert {shards.count(shard) > 60 for shard in range(SHARDS)} == {True}


def test_each_organization_has_shards_of_its_own(tmp_path: Path) -> None:
    path = str(tmp_path / "stream.db")
    stream = LogStream(path)
    organizations = [f"org_{number}" for number in range(100)]
    stream.put([Record(f"visitor-{n}", "Kind", b"{}", name) for name in organizations for n in range(20)])
    stream.put([Record(f"visitor-{n}", "Kind", b"{}") for n in range(20)])
    stream.close()

    shards = [shard for shard, _, _ in _rows(path)]
    assert len(set(shards)) == (len(organizations) + 1) * SHARDS
    log = LogFile(path)
    assert shards_of(log) == sorted(set(shards))
    # A number of twelve digits is what Kinesis names a shard by.
    assert max(shards) < 10**12
    log.close()


def test_an_empty_log_has_no_shards(tmp_path: Path) -> None:
    log = LogFile(str(tmp_path / "stream.db"))
    assert shards_of(log) == []
    log.close()


def test_a_commit_is_synced_to_disk(tmp_path: Path) -> None:
    log = LogFile(str(tmp_path / "stream.db"))
    full = 2
    assert log.connection().execute("PRAGMA synchronous").fetchone() == (full,)
    assert log.connection().execute("PRAGMA journal_mode").fetchone() == ("wal",)
    log.close()
