"""Schedules, as EventBridge Scheduler keeps them: once a day or more often, remembered across restarts."""

import logging
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from optiq.kernel.clock import MINUTE_MS, to_rfc3339
from optiq.kernel.errors import UpstreamError
from optiq.kernel.manifest import Schedule, contexts
from optiq.ports.log_file import LogFile

from infra.local.handlers import Context, load, noted
from infra.local.outage_log import OutageLog

_LOG = logging.getLogger(__name__)
_POLL_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A function, and when it is due. `name` is what its last run is remembered by."""

    name: str
    handler: str
    schedule: Schedule


SCHEDULES = tuple(
    Scheduled(f"{context.name}.{function.module}", context.handler(function), function.schedule)
    for context in contexts()
    for function in context.functions
    if function.schedule
)


def by_rhythm(schedules: Iterable[Scheduled] = SCHEDULES) -> list[list[Scheduled]]:
    """Schedules that are due equally often, together: what runs once a night or an hour may take long, and keeps those
    of every minute waiting when one thread runs both."""
    found: dict[int, list[Scheduled]] = {}
    for one in schedules:
        found.setdefault(one.schedule.every_ms, []).append(one)
    return [found[every_ms] for every_ms in sorted(found)]


class Scheduler:
    def __init__(self, path: str, schedules: Iterable[Scheduled]) -> None:
        self._log = LogFile(path)
        self._schedules = tuple(schedules)
        self._outages = {each.name: OutageLog(_LOG, f"the schedule {each.name}") for each in self._schedules}

    def run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            self.run_due(time.time_ns() // 1_000_000)
            stop.wait(_POLL_SECONDS)

    def run_due(self, now_ms: int) -> None:
        """Invokes what is due; a function that fails is tried again at the next look.

        A schedule seen for the first time waits for its next turn, and turns missed while nothing ran are one. So does
        one whose last run lies ahead, because the clock was set back since.
        """
        for schedule in self._schedules:
            try:
                last_ms = last_run(self._log, schedule.name)
                if last_ms is None or last_ms > now_ms:
                    remember_run(self._log, schedule.name, now_ms)
                elif last_ms < _latest_turn(schedule.schedule, now_ms):
                    context = Context(schedule.name, str(uuid.uuid4()))
                    noted(schedule.handler, load(schedule.handler), _event(schedule, now_ms), context)
                    remember_run(self._log, schedule.name, now_ms)
                self._outages[schedule.name].works()
            except (UpstreamError, sqlite3.Error) as error:
                self._outages[schedule.name].failed(error)
            except Exception:  # noqa: BLE001 - a function may raise anything; the others are still due
                _LOG.exception("the schedule %s failed", schedule.name)

    def close(self) -> None:
        self._log.close()


def last_run(log: LogFile, name: str) -> int | None:
    """When something that is done at times was last done, as `remember_run` noted."""
    row = log.connection().execute("SELECT last_run_ms FROM timers WHERE name = ?", (name,)).fetchone()
    return int(row[0]) if row else None


def remember_run(log: LogFile, name: str, now_ms: int) -> None:
    with log.transaction() as connection:
        connection.execute("INSERT OR REPLACE INTO timers VALUES (?, ?)", (name, now_ms))


def _latest_turn(schedule: Schedule, now_ms: int) -> int:
    due_ms = now_ms - now_ms % schedule.every_ms + schedule.minute * MINUTE_MS
    return due_ms if due_ms <= now_ms else due_ms - schedule.every_ms


def _event(schedule: Scheduled, now_ms: int) -> dict[str, object]:
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "account": "000000000000",
        "time": to_rfc3339(now_ms - now_ms % 1000).replace(".000Z", "Z"),
        "region": "local",
        "resources": [f"arn:aws:scheduler:local:000000000000:schedule/default/{schedule.name}"],
        "detail": "{}",
    }
