"""The audit context: logs of who did what, to what, from where. Entries are only ever added.

A change and its entry are one transaction (`commit`), so neither is there without the other. Each context has a chain
of its own in a log, whose head is moved by a conditional write: of two writers to a chain one comes second and writes
after the other, and the chain never forks. Writers of different contexts do not meet.

Functions that read take the id of a log and no `Caller`: it is an organization's, a user's or the platform's.
"""

import random
import time
from collections.abc import Iterator, Sequence
from itertools import islice

from optiq.audit import keys, positions
from optiq.audit.contracts import Change, Entry
from optiq.audit.entering import entry_writes
from optiq.audit.records import EntryRecord
from optiq.audit.shortening import shortened
from optiq.audit.trimming import trim
from optiq.audit.verifying import verify
from optiq.events.api import outbox_items
from optiq.events.contracts import Event
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import UpstreamError
from optiq.kernel.paging import Page, page_of, place_after
from optiq.kernel.table import CONFLICT, Put, Update, write_together

__all__ = ["commit", "entries", "entries_of_entity", "trim", "verify"]

_ATTEMPTS = 8
_FIRST_DELAY_SECONDS = 0.02
_LONGEST_PAGE = 100


def commit(
    writes: Sequence[Put | Update],
    changes: Sequence[Change],
    clock: Clock = system_clock,
    *,
    events: Sequence[Event] = (),
) -> bool:
    """Makes all writes, adds all changes to their logs and publishes all events, or does nothing.

    Args:
        writes: of different items, none of them of an audit log; at most 100 in all with three for each change
            and one for each event.

    Returns:
        False when the condition of one of the writes is not met.

    Raises:
        UpstreamError: others were writing the same items all the time; the same may succeed later.
        ValueError: no context's manifest names the noun of an action.
    """
    kept, published = [shortened(change) for change in changes], outbox_items(events)
    for attempt in range(_ATTEMPTS):
        if attempt:
            time.sleep(_FIRST_DELAY_SECONDS * 2**attempt * random.random())  # noqa: S311 - jitter
        refused = write_together([*writes, *published, *entry_writes(kept, clock())])
        if not refused:
            return True
        if any(position < len(writes) and reason != CONFLICT for position, reason in refused.items()):
            return False
    raise UpstreamError("too many changes at once", retryable=True)


def entries(
    log: str,
    *,
    actor: str = "",
    since_ms: int = 0,
    until_ms: int | None = None,
    limit: int = _LONGEST_PAGE,
    cursor: str | None = None,
) -> Page[Entry]:
    """A log's entries from `since_ms` to before `until_ms`, of all contexts, newest first; or those of one actor.

    Raises:
        InvalidError: the cursor is of another list.
    """
    after = place_after(cursor, f"audit:{log}")
    found = EntryRecord.query(
        keys.partition(log),
        EntryRecord.sk.between(positions.FIRST, _upper(after, until_ms)),
        filter_condition=(EntryRecord.actor == actor) if actor else None,
        scan_index_forward=False,
        page_size=None if actor else _LONGEST_PAGE,
    )
    return _page(f"audit:{log}", found, after, since_ms, until_ms, limit)


def entries_of_entity(
    log: str,
    entity: str,
    *,
    actor: str = "",
    since_ms: int = 0,
    until_ms: int | None = None,
    limit: int = _LONGEST_PAGE,
    cursor: str | None = None,
) -> Page[Entry]:
    """What was done to one thing, newest first; arguments as `entries`."""
    after = place_after(cursor, f"audit:{log}:{entity}")
    found = EntryRecord.by_second_key.query(
        keys.entries_of(log, entity),
        EntryRecord.gsi1sk.between(positions.FIRST, _upper(after, until_ms)),
        (EntryRecord.actor == actor) if actor else None,
        scan_index_forward=False,
    )
    return _page(f"audit:{log}:{entity}", found, after, since_ms, until_ms, limit)


def _upper(after: str, until_ms: int | None) -> str:
    """Where to begin, going back in time."""
    until = positions.LAST if until_ms is None else positions.before(until_ms)
    return max(positions.FIRST, min(after, until) if after else until)


def _page(
    of_list: str, found: Iterator[EntryRecord], after: str, since_ms: int, until_ms: int | None, limit: int
) -> Page[Entry]:
    limit = min(limit, _LONGEST_PAGE)
    records = (record for record in found if record.sk != after)
    return page_of(of_list, list(islice(_within(records, since_ms, until_ms), limit + 1)), limit, positions.position)


def _within(records: Iterator[EntryRecord], since_ms: int, until_ms: int | None) -> Iterator[Entry]:
    for record in records:
        entry = record.entry()
        # They come by time, so those that follow are older still.
        if entry.at_ms < since_ms:
            return
        if until_ms is None or entry.at_ms < until_ms:
            yield entry
