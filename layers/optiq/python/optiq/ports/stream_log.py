"""The stream on one machine: a durable log in one SQLite file (ports/log_file.py), read by the local pump."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from optiq.kernel.clock import system_clock
from optiq.kernel.errors import UpstreamError
from optiq.ports.log_file import INSERT_RECORD, LogFile, log_row, shard_name, shards_of
from optiq.ports.stream import Record


@dataclass(slots=True)
class _Waiting:
    """One caller's records, waiting for a commit."""

    records: Sequence[Record]
    done: bool = False
    error: sqlite3.Error | None = None


class LogStream:
    """The stream port. Threads that put at the same moment share one commit, and so one sync of the disk."""

    def __init__(self, path: str) -> None:
        self._log = LogFile(path)
        self._committing = threading.Lock()
        self._queueing = threading.Lock()
        self._queue: list[_Waiting] = []
        self._local = threading.local()

    @contextmanager
    def gathering(self) -> Iterator[list[Record]]:
        """Gathers what this thread puts meanwhile instead of writing it.

        It is for the caller to put, before anybody gets the answer that it is accepted.
        """
        gathered: list[Record] = []
        self._local.gathered = gathered
        try:
            yield gathered
        finally:
            self._local.gathered = None

    def put(self, records: Sequence[Record]) -> None:
        if not records:
            return
        gathered: list[Record] | None = getattr(self._local, "gathered", None)
        if gathered is not None:
            gathered.extend(records)
            return
        mine = _Waiting(records)
        with self._queueing:
            self._queue.append(mine)
        with self._committing:
            # Whoever held the lock before may have committed these records with its own.
            if not mine.done:
                self._commit_queue()
        if mine.error is not None:
            raise UpstreamError("the stream could not be written", retryable=True) from mine.error

    def put_on_every_shard(self, record: Record) -> list[str]:
        shards, now_ms = shards_of(record.organization_id), system_clock()
        rows = [(shard, *log_row(record, now_ms)[1:]) for shard in shards]
        try:
            with self._log.transaction() as connection:
                connection.executemany(INSERT_RECORD, rows)
        except sqlite3.Error as error:
            raise UpstreamError("the stream could not be written", retryable=True) from error
        return [shard_name(shard) for shard in shards]

    def close(self) -> None:
        """Closes the file; nobody may be putting."""
        self._log.close()

    def _commit_queue(self) -> None:
        with self._queueing:
            together, self._queue = self._queue, []
        error: sqlite3.Error | None = sqlite3.OperationalError("the commit was interrupted")
        try:
            self.write([record for waiting in together for record in waiting.records])
            error = None
        except sqlite3.Error as failure:
            error = failure
        finally:
            for waiting in together:
                waiting.done, waiting.error = True, error

    def write(self, records: Sequence[Record]) -> None:
        now_ms = system_clock()
        with self._log.transaction() as connection:
            connection.executemany(INSERT_RECORD, [log_row(record, now_ms) for record in records])
