"""The check of a whole ledger: its seals, its sums, and the copy in the lake."""

import hmac

from optiq.billing.contracts import Check
from optiq.billing.credits import records
from optiq.billing.credits.copying import last_copied
from optiq.billing.credits.sealing import seal_of
from optiq.billing.ledger.checking import Books
from optiq.billing.ledger.contracts import Entry
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock, utc_day


def verify(caller: Caller, *, clock: Clock = system_clock) -> Check:
    """Checks every entry up to the head; entries that are added meanwhile are left for the next check.

    The copy of the last day that was copied shows a ledger that was put back to an earlier state.

    Raises UpstreamError: the lake does not answer.
    """
    head, books, seal = records.find_head(caller.organization_id), Books(), ""
    copied = last_copied(caller.organization_id, utc_day(clock()))
    copied_day, copied_sequence, copied_seal = copied or ("", 0, "")
    copy_fault = f"entry {copied_sequence} of the copy in the lake is missing" if copied else ""
    good = 0
    for record in records.raw_entries(caller.organization_id, before=head.sequence + 1):
        entry = records.readable(record)
        fault = _fault(caller.organization_id, seal, entry, books, good + 1)
        if fault or entry is None:
            return Check(good, fault, seal, copied_day)
        good, seal = entry.sequence, entry.seal
        if good == copied_sequence:
            same = hmac.compare_digest(seal, copied_seal)
            copy_fault = "" if same else f"entry {good} is another than its copy in the lake"
    fault = books.end(head) or ("" if seal == head.seal else "the head has another seal") or copy_fault
    return Check(good, fault, seal, copied_day)


def _fault(organization_id: str, previous: str, entry: Entry | None, books: Books, number: int) -> str:
    """What is wrong with the entry of a number, or ""."""
    if entry is not None and entry.sequence > number:
        return f"entry {number} is missing"
    if entry is None or entry.sequence != number:
        return f"entry {number} is not what was written"
    if not hmac.compare_digest(seal_of(organization_id, previous, entry), entry.seal):
        return f"entry {number} is not what was written"
    fault = books.add(entry)
    return f"entry {number}: {fault}" if fault else ""
