"""One consumer's reading of one shard, with the contract of Lambda and Kinesis (tests/contracts/test_pump.py).

https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html and its pages on partial batch responses and
discarded records say what is done here.
"""

import logging
import random
import sqlite3
import traceback
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from optiq.kernel.errors import UpstreamError

from infra.local.handlers import Context, load, noted
from infra.local.kinesis_event import StreamRecord, lowest_failure, sequence_number, to_event
from infra.local.mappings import Mapping
from infra.local.outage_log import OutageLog
from infra.local.shard_log import ShardLog

_LOG = logging.getLogger(__name__)
Event = dict[str, Any]
Invoke = Callable[[Mapping, int, Event], object]
"""Calls a mapping's function with an event of a shard; returns what it answers, or raises what it raises."""


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

    def step(self, most: int | None = None, apart: Invoke | None = None) -> float:
        """Handles the next piece of the batch, or begins the next batch; returns how long to wait before going on.

        A batch has `most` records, by default as many as the mapping says; `apart` is what calls the function, if
        that is not to be here. Trouble with the file or the function's import is waited out.
        """
        try:
            wait_seconds = self._step(most or self._mapping.batch_size, apart or _invoke_here)
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

    def _step(self, most: int, invoke: Invoke) -> float:
        if not self._pieces:
            batch = self._log.next_batch(most)
            if batch is None:
                return 0.0
            if not batch.records:
                self._log.checkpoint(batch.through)
                return 0.0
            self._pieces, self._through = [batch.records], batch.through
        try:
            rest = self._handle(self._pieces[-1], invoke)
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

    def _handle(self, records: Sequence[StreamRecord], invoke: Invoke) -> Sequence[StreamRecord]:
        """Hands records over; returns those to retry, from the lowest failed on. Raises _Failed for all."""
        try:
            answer = invoke(self._mapping, self._log.shard, self._mapping.event(self._log.shard, records))
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


def _invoke_here(mapping: Mapping, _shard: int, event: Event) -> object:
    context = Context(mapping.consumer, str(uuid.uuid4()))
    return noted(mapping.handler, load(mapping.handler), event, context)
