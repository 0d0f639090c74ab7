"""Workflows on one machine: executions queued in the log file (ports/log_file.py), run by the local worker."""

import sqlite3

from optiq.kernel.clock import system_clock
from optiq.kernel.errors import UpstreamError
from optiq.ports.log_file import LogFile


class QueueWorkflows:
    """The workflows port. `machine` is the path of a definition (*.asl.json)."""

    def __init__(self, path: str) -> None:
        self._log = LogFile(path)

    def start(self, machine: str, execution_name: str, input_json: str) -> None:
        try:
            with self._log.transaction() as connection:
                connection.execute(
                    "INSERT OR IGNORE INTO executions (machine, name, status, input, queued_ms)"
                    " VALUES (?, ?, 'QUEUED', ?, ?)",
                    (machine, execution_name, input_json, system_clock()),
                )
        except sqlite3.Error as error:
            raise UpstreamError("the workflow could not be started", retryable=True) from error

    def close(self) -> None:
        self._log.close()
