"""The lake is kept compact while the system runs, whatever happens to one run."""

import threading
from collections.abc import Callable

import pytest
from optiq.operations import api as operations
from optiq.operations.contracts import Compaction
from optiq.reports.runs import Made
from optiq.reports.steps import api as steps

from infra.local import lake_upkeep


def test_a_run_that_fails_is_followed_by_the_next(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # Given upkeep whose first run fails, and which is told to stop in its third
    stop, runs = threading.Event(), 0

    def compact(now_ms: int) -> Compaction:
        nonlocal runs
        runs += 1
        if runs == 1:
            raise OSError("full")
        if runs == 3:
            stop.set()
        return Compaction()

    monkeypatch.setattr(lake_upkeep, "PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(operations, "compact_recent_days", compact)

    # When it runs until then
    lake_upkeep.keep_lake_compact(stop)

    # Then the failure is in the log, and the others ran
    assert "the lake's small files were not merged" in caplog.text
    assert runs == 3


def test_upkeep_that_takes_long_pauses_for_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    clock = iter([0.0, 10.0])

    class Stop(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            pauses.append(timeout or 0)
            return len(pauses) > 1

    monkeypatch.setattr(lake_upkeep.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(operations, "compact_recent_days", lambda now_ms: Compaction())

    lake_upkeep.keep_lake_compact(Stop())

    assert pauses == [5.0, 40.0]


def test_steps_are_made_until_the_system_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    ends, told = threading.Event(), list[bool]()

    def make_recent_days(*, stop: Callable[[], bool]) -> Made:
        told.append(stop())
        if len(told) == 3:
            ends.set()
        told.append(stop())
        return Made()

    monkeypatch.setattr(lake_upkeep, "STEPS_PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(steps, "make_recent_days", make_recent_days)

    lake_upkeep.keep_steps_recent(ends)

    assert told == [False, False, False, True]
