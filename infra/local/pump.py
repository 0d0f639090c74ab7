"""The event source mappings, run over the embedded log with the contract of Lambda and Kinesis.

A consumer handles the batches of each shard in order, one at a time; a failure holds up only its shard. Shards take
turns (waiting_shards.py): as many threads as an organization has shards serve all, and one more serves shards with
little to read, so that no organization can hold all threads. Checkpoints are durable, so a record is handed over at
least once, whatever is killed when.
https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html and its pages on partial batch responses and
discarded records say what is done here; tests/contracts/test_pump.py holds it to them.
"""

import logging
import random
import sqlite3
import sys
import threading
import traceback
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from optiq.kernel.errors import UpstreamError
from optiq.ports.log_file import SHARDS, LogFile

from infra.local.handlers import Context, load
from infra.local.kinesis_event import StreamRecord, lowest_failure, sequence_number, to_event
from infra.local.mappings import Mapping
from infra.local.outage_log import OutageLog
from infra.local.shard_log import ShardLog, shards_of
from infra.local.waiting_shards import WaitingShards

_LOG = logging.getLogger(__name__)
_POLL_SECONDS = 0.02
_SHARED_SWITCH_SECONDS, _SWITCH_SECONDS = 0.0005, 0.005
"""How long a thread may hold the interpreter, while several organizations send and otherwise. A quiet organization's
event takes it some twenty times, each time behind the threads that are busy with others'. Switching costs a tenth."""


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
    """One consumer's reading of one shard, a step at a time: each is one invocation at most."""

    def __init__(self, log: ShardLog, mapping: Mapping, backoff: Backoff) -> None:
        self._log = log
        self._mapping = mapping
        self._backoff = backoff
        self._outage = OutageLog(_LOG, f"{mapping.consumer}, shard {log.shard}")
        # Pieces of a batch, the earliest last. The earliest is done with before the next is tried.
        self._pieces: list[Sequence[StreamRecord]] = []
        self._through = 0
        self._retries = 0
        self._troubles = 0

    @property
    def shard(self) -> int:
        return self._log.shard

    @property
    def in_batch(self) -> bool:
        return bool(self._pieces)

    def left(self, most: int) -> int:
        """How many records come next, counted up to `most`. Raises sqlite3.Error."""
        return min(most, len(self._pieces[-1])) if self._pieces else self._log.unread(most)

    def step(self, most: int | None = None) -> float:
        """Handles the next piece of the batch, or begins the next batch; returns how long to wait before going on.

        A batch has `most` records, by default as many as the mapping says. Trouble with the file or the function's
        import is waited out.
        """
        try:
            wait_seconds = self._step(most or self._mapping.batch_size)
        except sqlite3.Error as error:
            self._outage.failed(error)
            self._troubles += 1
            return self._backoff.seconds(self._troubles - 1)
        except Exception:  # noqa: BLE001 - the file, or whatever an import raises; a dead thread would hold up shards unseen
            _LOG.exception("%s cannot read shard %d", self._mapping.consumer, self._log.shard)
            self._troubles += 1
            return self._backoff.seconds(self._troubles - 1)
        self._troubles = 0
        if not wait_seconds:
            self._outage.works()
        return wait_seconds

    def _step(self, most: int) -> float:
        if not self._pieces:
            batch = self._log.next_batch(most)
            if batch is None:
                return 0.0
            if not batch.records:
                self._log.checkpoint(batch.through)
                return 0.0
            self._pieces, self._through = [batch.records], batch.through
        try:
            rest = self._invoke(self._pieces[-1])
        except _Failed as failure:
            return self._after(failure)
        piece = self._pieces.pop()
        self._retries = 0
        if rest:
            self._pieces.append(rest)
        self._done(piece[len(piece) - len(rest) - 1].sequence)
        return 0.0

    def _done(self, sequence: int) -> None:
        """Moves the checkpoint: behind the whole batch, and what was passed over with it, when that is done."""
        self._log.checkpoint(sequence if self._pieces else self._through)

    def _after(self, failure: _Failed) -> float:
        """What becomes of the piece that failed; returns how long to wait before going on."""
        piece, retries = self._pieces[-1], self._retries
        if failure.outage:
            self._retries = min(retries + 1, self._mapping.maximum_retry_attempts)
            return self._backoff.seconds(retries)
        if len(piece) > 1 and self._mapping.bisect_batch_on_function_error:
            middle = len(piece) // 2
            self._pieces[-1:] = [piece[middle:], piece[:middle]]
            return 0.0
        if retries < self._mapping.maximum_retry_attempts:
            self._retries = retries + 1
            return self._backoff.seconds(retries)
        self._discard(piece, failure)
        self._pieces.pop()
        self._retries = 0
        if not self._pieces:
            self._log.checkpoint(self._through)
        return 0.0

    def _invoke(self, records: Sequence[StreamRecord]) -> Sequence[StreamRecord]:
        """Hands records over; returns those to retry, from the lowest failed on. Raises _Failed for all."""
        handler = load(self._mapping.handler)
        context = Context(self._mapping.consumer, str(uuid.uuid4()))
        try:
            answer = handler(self._mapping.event(self._log.shard, records), context)
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
    """Every consumer's reading of all shards, by a few threads that take turns.

    Args:
        switches: whether its threads say how often the process's threads take turns; one pump of a process does.
    """

    def __init__(
        self, path: str, mappings: Iterable[Mapping], backoff: Backoff | None = None, *, switches: bool = True
    ) -> None:
        # What a checkpoint would lose with the power is read again, so no sync is spent on it.
        self._log = LogFile(path, synchronous="NORMAL")
        self._stop = threading.Event()
        self._backoff = backoff or Backoff()
        self._switches = switches
        self._threads = [
            threading.Thread(target=self._run, args=(waiting, little), name=name, daemon=True)
            for mapping in mappings
            for waiting in [self._waiting(mapping)]
            for name, little in _threads_of(mapping)
        ]

    def _waiting(self, mapping: Mapping) -> WaitingShards[ShardReader]:
        def reader(shard: int) -> ShardReader:
            return ShardReader(ShardLog(self._log, mapping.consumer, shard, mapping.kinds), mapping, self._backoff)

        return WaitingShards(self._log, mapping, reader)

    def _run(self, waiting: WaitingShards[ShardReader], little: bool) -> None:
        failures = 0
        while not self._stop.is_set():
            try:
                reader = waiting.take(little=little)
            except sqlite3.Error:
                _LOG.exception("the stream cannot be read")
                self._stop.wait(self._backoff.seconds(failures))
                failures += 1
                continue
            failures = 0
            if self._switches:
                sys.setswitchinterval(_SHARED_SWITCH_SECONDS if waiting.is_shared else _SWITCH_SECONDS)
            if reader is None:
                self._stop.wait(_POLL_SECONDS)
            else:
                waiting.give_back(reader, reader.step(waiting.most(little=little)))

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


def _threads_of(mapping: Mapping) -> list[tuple[str, bool]]:
    """By name; which of them serve only shards with little to read."""
    anything = [(f"{mapping.consumer}-{number}", False) for number in range(SHARDS)]
    return [*anything, (f"{mapping.consumer}-little", True)]


def backlog(log: LogFile, mappings: Iterable[Mapping]) -> int:
    """How many records consumers have yet to handle; 0 when all that was put has taken its effect."""
    return sum(
        ShardLog(log, mapping.consumer, shard, mapping.kinds).backlog()
        for mapping in mappings
        for shard in shards_of(log)
    )
