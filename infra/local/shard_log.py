"""One consumer's view of one shard of the log: the next batch, its checkpoint, and what it gave up on."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from optiq.ports.log_file import LogFile

from infra.local.kinesis_event import StreamRecord

RETENTION_MS = 7 * 24 * 3_600_000
_TRIM_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class Batch:
    """Records of the wanted kinds, in order; `through` is the last sequence looked at, wanted or not."""

    records: Sequence[StreamRecord]
    through: int


class ShardLog:
    """Every method may raise sqlite3.Error."""

    def __init__(self, log: LogFile, consumer: str, shard: int, kinds: Sequence[str]) -> None:
        self.shard = shard
        self._log = log
        self._consumer = consumer
        self._kinds = tuple(kinds)
        self._position: int | None = None
        self._wanted = f"shard = ? AND sequence > ? AND kind IN ({', '.join('?' * len(self._kinds))})"

    def next_batch(self, size: int) -> Batch | None:
        """Up to `size` records after the checkpoint; None when nothing at all was appended since."""
        # Nobody else moves it, so it is looked up once.
        position = self._position = self.position() if self._position is None else self._position
        connection = self._log.connection()
        # Looked up before the records, so that nothing appended in between can fall below `through` unread.
        end = connection.execute("SELECT max(sequence) FROM records WHERE shard = ?", (self.shard,)).fetchone()[0]
        if end is None or end <= position:
            return None
        rows = connection.execute(
            f"SELECT sequence, partition_key, arrived_ms, data FROM records WHERE {self._wanted}"  # noqa: S608
            " AND sequence <= ? ORDER BY sequence LIMIT ?",
            (self.shard, position, *self._kinds, end, size),
        ).fetchall()
        records = [StreamRecord(*row) for row in rows]
        return Batch(records, records[-1].sequence if len(records) == size else end)

    def position(self) -> int:
        """The sequence up to which all is done."""
        row = (
            self._log.connection()
            .execute("SELECT sequence FROM checkpoints WHERE consumer = ? AND shard = ?", (self._consumer, self.shard))
            .fetchone()
        )
        return int(row[0]) if row else 0

    def checkpoint(self, sequence: int) -> None:
        with self._log.transaction() as connection:
            connection.execute(*self._moved_to(sequence))
        self._position = sequence

    def discard(self, event: Mapping[str, Any], through: int, error: str) -> None:
        """Keeps a failed batch, whole, and moves the checkpoint past it, together."""
        with self._log.transaction() as connection:
            connection.execute(
                "INSERT INTO failed_batches (consumer, shard, failed_ms, error, event) VALUES (?, ?, ?, ?, ?)",
                (self._consumer, self.shard, time.time_ns() // 1_000_000, error, json.dumps(event)),
            )
            connection.execute(*self._moved_to(through))
        self._position = through

    def unread(self, most: int) -> int:
        """Records after the checkpoint, wanted or not, counted up to `most`."""
        count = self._log.connection().execute(
            "SELECT count(*) FROM (SELECT 1 FROM records WHERE shard = ? AND sequence > ? LIMIT ?)",
            (self.shard, self.position() if self._position is None else self._position, most),
        )
        return int(count.fetchone()[0])

    def backlog(self) -> int:
        """Records of the wanted kinds after the checkpoint."""
        count = self._log.connection().execute(
            f"SELECT count(*) FROM records WHERE {self._wanted}",  # noqa: S608 - made of placeholders
            (self.shard, self.position(), *self._kinds),
        )
        return int(count.fetchone()[0])

    def oldest_ms(self) -> int | None:
        """When the first record of the wanted kinds after the checkpoint came; None when there is none."""
        # The checkpoint is another process's, and looked up anew.
        row = (
            self._log.connection()
            .execute(
                f"SELECT arrived_ms FROM records WHERE {self._wanted} ORDER BY sequence LIMIT 1",  # noqa: S608
                (self.shard, self.position(), *self._kinds),
            )
            .fetchone()
        )
        return int(row[0]) if row else None

    def _moved_to(self, sequence: int) -> tuple[str, tuple[str, int, int]]:
        return "INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?)", (self._consumer, self.shard, sequence)


def shards_of(log: LogFile) -> list[int]:
    """The shards that have records, also those of an earlier version. It takes a look at the index for each."""
    rows = log.connection().execute(
        "WITH RECURSIVE found (shard) AS (SELECT min(shard) FROM records UNION ALL"
        " SELECT (SELECT min(shard) FROM records WHERE shard > found.shard) FROM found WHERE shard IS NOT NULL)"
        " SELECT shard FROM found WHERE shard IS NOT NULL"
    )
    return [shard for (shard,) in rows]


def trim(log: LogFile, consumers: Sequence[str], now_ms: int, kept_ms: int = RETENTION_MS) -> int:
    """Deletes records older than `kept_ms` that every consumer is past; returns how many.

    The newest record of the log stays, because the next one's number follows from it.
    """
    removed = 0
    for shard in shards_of(log):
        done = min(ShardLog(log, consumer, shard, ()).position() for consumer in consumers)
        while True:
            with log.transaction() as connection:
                count = connection.execute(
                    "DELETE FROM records WHERE sequence IN (SELECT sequence FROM (SELECT sequence, arrived_ms"
                    " FROM records WHERE shard = ? AND sequence <= ? AND sequence < (SELECT max(sequence) FROM records)"
                    " ORDER BY sequence LIMIT ?) WHERE arrived_ms < ?)",
                    (shard, done, _TRIM_ROWS, now_ms - kept_ms),
                ).rowcount
            removed += count
            if count < _TRIM_ROWS:
                break
    return removed
