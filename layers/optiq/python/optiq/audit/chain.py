"""The chain of seals: each covers its entry and the seal before, so that no entry can be changed, dropped or moved.

A seal is HMAC-SHA-256 under a key derived from the platform secret: who can write the table but does not know that
secret cannot make a new chain. What the chain cannot show is that the newest entries and the head were put back
together to an earlier state; the table's restore points can.
"""

import hmac
import json
from collections.abc import Iterable

from optiq.audit.contracts import Change, Entry, Verdict

FIRST_SEAL = ""
_LONGEST_ENTRY = 30_000


def seal_of(key: bytes, previous: str, sequence: int, at_ms: int, change: Change) -> str:
    """64 hexadecimal digits. Raises ValueError for an entry too large to be kept."""
    content = [
        previous,
        sequence,
        at_ms,
        change.book,
        change.actor,
        change.action,
        change.entity,
        dict(change.before),
        dict(change.after),
        [change.origin.network, change.origin.device, change.origin.place],
    ]
    canonical = json.dumps(content, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode()
    if len(canonical) > _LONGEST_ENTRY:
        raise ValueError("the change is too large for an audit entry")
    return hmac.digest(key, canonical, "sha256").hex()


def check_chain(key: bytes, entries: Iterable[Entry | None], last: tuple[int, str]) -> Verdict:
    """Checks a book's entries in their order against its head.

    Args:
        entries: None stands for one that cannot be read.
        last: the number and seal of the last entry, as the head has them.
    """
    good, seal = 0, FIRST_SEAL
    for entry in entries:
        if entry is not None and entry.sequence > good + 1:
            return Verdict(good, f"entry {good + 1} is missing")
        if entry is None or entry.sequence != good + 1:
            return Verdict(good, f"entry {good + 1} is not what was written")
        expected = seal_of(key, seal, entry.sequence, entry.at_ms, entry.change)
        if not hmac.compare_digest(expected, entry.seal):
            return Verdict(good, f"entry {good + 1} is not what was written")
        good, seal = entry.sequence, entry.seal
    if last != (good, seal):
        return Verdict(good, f"the head says {last[0]} entries" if last[0] != good else "the head has another seal")
    return Verdict(good, "")
