"""An outage is a line when it begins and a line when it ends."""

import logging
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from optiq.kernel.errors import UpstreamError
from optiq.kernel.manifest import Schedule
from optiq.ports.log_file import INSERT_RECORD, LogFile

from infra.local import scheduler as scheduler_module
from infra.local import shard_reader
from infra.local.mappings import Mapping
from infra.local.outage_log import OutageLog
from infra.local.pump import Pump
from infra.local.scheduler import Scheduled, Scheduler
from infra.local.shard_reader import Backoff

_LOG = logging.getLogger("tests.outage")
ERRORS = [UpstreamError("the table does not answer", retryable=True), sqlite3.OperationalError("disk full")]


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("times", [1, 2, 50])
def test_an_outage_is_two_lines_however_often_it_is_met(
    caplog: pytest.LogCaptureFixture, error: Exception, times: int
) -> None:
    outage = OutageLog(_LOG, "journeys, shard 0")
    for _ in range(times):
        outage.failed(error)
    for _ in range(3):
        outage.works()
    assert [record.getMessage() for record in caplog.records] == [
        f"journeys, shard 0 waits: {type(error).__name__}: {error}",
        f"journeys, shard 0 goes on, after {times} failures",
    ]


def test_the_next_outage_is_told_anew(caplog: pytest.LogCaptureFixture) -> None:
    outage = OutageLog(_LOG, "journeys, shard 0")
    for _ in range(2):
        outage.failed(ERRORS[0])
        outage.works()
    assert len(caplog.records) == 4


def test_a_consumer_logs_an_outage_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tries: list[int] = []

    def handler(event: Any, context: object) -> None:
        tries.append(1)
        if len(tries) < 20:
            raise UpstreamError("the table does not answer", retryable=True)

    monkeypatch.setattr(shard_reader, "load", lambda path: handler)
    log = LogFile(str(tmp_path / "stream.db"))
    with log.transaction() as connection:
        connection.execute(INSERT_RECORD, (0, "k", "Kind", 0, b"{}"))
    pump = Pump(str(tmp_path / "stream.db"), [Mapping("one", "h", ("Kind",))], Backoff(0.001, 0.001))
    pump.start()
    while len(tries) < 20:
        pass
    pump.stop()
    log.close()
    told = [record for record in caplog.records if record.name == "infra.local.shard_reader"]
    assert [record.exc_info for record in told] == [None] * len(told)
    assert 1 <= len(told) <= 2


def test_a_schedule_logs_an_outage_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(event: Any, context: object) -> None:
        raise UpstreamError("the table does not answer", retryable=True)

    monkeypatch.setattr(scheduler_module, "load", lambda path: fail)
    scheduler = Scheduler(str(tmp_path / "stream.db"), [Scheduled("nightly", "h", Schedule("nightly"))])
    for minute in range(1, 30):
        scheduler.run_due(minute * 60_000 + (minute > 1) * 86_400_000)
    scheduler.close()
    assert [record.getMessage() for record in caplog.records] == [
        "the schedule nightly waits: UpstreamError: the table does not answer"
    ]
