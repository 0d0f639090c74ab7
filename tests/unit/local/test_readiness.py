"""Why the system is not ready, in words."""

import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from optiq.kernel.clock import MINUTE_MS, system_clock
from optiq.ports.log_file import INSERT_RECORD, LogFile

from infra.local.children import Child
from infra.local.mappings import Mapping
from infra.local.readiness import DiskHasRoom, EventsAreProcessed, Readiness, Runs, TableAnswers
from infra.local.shard_log import ShardLog

NOW = system_clock()
CONSUMERS = (Mapping("journeys", "a", ("EventAccepted",)), Mapping("attribution", "b", ("ConversionRecorded",)))


@pytest.fixture
def log(tmp_path: Path) -> Iterator[LogFile]:
    log = LogFile(str(tmp_path / "stream.db"))
    yield log
    log.close()


@pytest.fixture
def looked(tmp_path: Path) -> Iterator[Callable[[], str]]:
    look = EventsAreProcessed(str(tmp_path / "stream.db"), CONSUMERS, lambda: NOW)
    yield look
    look._log.close()


def came(log: LogFile, kind: str, minutes_ago: int, shard: int = 0) -> None:
    with log.transaction() as connection:
        connection.execute(INSERT_RECORD, (shard, "k", kind, NOW - minutes_ago * MINUTE_MS, b"{}"))


def test_nothing_is_late_when_nothing_came(log: LogFile, looked: Callable[[], str]) -> None:
    assert looked() == ""


@pytest.mark.parametrize("kind", ["EventAccepted", "ConversionRecorded"])
@pytest.mark.parametrize(("minutes", "late"), [(1, False), (9, False), (11, True), (6_000, True), (-60, False)])
@pytest.mark.parametrize("shard", [0, 1])
def test_events_are_late_when_the_oldest_waits_too_long(
    log: LogFile, looked: Callable[[], str], kind: str, minutes: int, late: bool, shard: int
) -> None:
    came(log, kind, minutes, shard)
    came(log, kind, 0, shard)
    assert looked() == (f"events wait for {minutes} minutes to be processed" if late else "")


@pytest.mark.parametrize(("minutes", "late_ms"), [(3, 3 * MINUTE_MS), (-60, 0)])
def test_lag_is_how_long_the_oldest_event_waits(log: LogFile, tmp_path: Path, minutes: int, late_ms: int) -> None:
    look = EventsAreProcessed(str(tmp_path / "stream.db"), CONSUMERS, lambda: NOW)
    look()
    assert look.late_ms == 0
    came(log, "EventAccepted", minutes)
    came(log, "EventAccepted", 0)
    look()
    look._log.close()

    assert look.late_ms == late_ms


def test_what_no_consumer_wants_is_never_late(log: LogFile, looked: Callable[[], str]) -> None:
    came(log, "SomethingElse", 600)
    assert looked() == ""


def test_what_was_processed_is_not_late(log: LogFile, looked: Callable[[], str]) -> None:
    came(log, "EventAccepted", 600)
    assert looked() != ""
    ShardLog(log, "journeys", 0, ()).checkpoint(1)
    assert looked() == ""


def test_a_log_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "stream.db").write_bytes(b"no database" * 1_000)
    assert "stream.db cannot be read" in EventsAreProcessed(str(tmp_path / "stream.db"), CONSUMERS)()


def test_a_table_that_does_not_answer_is_named() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        assert "table does not answer" in TableAnswers(f"http://127.0.0.1:{closed.getsockname()[1]}")()


def test_a_child_that_does_not_run_is_named() -> None:
    child = Child("worker", [sys.executable, "-c", "import sys; sys.stdin.read()"], {})
    assert "worker does not run" in Runs("worker", child)()
    child.start()
    while Runs("worker", child)():
        pass
    child.stop(10)
    assert "worker does not run" in Runs("worker", child)()


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    assert DiskHasRoom(tmp_path)() == ""
    assert "is full" in DiskHasRoom(tmp_path, least_bytes=1 << 62)()


def test_every_reason_is_told() -> None:
    looked = threading.Event()

    def slow() -> str:
        looked.set()
        return "slow"

    readiness = Readiness([lambda: "", lambda: "quick"], [slow, lambda: ""])
    assert readiness() == ["quick"]
    readiness.start()
    assert looked.wait(60)
    while readiness() == ["quick"]:
        pass
    readiness.stop()
    assert readiness() == ["quick", "slow"]
