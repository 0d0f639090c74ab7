"""Batches that a consumer gave up on: what there is, and how it comes again."""

import json
import time

from optiq.ports.log_file import INSERT_RECORD, LogFile, log_row

from infra.local.kinesis_event import from_event


def failed(log: LogFile) -> list[tuple[str, int, str]]:
    """Of each consumer that gave up on something: its name, how many batches, and the latest error's last line."""
    rows = log.connection().execute(
        "SELECT consumer, count(*), error, max(failed_ms) FROM failed_batches GROUP BY consumer ORDER BY consumer"
    )
    return [(consumer, batches, error.strip().splitlines()[-1]) for consumer, batches, error, _ in rows]


def replay_failed(log: LogFile, consumer: str) -> int:
    """Puts the records of a consumer's failed batches on the stream again, as new; returns how many.

    They come with new sequence numbers, behind what their keys have sent since. Raises sqlite3.Error.
    """
    with log.transaction() as connection:
        events = connection.execute("SELECT event FROM failed_batches WHERE consumer = ?", (consumer,)).fetchall()
        records = [from_event(record) for (event,) in events for record in json.loads(event)["Records"]]
        now_ms = time.time_ns() // 1_000_000
        connection.executemany(INSERT_RECORD, [log_row(record, now_ms) for record in records])
        connection.execute("DELETE FROM failed_batches WHERE consumer = ?", (consumer,))
    return len(records)
