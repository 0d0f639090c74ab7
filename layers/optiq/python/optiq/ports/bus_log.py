"""The bus on one machine: a log file of its own, which the local pump delivers to subscribers.

A record is the event as EventBridge hands it to a function:
https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html
"""

import json
import sqlite3
import uuid
from collections.abc import Sequence

from optiq.kernel.clock import system_clock, to_rfc3339
from optiq.kernel.errors import UpstreamError
from optiq.ports.bus import BusEvent
from optiq.ports.log_file import INSERT_RECORD, LogFile, log_row
from optiq.ports.stream import Record


class LogBus:
    """The bus port; `path` is the log file's."""

    def __init__(self, path: str) -> None:
        self._log = LogFile(path)

    def put(self, events: Sequence[BusEvent]) -> None:
        records = [Record(event.key, event.kind, _delivered(event), event.organization_id) for event in events]
        now_ms = system_clock()
        try:
            with self._log.transaction() as connection:
                connection.executemany(INSERT_RECORD, [log_row(record, now_ms) for record in records])
        except sqlite3.Error as error:
            raise UpstreamError("the events could not be written", retryable=True) from error

    def close(self) -> None:
        self._log.close()


def _delivered(event: BusEvent) -> bytes:
    return json.dumps(
        {
            "version": "0",
            "id": str(uuid.uuid4()),
            "detail-type": event.kind,
            "source": event.source,
            "account": "000000000000",
            "time": to_rfc3339(event.at_ms - event.at_ms % 1000).replace(".000Z", "Z"),
            "region": "local",
            "resources": [],
            "detail": json.loads(event.detail),
        },
        separators=(",", ":"),
    ).encode()
