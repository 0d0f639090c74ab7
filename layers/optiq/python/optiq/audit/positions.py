"""Where an entry is in its log: its sort key.

Entries of all chains of a log sort by time, and those of one chain by their numbers: instants never run backwards in
a chain. Entries of the chain EARLIER have their number alone, and sort before all others.
"""

from optiq.audit import keys
from optiq.audit.contracts import EARLIER, Entry
from optiq.kernel.keys import Key

FIRST = "AUDIT#"
LAST = "AUDIT$"
"""Sorts after every entry."""


def position(entry: Entry) -> str:
    """The sort key of an entry."""
    if entry.chain == EARLIER:
        return f"{FIRST}{entry.sequence:012d}"
    return f"{before(entry.at_ms)}#{entry.chain}#{entry.sequence:012d}"


def before(at_ms: int) -> str:
    """Sorts before the entries of an instant, and after those of earlier ones."""
    return f"{FIRST}{at_ms:015d}"


def place_of(sort_key: str) -> tuple[str, int]:
    """Chain and number of an entry, by its sort key. Raises ValueError for another key."""
    _, *place = sort_key.split("#")
    if len(place) == 1:
        return EARLIER, int(place[0])
    _, chain, sequence = place
    return chain, int(sequence)


def head_of(log: str, chain: str) -> Key:
    return keys.head(log, "" if chain == EARLIER else chain)


def chain_of_head(sort_key: str) -> str:
    return sort_key.removeprefix(keys.HEAD).removeprefix("#") or EARLIER
