"""Each day's entries, with their seals, are copied to the lake: a table that is put back to an earlier state does not
match them any more.
"""

import json
from collections.abc import Callable, Iterator
from itertools import dropwhile, takewhile
from operator import itemgetter

from optiq.billing.contracts import Swept
from optiq.billing.credits import records
from optiq.billing.lake import CREDIT_ENTRIES
from optiq.billing.ledger.contracts import Entry
from optiq.kernel.clock import DAY_MS, Clock, day_number, iso_day, system_clock, utc_day
from optiq.ports import wiring

_FILE = "entries"
_DAYS_AGAIN = 3
"""Days that each run looks at: what a run before could not copy is copied by the next."""


def copy_ended_days(*, clock: Clock = system_clock, stop: Callable[[], bool]) -> Swept:
    """Copies the days that ended. Raises UpstreamError: the lake does not answer."""
    today, done, left = clock() // DAY_MS, 0, 0
    for day in (iso_day(number) for number in range(today - _DAYS_AGAIN, today)):
        for organization_id in records.ledgers_of_day(day):
            if stop():
                left += 1
            elif not _has_copy(organization_id, day):
                copy_day(organization_id, day)
                done += 1
    return Swept(done, left)


def copy_day(organization_id: str, day: str) -> None:
    """Writes a ledger's entries of a UTC day as one file. The same again replaces it."""
    # Imported when a day is copied: who posts has no packages for columns.
    from optiq.ports.lake_rows import arrow_table

    rows = [_row(entry) for entry in _entries_of(organization_id, day)]
    wiring.lake().append(CREDIT_ENTRIES.name, organization_id, day, _FILE, arrow_table(CREDIT_ENTRIES, rows))


def last_copied(organization_id: str, until_day: str) -> tuple[str, int, str] | None:
    """Day, number and seal of the last entry in the lake, of the days up to one; None before the first copy.

    Raises UpstreamError, DamagedFileError.
    """
    files = list(wiring.lake().files(CREDIT_ENTRIES.name, organization_id, last=until_day))
    if not files:
        return None
    rows = wiring.lake().read(files[-1])
    if rows is None:
        return None
    last = max(rows.select(["sequence", "seal"]).to_pylist(), key=itemgetter("sequence"))
    return files[-1].day, last["sequence"], last["seal"]


def _has_copy(organization_id: str, day: str) -> bool:
    return any(wiring.lake().files(CREDIT_ENTRIES.name, organization_id, day, day))


def _entries_of(organization_id: str, day: str) -> Iterator[Entry]:
    """Newest first, as the last days are the ones that are copied."""
    start_ms = day_number(day) * DAY_MS
    newest = records.entries(organization_id, newest_first=True)
    up_to_day = dropwhile(lambda entry: utc_day(entry.at_ms) > day, newest)
    return takewhile(lambda entry: entry.at_ms >= start_ms, up_to_day)


def _row(entry: Entry) -> dict[str, object]:
    return {
        "sequence": entry.sequence,
        "written_at": entry.at_ms,
        "type": entry.type,
        "amount": entry.amount,
        "balance_after": entry.balance_after,
        "held_after": entry.held_after,
        "product": entry.product,
        "source_kind": entry.source.kind,
        "source_id": entry.source.id,
        "actor": entry.actor,
        "postings": json.dumps(dict(entry.postings), sort_keys=True),
        "seal": entry.seal,
    }
