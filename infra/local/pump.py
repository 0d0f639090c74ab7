"""The event source mappings, run over the embedded log with the contract of Lambda and Kinesis.

Each shard of each consumer has a thread of its own: batches in order, one at a time; a failure holds up only its
shard. Checkpoints are durable, so a record is handed over at least once, whatever is killed when.
https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html and its pages on partial batch responses and
discarded records say what is done here; tests/contracts/test_pump.py holds it to them.
"""

import json
import logging
import random
import sqlite3
import threading
import time
import traceback
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from optiq.kernel.errors import UpstreamError
from optiq.ports.log_file import INSERT_RECORD, LogFile, shard_of

from infra.local.handlers import Context, load
from infra.local.kinesis_event import StreamRecord, from_event, lowest_failure, sequence_number, to_event
from infra.local.mappings import Mapping
from infra.local.outage_log import OutageLog
from infra.local.shard_log import Batch, ShardLog, shards_of

_LOG = logging.getLogger(__name__)
_POLL_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Backoff:
    """Seconds to wait before each retry: doubling from `first` up to `longest`, less a random half."""

    first: float = 0.2
    longest: float = 20.0

    def seconds(self, retry: int) -> float:
        return min(self.longest, self.first * 2.0 ** min(retry, 30)) * random.uniform(0.5, 1)  # noqa: S311 - jitter


class _Failed(Exception):  # noqa: N818 - an outcome, raised and caught in this module
    """The whole batch failed. `outage`: by no fault of its records, so it may wait for as long as it takes."""

    def __init__(self, message: str, *, outage: bool = False) -> None:
        super().__init__(message)
        self.outage = outage


class ShardReader:
    """One consumer's reading of one shard."""

    def __init__(self, log: ShardLog, mapping: Mapping, stop: threading.Event, backoff: Backoff) -> None:
        self._log = log
        self._mapping = mapping
        self._stop = stop
        self._backoff = backoff
        self._outage = OutageLog(_LOG, f"{mapping.consumer}, shard {log.shard}")

    def run(self) -> None:
        """Reads until told to stop; trouble with the file or the function's import is waited out."""
        retry = 0
        while not self._stop.is_set():
            try:
                while not self._stop.is_set():
                    self.read_once()
                    self._outage.works()
                    retry = 0
            except sqlite3.Error as error:
                self._outage.failed(error)
                self._stop.wait(self._backoff.seconds(retry))
                retry += 1
            except Exception:  # noqa: BLE001 - whatever an import raises; a dead thread would hold up its shard unseen
                _LOG.exception("%s cannot read shard %d", self._mapping.consumer, self._log.shard)
                self._stop.wait(self._backoff.seconds(retry))
                retry += 1

    def read_once(self) -> None:
        """Handles the next batch, or waits a little when there is none."""
        batch = self._next_batch()
        if batch is None:
            self._stop.wait(_POLL_SECONDS)
            return
        self._deliver(batch.records)
        if not self._stop.is_set():
            self._log.checkpoint(batch.through)

    def _next_batch(self) -> Batch | None:
        batch = self._log.next_batch(self._mapping.batch_size)
        if batch is None or not batch.records or len(batch.records) >= self._mapping.batch_size:
            return batch
        self._stop.wait(self._mapping.batching_window_seconds)
        return self._log.next_batch(self._mapping.batch_size)

    def _deliver(self, records: Sequence[StreamRecord]) -> None:
        # Pieces of a split batch, the earliest last. The earliest is done with before the next is tried.
        pieces = [records] if records else []
        retries = 0
        while pieces and not self._stop.is_set():
            piece = pieces.pop()
            try:
                rest = self._invoke(piece)
            except _Failed as failure:
                if failure.outage:
                    pieces.append(piece)
                    self._stop.wait(self._backoff.seconds(retries))
                    retries = min(retries + 1, self._mapping.maximum_retry_attempts)
                elif len(piece) > 1 and self._mapping.bisect_batch_on_function_error:
                    middle = len(piece) // 2
                    pieces += [piece[middle:], piece[:middle]]
                elif retries >= self._mapping.maximum_retry_attempts:
                    self._discard(piece, failure)
                    retries = 0
                else:
                    pieces.append(piece)
                    self._stop.wait(self._backoff.seconds(retries))
                    retries += 1
                continue
            retries = 0
            done = piece[: len(piece) - len(rest)]
            self._log.checkpoint(done[-1].sequence)
            if rest:
                pieces.append(rest)

    def _invoke(self, records: Sequence[StreamRecord]) -> Sequence[StreamRecord]:
        """Hands records over; returns those to retry, from the lowest failed on. Raises _Failed for all."""
        handler = load(self._mapping.handler)
        context = Context(self._mapping.consumer, str(uuid.uuid4()))
        try:
            answer = handler(to_event(self._log.shard, records), context)
        except Exception as error:
            outage = isinstance(error, UpstreamError) and error.retryable
            if outage:
                self._outage.failed(error)
            else:
                _LOG.warning("%s failed on %d records", self._mapping.handler, len(records), exc_info=True)
            raise _Failed("".join(traceback.format_exception(error)), outage=outage) from error
        self._outage.works()
        lowest = lowest_failure(answer, [sequence_number(record.sequence) for record in records])
        if lowest == 0:
            raise _Failed(f"the function reported failures: {str(answer)[:2000]}")
        return records[lowest:] if lowest else ()

    def _discard(self, records: Sequence[StreamRecord], failure: _Failed) -> None:
        _LOG.error(
            "%s gave up on %d records of shard %d; they are kept among the failed batches",
            self._mapping.consumer,
            len(records),
            self._log.shard,
        )
        self._log.discard(to_event(self._log.shard, records), records[-1].sequence, str(failure))


class Pump:
    """Every consumer's reading of every shard, each in a thread of its own."""

    def __init__(self, path: str, mappings: Iterable[Mapping], backoff: Backoff | None = None) -> None:
        # What a checkpoint would lose with the power is read again, so no sync is spent on it.
        self._log = LogFile(path, synchronous="NORMAL")
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(
                target=ShardReader(
                    ShardLog(self._log, mapping.consumer, shard, mapping.kinds),
                    mapping,
                    self._stop,
                    backoff or Backoff(),
                ).run,
                name=f"{mapping.consumer}-{shard}",
                daemon=True,
            )
            for mapping in mappings
            for shard in shards_of(self._log)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self, timeout_seconds: float = 5.0) -> bool:
        """Lets the invocations that run end; returns whether all did within the time."""
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout_seconds)
        ended = not any(thread.is_alive() for thread in self._threads)
        if ended:
            self._log.close()
        return ended


def backlog(log: LogFile, mappings: Iterable[Mapping]) -> int:
    """How many records consumers have yet to handle; 0 when all that was put has taken its effect."""
    return sum(
        ShardLog(log, mapping.consumer, shard, mapping.kinds).backlog()
        for mapping in mappings
        for shard in shards_of(log)
    )


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
        connection.executemany(
            INSERT_RECORD, [(shard_of(r.partition_key), r.partition_key, r.kind, now_ms, r.data) for r in records]
        )
        connection.execute("DELETE FROM failed_batches WHERE consumer = ?", (consumer,))
    return len(records)
