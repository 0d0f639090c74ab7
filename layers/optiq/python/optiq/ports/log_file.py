"""The one SQLite file of the embedded substrate: the stream's records, what has been read of them, and queued work.

Every process and thread opens it through `LogFile`. SQLite has one writer at a time, so sequence numbers appear
in the order of commits and a reader never sees a gap that is filled later. A record's number is one more than the
newest one's, which is therefore never deleted (AUTOINCREMENT would write a page more for each commit).
"""

import hashlib
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Literal

from optiq.ports.stream import Record

SHARDS = 2
"""Of each organization. More would not be read faster on one machine, and each batch of each shard makes files of its
own in the lake."""
BUSY_TIMEOUT_SECONDS = 15.0
_INCREMENTAL = 2
_PAGES_AT_ONCE = 1_000
_QUICKLY_WRITTEN_BYTES = 64 * 1024 * 1024

_SCHEMA = """
CREATE TABLE IF NOT EXISTS records (
    sequence INTEGER PRIMARY KEY,
    shard INTEGER NOT NULL,
    partition_key TEXT NOT NULL,
    kind TEXT NOT NULL,
    arrived_ms INTEGER NOT NULL,
    data BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS records_by_shard ON records (shard, sequence, kind);
CREATE TABLE IF NOT EXISTS checkpoints (
    consumer TEXT NOT NULL,
    shard INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (consumer, shard)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS failed_batches (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    consumer TEXT NOT NULL,
    shard INTEGER NOT NULL,
    failed_ms INTEGER NOT NULL,
    error TEXT NOT NULL,
    event TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS executions (
    machine TEXT NOT NULL,
    name TEXT NOT NULL,
    status TEXT NOT NULL,
    input TEXT NOT NULL,
    output TEXT NOT NULL DEFAULT '',
    queued_ms INTEGER NOT NULL,
    ended_ms INTEGER,
    PRIMARY KEY (machine, name)
);
CREATE INDEX IF NOT EXISTS executions_by_status ON executions (status, queued_ms);
CREATE TABLE IF NOT EXISTS timers (
    name TEXT PRIMARY KEY,
    last_run_ms INTEGER NOT NULL
) WITHOUT ROWID;
"""

INSERT_RECORD = "INSERT INTO records (shard, partition_key, kind, arrived_ms, data) VALUES (?, ?, ?, ?, ?)"


def shard_of(partition_key: str, organization_id: str = "") -> int:
    """The shard of a key: of its organization's, the one whose share of the MD5 range holds it, as Kinesis has it.

    Organizations have shards of their own, so that none waits behind another's records (docs/decisions/0034). Their
    numbers come from a hash of 32 bits: two organizations that met would wait for each other, and nothing else.
    """
    share = hashlib.md5(partition_key.encode(), usedforsecurity=False).digest()[0] * SHARDS // 256
    return _first_shard(organization_id) + share


def shards_of(organization_id: str) -> list[int]:
    """Those that an organization's records come to."""
    return [_first_shard(organization_id) + share for share in range(SHARDS)]


def shard_name(shard: int) -> str:
    """As Kinesis names a shard."""
    return f"shardId-{shard:012d}"


@lru_cache(maxsize=1024)
def _first_shard(organization_id: str) -> int:
    if not organization_id:
        return 0
    digest = hashlib.md5(organization_id.encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[:4], "big") * SHARDS


def log_row(record: Record, now_ms: int) -> tuple[int, str, str, int, bytes]:
    """What INSERT_RECORD takes."""
    shard = shard_of(record.partition_key, record.organization_id)
    return shard, record.partition_key, record.kind, now_ms, record.data


class LogFile:
    """Connections to one log file, one for each thread.

    Args:
        path: the file; created with its tables when absent.
        synchronous: FULL syncs every commit to disk. NORMAL may lose the last commits with the power, never
            with the process, and suits what can be done again.
    """

    def __init__(self, path: str, synchronous: Literal["FULL", "NORMAL"] = "FULL") -> None:
        self._path = path
        self._synchronous = synchronous
        self._local = threading.local()
        self._guard = threading.Lock()
        self._opened: list[sqlite3.Connection] = []

    def connection(self) -> sqlite3.Connection:
        """This thread's connection, in autocommit. Raises sqlite3.Error."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._open()
            self._local.connection = connection
            with self._guard:
                self._opened.append(connection)
        return connection

    def newest(self) -> int:
        """The number of the newest record, 0 where there is none. Raises sqlite3.Error."""
        (sequence,) = self.connection().execute("SELECT coalesce(max(sequence), 0) FROM records").fetchone()
        return int(sequence)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A write transaction: committed at the end, rolled back when anything is raised. Raises sqlite3.Error."""
        connection = self.connection()
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def shrink(self) -> None:
        """Gives the space of removed records back, a little at a time, so that writers wait for moments only.

        A file that an older version made cannot give any back: it is written anew once little of it is used, and
        until then its space is used again. Raises sqlite3.Error.
        """
        connection = self.connection()
        if connection.execute("PRAGMA auto_vacuum").fetchone()[0] != _INCREMENTAL:
            pages, free, size = (
                connection.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("page_count", "freelist_count", "page_size")
            )
            if free and (pages - free) * size <= _QUICKLY_WRITTEN_BYTES:
                connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
                connection.execute("VACUUM")
            return
        while (free := connection.execute("PRAGMA freelist_count").fetchone()[0]) > 0:
            connection.execute(f"PRAGMA incremental_vacuum({_PAGES_AT_ONCE})").fetchall()
            if connection.execute("PRAGMA freelist_count").fetchone()[0] >= free:
                break
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Closes the connections of all threads, which must have stopped using them."""
        with self._guard:
            while self._opened:
                self._opened.pop().close()
        self._local = threading.local()

    def _open(self) -> sqlite3.Connection:
        Path(self._path).parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(
            self._path, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            # Of a new file only, and before anything stands in it: what is removed later can be given back.
            connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
            _use_wal(connection)
            connection.execute(f"PRAGMA synchronous={self._synchronous}")
            if connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'timers'").fetchone() == (0,):
                connection.executescript(f"BEGIN IMMEDIATE;{_SCHEMA}COMMIT;")
        except sqlite3.Error:
            connection.close()
            raise
        return connection


def _use_wal(connection: sqlite3.Connection) -> None:
    # Changing the journal mode needs the file alone and does not wait for it, whatever the busy timeout.
    give_up = time.monotonic() + BUSY_TIMEOUT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.01)
        else:
            return
