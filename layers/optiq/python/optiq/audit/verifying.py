"""The check of a whole audit log: every chain by itself, and that none of them is gone."""

import hmac
from collections import Counter, defaultdict

from optiq.audit import keys, positions
from optiq.audit.chain import FIRST_SEAL, check_chain, key_of, seal_of_chains
from optiq.audit.contracts import EARLIER, PLATFORM, ChainCheck, Entry, LogCheck
from optiq.audit.entering import read_chains
from optiq.audit.records import ChainsRecord, EntryRecord, HeadRecord
from optiq.audit.trimming import read_starts

_UNKNOWN = "unknown"
_End = tuple[int, str]
NO_ENTRIES: _End = (0, FIRST_SEAL)


def verify(log: str) -> LogCheck:
    """Checks every chain of a log; entries that are added meanwhile are left for the next check.

    Every log but the platform's begins with the creation of its organization or user: none is empty.
    """
    # In this order: what has a head was in the list before it.
    ends, listed = _ends(log), read_chains(log)
    starts = read_starts(log)
    begun: dict[str, int] = dict(listed.begun) if listed else dict.fromkeys(ends.keys() & {EARLIER}, 1)
    known: defaultdict[str, list[Entry | None]] = defaultdict(list)
    later: Counter[str] = Counter()
    for record in EntryRecord.query(
        keys.partition(log), EntryRecord.sk.startswith(positions.FIRST), consistent_read=True
    ):
        chain, sequence = _place(record)
        if chain in starts and sequence <= starts[chain][0]:
            continue  # It had its time, and is about to be removed.
        if chain in ends and sequence <= ends[chain][0]:
            known[chain].append(_readable(record, chain))
        else:
            later[chain] += 1
    ends_now = _ends(log)
    checks = []
    for chain in sorted({*begun, *ends, *later}):
        old_end, new_end = ends.get(chain, NO_ENTRIES), ends_now.get(chain, NO_ENTRIES)
        check = check_chain(chain, key_of(log, chain), known[chain], old_end, starts.get(chain, NO_ENTRIES))
        if not check.fault and later[chain] > new_end[0] - old_end[0]:
            check = ChainCheck(chain, check.good_entries, "there are entries after the last")
        if not check.fault and (chain in ends or chain not in ends_now):
            check = ChainCheck(chain, check.good_entries, _fault_by_list(begun.get(chain, 0), check.good_entries))
        checks.append(check)
    return LogCheck(tuple(checks), _missing(log, listed, checks))


def _missing(log: str, listed: ChainsRecord | None, checks: list[ChainCheck]) -> str:
    if listed and not hmac.compare_digest(seal_of_chains(log, listed.begun), listed.seal):
        return "the list of chains is not what was written"
    return "" if checks or log == PLATFORM else "there is no audit log"


def _fault_by_list(begun: int, good_entries: int) -> str:
    """What the list of chains says against a chain that is good by itself."""
    if not begun:
        return "is not in the list of chains"
    if not good_entries:
        return "every entry is missing"
    return "" if begun == 1 else "was begun again after its head was deleted"


def _ends(log: str) -> dict[str, _End]:
    """Number and seal of the last entry of each chain."""
    heads = HeadRecord.query(keys.partition(log), HeadRecord.sk.startswith(keys.HEAD), consistent_read=True)
    return {positions.chain_of_head(head.sk): (int(head.sequence), head.seal) for head in heads}


def _place(record: EntryRecord) -> tuple[str, int]:
    try:
        return positions.place_of(record.sk)
    except ValueError:
        return _UNKNOWN, 1


def _readable(record: EntryRecord, chain: str) -> Entry | None:
    """None for what was never written so, or where no question about the thing would find it."""
    try:
        entry = record.entry()
    except (ValueError, TypeError):
        return None
    found_by = (chain, positions.position(entry), keys.entries_of(entry.change.log, entry.change.entity), record.sk)
    return entry if (entry.chain, record.sk, record.gsi1pk, record.gsi1sk) == found_by else None
