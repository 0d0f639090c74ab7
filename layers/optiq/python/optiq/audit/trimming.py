"""Entries that had their time are removed from the beginning of their chains.

Where a chain then begins is written first, sealed with the platform's secret. So the rest still verifies, a stop loses
nothing, and nobody who only writes the table can pass a removal off as this one.
"""

import hmac

from optiq.audit import keys, positions
from optiq.audit.chain import key_of, seal_of_start
from optiq.audit.records import EntryRecord, StartRecord
from optiq.kernel.table import Put, Record, put_one

_MOST = 1_000
"""Entries of a log in one call."""


def trim(log: str, before_ms: int) -> int:
    """Removes a log's entries from before an instant, the oldest first; how many. Another call removes more."""
    old = [record for record in _oldest(log, before_ms) if record.at_ms < before_ms]
    ends = {positions.place_of(record.sk)[0]: record for record in old}
    starts = read_starts(log)
    for chain, last in ends.items():
        sequence = int(last.sequence)
        if starts.get(chain, (0, ""))[0] < sequence:
            proof = seal_of_start(key_of(log, chain), sequence, last.seal)
            put_one(Put(StartRecord(*keys.start(log, chain), sequence=sequence, seal=last.seal, proof=proof), None))
    with Record.batch_write() as batch:
        for record in old:
            batch.delete(Record(record.pk, record.sk))
    return len(old)


def read_starts(log: str) -> dict[str, tuple[int, str]]:
    """Number and seal of the last entry that was removed from each chain. One that we did not seal counts as none."""
    prefix = keys.start(log, "")
    found: dict[str, tuple[int, str]] = {}
    for record in StartRecord.query(prefix.pk, StartRecord.sk.startswith(prefix.sk), consistent_read=True):
        chain, start = record.sk.removeprefix(prefix.sk), (int(record.sequence), str(record.seal))
        if hmac.compare_digest(seal_of_start(key_of(log, chain), *start), record.proof):
            found[chain] = start
    return found


def _oldest(log: str, before_ms: int) -> list[EntryRecord]:
    """By time; entries of the chain from before each context had one have no time in their key, and come first."""
    within = EntryRecord.sk.between(positions.FIRST, positions.before(before_ms))
    return list(EntryRecord.query(keys.partition(log), within, limit=_MOST, consistent_read=True))
