"""Writes postings: head, entries and what their sources claim in one conditional transaction.

Of two writers to a ledger one comes second, and posts to what the other made of it. A source that has an entry already
is not posted again: who asks gets that entry.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from optiq.audit import api as audit
from optiq.audit.contracts import Change
from optiq.billing.credits import records
from optiq.billing.credits.beginning import begun
from optiq.billing.credits.checks import OWN_KINDS
from optiq.billing.credits.sealing import sealed
from optiq.billing.ledger import posting
from optiq.billing.ledger.commands import Command
from optiq.billing.ledger.contracts import Entry, Head, Posted, Source
from optiq.kernel.errors import ConflictError, OptiqError, UpstreamError
from optiq.kernel.table import Put, Update, write_together

_ATTEMPTS = 8
_FIRST_DELAY_SECONDS = 0.01
_MOST_DUE = 10
"""Entries that the clock brings about and that a posting's transaction takes along; more are written before it."""


@dataclass(frozen=True, slots=True)
class Together:
    """What else is written with a posting, or neither is.

    Attributes:
        writes: of other items. refused: raises the reason when one of them does not fit what is stored.
        changes: for the audit log.
    """

    writes: tuple[Put | Update, ...] = ()
    changes: tuple[Change, ...] = ()
    refused: Callable[[], None] = lambda: None


_ALONE = Together()


def post(
    organization_id: str,
    command: Command,
    now_ms: int,
    *,
    source: Source,
    same: Callable[[Entry], bool],
    together: Together = _ALONE,
) -> Entry:
    """Posts a command of which the source may have one entry, and returns that entry.

    Args:
        same: tells of the source's entry whether it is what is asked for.

    Raises:
        ConflictError: the source has another entry.
        UpstreamError: others were posting all the time; the same may succeed later.
        OptiqError: as of ledger.posting.post.
    """
    for attempt in range(_ATTEMPTS):
        _wait(attempt)
        head = _settled(organization_id, now_ms)
        if head is None:
            continue
        try:
            posted = posting.post(head, command, now_ms)
        except OptiqError:
            if found := _entry_of(organization_id, source, same):
                return found
            raise
        if written := _write(organization_id, head, posted, together):
            return next(entry for entry in written.entries if entry.source == source)
        together.refused()
        if found := _entry_of(organization_id, source, same):
            return found
    raise _busy()


def post_state(
    organization_id: str,
    build: Callable[[], Command | None],
    now_ms: int,
    *,
    once: Source | None = None,
    together: Together = _ALONE,
    begins: bool = True,
) -> tuple[Entry, ...]:
    """Posts what may add any number of entries: what is due, a plan, a payment. The same again adds none.

    Args:
        build: the command, made anew for each attempt.
        once: a source that may have an entry already; then nothing is posted.
        begins: who has no plan yet gets the free one first.

    Returns:
        The entries that were added.

    Raises:
        UpstreamError: others were posting all the time; the same may succeed later.
    """
    for attempt in range(_ATTEMPTS):
        _wait(attempt)
        head = _settled(organization_id, now_ms, begins=begins)
        if head is None:
            continue
        if once and records.entry_of(organization_id, once):
            return ()
        posted = posting.post(head, build(), now_ms)
        if posted.head == head and not posted.purchase and not together.writes:
            return ()
        if written := _write(organization_id, head, posted, together):
            return written.entries
        together.refused()
    raise _busy()


def _wait(attempt: int) -> None:
    if attempt:
        time.sleep(_FIRST_DELAY_SECONDS * 2**attempt * random.random())  # noqa: S311 - jitter


def _busy() -> UpstreamError:
    return UpstreamError("too many postings at once", retryable=True)


def _settled(organization_id: str, now_ms: int, *, begins: bool = True) -> Head | None:
    """The ledger with so little due that a posting takes it along; None when another was writing it."""
    head = records.find_head(organization_id)
    if begins and (first := begun(organization_id, head, now_ms)):
        written = _write(organization_id, head, first, _ALONE)
        if written is None:
            return None
        head = written.head
    while part := posting.settle(head, now_ms, _MOST_DUE):
        written = _write(organization_id, head, part, _ALONE)
        if written is None:
            return None
        head = written.head
    return head


def _write(organization_id: str, head: Head, posted: Posted, together: Together) -> Posted | None:
    """What was written, sealed; None when a condition is not met."""
    posted = sealed(organization_id, head.seal, posted)
    writes: list[Put | Update] = []
    if posted.head != head:
        writes += [records.head_put(organization_id, head, posted.head)]
        writes += records.mark_puts(organization_id, head, posted.head)
    for entry in posted.entries:
        writes.append(records.entry_put(organization_id, entry))
        if entry.source.kind not in OWN_KINDS:
            writes.append(records.source_put(organization_id, entry))
    if posted.purchase:
        writes.append(records.purchase_put(organization_id, posted.purchase))
    writes += together.writes
    if together.changes:
        return posted if audit.commit(writes, together.changes) else None
    return None if write_together(writes) else posted


def _entry_of(organization_id: str, source: Source, same: Callable[[Entry], bool]) -> Entry | None:
    """The entry that a source has. Raises ConflictError when something else was asked for."""
    found = records.entry_of(organization_id, source)
    if found and not same(found):
        raise ConflictError(f"source: {source.kind} '{source.id}' has another entry, number {found.sequence}")
    return found
