"""Answers kept in the table, so that what many ask is computed once.

An answer is given again while the files that it was made of are as they were; within FRESH_MS they are not looked at.
Of several requests for the same answer one computes it; the others wait for it.
"""

import hashlib
import secrets
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import TypeAdapter

from optiq.kernel.clock import DAY_MS, MINUTE_MS, SECOND_MS, Clock
from optiq.kernel.keys import Key
from optiq.kernel.table import Update, update_if
from optiq.ports import wiring
from optiq.reports import keys
from optiq.reports.records import AnswerRecord

FRESH_MS = 15 * SECOND_MS
KEPT_MS = 7 * DAY_MS
RUN_MS = MINUTE_MS
"""How long one may compute: twice as long as API Gateway waits. After that its process has died."""
_MOST_BYTES = 300 * 1024
_PATIENCE_SECONDS, _POLL_SECONDS = 25.0, 0.1
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Kept(Generic[T]):
    """An answer, and the instant at which it was seen to be what the lake says."""

    value: T
    seen_ms: int


@dataclass(frozen=True, slots=True)
class Wanted(Generic[T]):
    """An answer to give.

    Attributes:
        question: everything that the answer depends on besides the lake: other text, another answer.
        read: the tables that it is made of, each with the first and the last day.
        kind: reads and writes it as JSON.
    """

    organization_id: str
    site_id: str
    question: str
    read: Mapping[str, tuple[str, str]]
    kind: TypeAdapter[T]
    compute: Callable[[], T]

    @property
    def key(self) -> Key:
        digest = hashlib.blake2b(self.question.encode(), digest_size=16).hexdigest()
        return keys.answer(self.organization_id, self.site_id, digest)


def give(wanted: Wanted[T], clock: Clock) -> Kept[T]:
    """The answer, kept or computed. Raises what computing it raises, and UpstreamError."""
    give_up = time.monotonic() + _PATIENCE_SECONDS
    run = secrets.token_hex(8)
    while True:
        record, now_ms = _find(wanted), clock()
        if record and record.answer and now_ms - record.seen_ms < FRESH_MS:
            return Kept(_read(wanted, record.answer), int(record.seen_ms))
        stamp = wiring.query().stamp(wanted.organization_id, wanted.read)
        if record and record.answer and record.stamp == stamp:
            update_if(Update(record, [AnswerRecord.seen_ms.set(now_ms)], AnswerRecord.stamp == stamp))
            return Kept(_read(wanted, record.answer), now_ms)
        if _begin(wanted, run, record, now_ms) or time.monotonic() > give_up:
            return _compute(wanted, run, stamp, now_ms, clock)
        time.sleep(_POLL_SECONDS)


def _find(wanted: Wanted[T]) -> AnswerRecord | None:
    try:
        return AnswerRecord.get(*wanted.key, consistent_read=True)
    except AnswerRecord.DoesNotExist:
        return None


def _begin(wanted: Wanted[T], run: str, found: AnswerRecord | None, now_ms: int) -> bool:
    """Whether this run may compute; no other one may for RUN_MS. Not when there is a newer answer than was found."""
    record = AnswerRecord
    free = record.busy_until_ms.does_not_exist() | (record.busy_until_ms < now_ms)
    free &= record.seen_ms == found.seen_ms if found and found.answer else record.answer.does_not_exist()
    actions = [
        record.run.set(run),
        record.busy_until_ms.set(now_ms + RUN_MS),
        record.forget_at.set((now_ms + KEPT_MS) // SECOND_MS),
    ]
    return update_if(Update(AnswerRecord(*wanted.key), actions, free))


def _compute(wanted: Wanted[T], run: str, stamp: str, now_ms: int, clock: Clock) -> Kept[T]:
    record = AnswerRecord
    actions = [record.busy_until_ms.set(0)]
    try:
        value = wanted.compute()
        packed = zlib.compress(wanted.kind.dump_json(value))
        if len(packed) <= _MOST_BYTES:
            actions += [
                record.answer.set(packed),
                record.stamp.set(stamp),
                record.seen_ms.set(now_ms),
                record.forget_at.set((clock() + KEPT_MS) // SECOND_MS),
            ]
    finally:
        update_if(Update(AnswerRecord(*wanted.key), actions, record.run == run))
    return Kept(value, now_ms)


def _read(wanted: Wanted[T], answer: bytes) -> T:
    return wanted.kind.validate_json(zlib.decompress(answer))
