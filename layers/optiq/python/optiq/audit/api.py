"""The audit context: books of who did what, to what, from where. They are only ever added to.

A change and its entry are one transaction (`commit`), so neither stands without the other. A book's head is moved by
a conditional write: of two writers one comes second and writes after the other, and the book never forks.
"""

import random
import time
from collections.abc import Iterator, Sequence
from functools import lru_cache

from optiq.audit import keys
from optiq.audit.chain import FIRST_SEAL, check_chain, seal_of
from optiq.audit.contracts import PLATFORM, Change, Entry, Verdict
from optiq.audit.records import EntryRecord, HeadRecord
from optiq.audit.shortening import shortened
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import UpstreamError
from optiq.kernel.paging import Page, cursor_at, place_in
from optiq.kernel.secrets import identity_hash
from optiq.kernel.table import CONFLICT, Put, Update, write_together
from optiq.ports import wiring

__all__ = ["commit", "entries", "entries_of_entity", "verify"]

_ATTEMPTS = 8
_FIRST_DELAY_SECONDS = 0.02
_LONGEST_PAGE = 100
_LIST = "audit"


def commit(writes: Sequence[Put | Update], changes: Sequence[Change], clock: Clock = system_clock) -> bool:
    """Makes all writes and enters all changes into their books, or does nothing.

    Args:
        writes: of different items, none of them of a book; at most 100 in all with two for each change.

    Returns:
        False when the condition of one of the writes does not hold.

    Raises:
        UpstreamError: others were writing the same items all the time; the same may succeed later.
    """
    kept = [shortened(change) for change in changes]
    for attempt in range(_ATTEMPTS):
        if attempt:
            time.sleep(_FIRST_DELAY_SECONDS * 2**attempt * random.random())  # noqa: S311 - jitter
        refused = write_together([*writes, *_entry_writes(kept, clock())])
        if not refused:
            return True
        if any(position < len(writes) and reason != CONFLICT for position, reason in refused.items()):
            return False
    raise UpstreamError("too many changes at once", retryable=True)


def entries(
    book: str,
    *,
    actor: str = "",
    since_ms: int = 0,
    until_ms: int | None = None,
    limit: int = _LONGEST_PAGE,
    cursor: str | None = None,
) -> Page[Entry]:
    """A book's entries from `since_ms` to before `until_ms`, newest first; those of one actor when one is named.

    Raises InvalidError for another list's cursor.
    """
    before = _before(cursor)
    first, last = keys.audit_entry(book, 1), keys.audit_entry(book, before - 1)
    found = EntryRecord.query(
        first.pk,
        EntryRecord.sk.between(first.sk, max(first.sk, last.sk)),
        filter_condition=(EntryRecord.actor == actor) if actor else None,
        scan_index_forward=False,
        page_size=None if actor else _LONGEST_PAGE,
    )
    return _page((record.entry() for record in found if before > 1), since_ms, until_ms, limit)


def entries_of_entity(
    book: str,
    entity: str,
    *,
    actor: str = "",
    since_ms: int = 0,
    until_ms: int | None = None,
    limit: int = _LONGEST_PAGE,
    cursor: str | None = None,
) -> Page[Entry]:
    """What was done to one thing, newest first; arguments as `entries`."""
    below = None if cursor is None else EntryRecord.gsi1sk < keys.audit_entry(book, _before(cursor)).sk
    partition = keys.audit_of_entity(book, entity)
    by_actor = (EntryRecord.actor == actor) if actor else None
    found = EntryRecord.by_second_key.query(partition, below, by_actor, scan_index_forward=False)
    return _page((record.entry() for record in found), since_ms, until_ms, limit)


def verify(book: str) -> Verdict:
    """Checks a whole book and says where it breaks; what is entered meanwhile is left for the next check.

    Every book but the platform's begins with the making of whose it is: none is empty.
    """
    head, first = _head(book), keys.audit_entry(book, 1)
    end = keys.audit_entry(book, int(head.sequence)).sk
    found = EntryRecord.query(first.pk, EntryRecord.sk.startswith(keys.AUDIT_ENTRY), consistent_read=True)
    known, later = [], 0
    for record in found:
        if record.sk <= end:
            known.append(record)
        else:
            later += 1
    verdict = check_chain(_key(book), map(_readable, known), (int(head.sequence), head.seal))
    if not verdict.fault and later > int(_head(book).sequence) - int(head.sequence):
        return Verdict(verdict.good_entries, "there are entries after the last")
    if not verdict.fault and not verdict.good_entries and book != PLATFORM:
        return Verdict(0, "there is no book")
    return verdict


def _readable(record: EntryRecord) -> Entry | None:
    """None for what was never written so, or where no question about the thing would find it."""
    try:
        entry = record.entry()
    except (ValueError, TypeError):
        return None
    found_by = (keys.audit_of_entity(entry.change.book, entry.change.entity), record.sk)
    return entry if (record.gsi1pk, record.gsi1sk) == found_by else None


def _entry_writes(changes: Sequence[Change], now_ms: int) -> Iterator[Put]:
    """The entries after the ends of their books, and the books' new heads."""
    heads = {book: _head(book) for book in dict.fromkeys(change.book for change in changes)}
    ends = {book: (int(head.sequence), int(head.at_ms), head.seal) for book, head in heads.items()}
    for change in changes:
        sequence, at_ms, seal = ends[change.book]
        sequence, at_ms = sequence + 1, max(at_ms, now_ms)
        seal = seal_of(_key(change.book), seal, sequence, at_ms, change)
        ends[change.book] = (sequence, at_ms, seal)
        yield Put(EntryRecord.of(Entry(sequence, at_ms, change, seal)), EntryRecord.pk.does_not_exist())
    for book, (sequence, at_ms, seal) in ends.items():
        key, old = keys.audit_head(book), heads[book].seal
        unmoved = HeadRecord.pk.does_not_exist() if old == FIRST_SEAL else HeadRecord.seal == old
        yield Put(HeadRecord(key.pk, key.sk, sequence=sequence, at_ms=at_ms, seal=seal), unmoved)


def _head(book: str) -> HeadRecord:
    key = keys.audit_head(book)
    try:
        return HeadRecord.get(key.pk, key.sk, consistent_read=True)
    except HeadRecord.DoesNotExist:
        return HeadRecord(key.pk, key.sk, sequence=0, at_ms=0, seal=FIRST_SEAL)


def _before(cursor: str | None) -> int:
    """The number that a page's entries are below."""
    if cursor is None:
        return keys.LAST_AUDIT_SEQUENCE + 1
    (sequence,) = place_in(cursor, _LIST, int)
    return int(sequence)


def _page(found: Iterator[Entry], since_ms: int, until_ms: int | None, limit: int) -> Page[Entry]:
    items: list[Entry] = []
    for entry in found:
        # Instants never run backwards within a book, so what follows is older still.
        if entry.at_ms < since_ms:
            break
        if until_ms is None or entry.at_ms < until_ms:
            items.append(entry)
        if len(items) == min(limit, _LONGEST_PAGE):
            return Page(tuple(items), cursor_at(_LIST, entry.sequence))
    return Page(tuple(items))


@lru_cache(maxsize=1_000)
def _key(book: str) -> bytes:
    return identity_hash(wiring.platform_secret(), book, "audit", "seal").encode()
