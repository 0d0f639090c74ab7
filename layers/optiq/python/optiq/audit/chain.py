"""A chain of seals: each covers its entry and the seal before, so that no entry can be changed, dropped or moved.

A seal is HMAC-SHA-256 under a key derived from the platform secret: a writer of the table who does not know that
secret cannot make a new chain. A chain does not show that its newest entries and its head were put back together to
an earlier state; the table's restore points do.
"""

import hmac
import json
from collections.abc import Iterable, Mapping
from functools import lru_cache

from optiq.audit.contracts import EARLIER, ChainCheck, Change, Entry
from optiq.kernel.secrets import identity_hash
from optiq.ports import wiring

FIRST_SEAL = ""
_LONGEST_ENTRY = 30_000


@lru_cache(maxsize=1_000)
def key_of(log: str, chain: str) -> bytes:
    """What seals a chain of a log. No seal of one chain fits another."""
    names = () if chain == EARLIER else (chain,)
    return identity_hash(wiring.platform_secret(), log, "audit", "\x1f".join(("seal", *names))).encode()


def seal_of(key: bytes, previous: str, sequence: int, at_ms: int, change: Change) -> str:
    """64 hexadecimal digits. Raises ValueError for an entry too large to be kept."""
    content = [
        previous,
        sequence,
        at_ms,
        change.log,
        change.actor,
        change.action,
        change.entity,
        dict(change.before),
        dict(change.after),
        [change.origin.network, change.origin.device, change.origin.place],
    ]
    canonical = _canonical(content)
    if len(canonical) > _LONGEST_ENTRY:
        raise ValueError("the change is too large for an audit entry")
    return _seal(key, canonical)


def seal_of_chains(log: str, begun: Mapping[str, int]) -> str:
    """The seal of the list of a log's chains."""
    return _seal(key_of(log, "#chains"), _canonical(dict(begun)))


def seal_of_start(key: bytes, sequence: int, seal: str) -> str:
    """The seal of where a chain begins after its first entries had their time."""
    return _seal(key, _canonical(["start", sequence, seal]))


def check_chain(
    chain: str,
    key: bytes,
    entries: Iterable[Entry | None],
    last: tuple[int, str],
    start: tuple[int, str] = (0, FIRST_SEAL),
) -> ChainCheck:
    """Checks a chain's entries in their order against its head.

    Args:
        entries: None for one that cannot be read.
        last: the number and seal of the last entry, as the head has them.
        start: those of the last entry that had its time; it counts as good.
    """
    good, seal = start
    for entry in entries:
        if entry is not None and entry.sequence > good + 1:
            return ChainCheck(chain, good, f"entry {good + 1} is missing")
        if entry is None or entry.sequence != good + 1:
            return ChainCheck(chain, good, f"entry {good + 1} is not what was written")
        expected = seal_of(key, seal, entry.sequence, entry.at_ms, entry.change)
        if not hmac.compare_digest(expected, entry.seal):
            return ChainCheck(chain, good, f"entry {good + 1} is not what was written")
        good, seal = entry.sequence, entry.seal
    if last != (good, seal):
        fault = f"the head says {last[0]} entries" if last[0] != good else "the head has another seal"
        return ChainCheck(chain, good, fault)
    return ChainCheck(chain, good, "")


def _canonical(content: object) -> bytes:
    return json.dumps(content, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode()


def _seal(key: bytes, content: bytes) -> str:
    return hmac.digest(key, content, "sha256").hex()
