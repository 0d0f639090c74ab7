"""What has had its time is removed on one machine, as AWS removes it by itself.

Hourly: records of the stream, events that were handled, what consumers gave up on, ended workflows, and mails in the
outbox. Nightly: items of the table whose `forget_at` has passed, which takes reading all of it.
"""

import logging
import sqlite3
import threading
from pathlib import Path

from optiq.collect.ingest import api as ingest
from optiq.kernel.clock import DAY_MS, Clock, system_clock
from optiq.kernel.settings import settings
from optiq.kernel.table import TableError
from optiq.kernel.table_ending import remove_ended
from optiq.notifications import api as notifications
from optiq.ports.log_file import LogFile

from infra.local.mappings import MAPPINGS, SUBSCRIBERS
from infra.local.scheduler import last_run, remember_run
from infra.local.shard_log import trim

KEPT_MS = 90 * DAY_MS
"""What consumers gave up on, and ended workflows: as long as the failures' bucket keeps them on AWS."""
_LOG = logging.getLogger(__name__)
_FIRST_SECONDS = 60.0
_EVERY_SECONDS = 3_600.0
_SWEPT = "forgetting"


class Forgetting:
    """Of one machine; `path` is that of its log, `bus` that of the events between contexts."""

    def __init__(self, path: str, bus: str, clock: Clock = system_clock) -> None:
        # What a crash brings back is removed again.
        self._log = LogFile(path, synchronous="NORMAL")
        self._bus = LogFile(bus, synchronous="NORMAL")
        self._clock = clock

    def run(self, stop: threading.Event) -> None:
        seconds = _FIRST_SECONDS
        while not stop.wait(seconds):
            self.run_due()
            seconds = _EVERY_SECONDS

    def run_due(self) -> None:
        """What cannot be removed now is at the next time."""
        now_ms = self._clock()
        try:
            self._forget_records(now_ms)
            forget_mails(Path(settings().mail_carrier), now_ms)
            self._sweep_table(now_ms)
        except (sqlite3.Error, OSError, TableError):
            _LOG.exception("what has had its time could not be removed")

    def close(self) -> None:
        self._log.close()
        self._bus.close()

    def _forget_records(self, now_ms: int) -> None:
        trim(self._log, [mapping.consumer for mapping in MAPPINGS], now_ms)
        # Events may have the text of mails with links to sign in.
        trim(self._bus, [mapping.consumer for mapping in SUBSCRIBERS], now_ms, kept_ms=0)
        for log in (self._log, self._bus):
            with log.transaction() as connection:
                connection.execute("DELETE FROM failed_batches WHERE failed_ms < ?", (now_ms - KEPT_MS,))
                connection.execute("DELETE FROM executions WHERE ended_ms < ?", (now_ms - KEPT_MS,))
            log.shrink()

    def _sweep_table(self, now_ms: int) -> None:
        """Once a day, remembered across restarts; a clock that was ahead does not stop it."""
        last_ms = last_run(self._log, _SWEPT)
        if last_ms is not None and 0 <= now_ms - last_ms < DAY_MS:
            return
        remove_ended(now_ms, also=ingest.past(now_ms))
        remember_run(self._log, _SWEPT, now_ms)


def forget_mails(folder: Path, now_ms: int) -> int:
    """Removes mails of the outbox, and what a crash left of one, that are older than their entries in the log of mails.

    Returns how many.
    """
    oldest = now_ms / 1000 - notifications.KEPT_DAYS * DAY_MS / 1000
    old = [file for file in folder.glob("*.eml*") if file.stat().st_mtime < oldest]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)
