"""A schedule runs once a day or an hour, also when nothing ran at its minute."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from optiq.kernel.clock import DAY_MS, HOUR_MS, from_rfc3339
from optiq.kernel.manifest import Schedule

from infra.local import scheduler as scheduler_module
from infra.local.scheduler import SCHEDULES, Scheduled, Scheduler, by_rhythm

MIDNIGHT = from_rfc3339("2026-01-31T00:00:00Z")
NIGHTLY = Scheduled("nightly", "nightly", Schedule("nightly", 3 * 60))


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    calls: list[Any] = []
    monkeypatch.setattr(scheduler_module, "load", lambda path: lambda event, context: calls.append(event))
    return calls


@pytest.fixture
def scheduler(tmp_path: Path, calls: list[Any]) -> Iterator[Scheduler]:
    scheduler = Scheduler(str(tmp_path / "stream.db"), [NIGHTLY])
    yield scheduler
    scheduler.close()


def test_a_schedule_runs_once_a_day_at_its_minute(scheduler: Scheduler, calls: list[Any]) -> None:
    for hour in range(72):
        scheduler.run_due(MIDNIGHT + hour * HOUR_MS)
    assert [call["time"] for call in calls] == [f"2026-{day}T03:00:00Z" for day in ("01-31", "02-01", "02-02")]


def test_a_first_start_waits_for_the_next_turn(scheduler: Scheduler, calls: list[Any]) -> None:
    scheduler.run_due(MIDNIGHT + 5 * HOUR_MS)
    assert calls == []


def test_missed_turns_are_made_up_once(scheduler: Scheduler, calls: list[Any]) -> None:
    scheduler.run_due(MIDNIGHT)
    scheduler.run_due(MIDNIGHT + 5 * DAY_MS)
    scheduler.run_due(MIDNIGHT + 5 * DAY_MS + HOUR_MS)
    assert len(calls) == 1


def test_a_failed_run_is_tried_again(scheduler: Scheduler, calls: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(event: object, context: object) -> None:
        calls.append(event)
        raise RuntimeError("not yet")

    scheduler.run_due(MIDNIGHT)
    monkeypatch.setattr(scheduler_module, "load", lambda path: fail)
    scheduler.run_due(MIDNIGHT + 4 * HOUR_MS)
    scheduler.run_due(MIDNIGHT + 4 * HOUR_MS + 1)
    assert len(calls) == 2


def test_an_hourly_schedule_runs_once_an_hour_at_its_minute(tmp_path: Path, calls: list[Any]) -> None:
    scheduler = Scheduler(str(tmp_path / "stream.db"), [Scheduled("hourly", "hourly", Schedule("hourly", 20, HOUR_MS))])
    for minutes in range(0, 3 * 60, 5):
        scheduler.run_due(MIDNIGHT + minutes * 60_000)
    scheduler.close()
    assert [call["time"] for call in calls] == [f"2026-01-31T0{hour}:20:00Z" for hour in range(3)]


@pytest.mark.parametrize("ahead_days", [1, 40, 400])
def test_a_schedule_runs_nightly_again_when_the_clock_was_set_back(
    scheduler: Scheduler, calls: list[Any], ahead_days: int
) -> None:
    # GIVEN a clock that was ahead, by which it ran
    scheduler.run_due(MIDNIGHT + ahead_days * DAY_MS)
    scheduler.run_due(MIDNIGHT + (ahead_days + 1) * DAY_MS)
    calls.clear()
    # WHEN the clock is right again
    for hour in range(48):
        scheduler.run_due(MIDNIGHT + hour * HOUR_MS)
    # THEN it runs each night from the first on
    assert [call["time"] for call in calls] == ["2026-01-31T03:00:00Z", "2026-02-01T03:00:00Z"]


def test_what_is_due_every_minute_waits_for_nothing_that_is_due_less_often() -> None:
    lines = by_rhythm()

    assert sorted(one.name for line in lines for one in line) == sorted(one.name for one in SCHEDULES)
    assert all(len({one.schedule.every_ms for one in line}) == 1 for line in lines)
    (minutely,) = [line for line in lines if "notifications.send_due" in {one.name for one in line}]
    assert "warehouse.copy_due" not in {one.name for one in minutely}
