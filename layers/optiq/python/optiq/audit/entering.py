"""The writes that add entries to the ends of their chains, move the heads, and note a chain that begins."""

from collections.abc import Iterator, Mapping, Sequence

from optiq.audit import keys, positions
from optiq.audit.chain import FIRST_SEAL, key_of, seal_of, seal_of_chains
from optiq.audit.contracts import EARLIER, Change, Entry
from optiq.audit.records import ChainsRecord, EntryRecord, HeadRecord
from optiq.kernel.manifest import context_of_action
from optiq.kernel.table import Put

_Chain = tuple[str, str]
"""A log, and the name of one of its chains."""


def entry_writes(changes: Sequence[Change], now_ms: int) -> Iterator[Put]:
    """Raises ValueError for an action whose noun no context's manifest names."""
    chains = [(change.log, context_of_action(change.action)) for change in changes]
    heads = {chain: read_head(*chain) for chain in dict.fromkeys(chains)}
    ends = {chain: (int(head.sequence), int(head.at_ms), head.seal) for chain, head in heads.items()}
    for chain, change in zip(chains, changes, strict=True):
        sequence, at_ms, seal = ends[chain]
        sequence, at_ms = sequence + 1, max(at_ms, now_ms)
        seal = seal_of(key_of(*chain), seal, sequence, at_ms, change)
        ends[chain] = (sequence, at_ms, seal)
        yield Put(EntryRecord.of(Entry(chain[1], sequence, at_ms, change, seal)), EntryRecord.pk.does_not_exist())
    for chain, (sequence, at_ms, seal) in ends.items():
        key, old = positions.head_of(*chain), heads[chain].seal
        unmoved = HeadRecord.pk.does_not_exist() if old == FIRST_SEAL else HeadRecord.seal == old
        yield Put(HeadRecord(key.pk, key.sk, sequence=sequence, at_ms=at_ms, seal=seal), unmoved)
    yield from _beginnings(heads)


def read_head(log: str, chain: str) -> HeadRecord:
    key = positions.head_of(log, chain)
    try:
        return HeadRecord.get(key.pk, key.sk, consistent_read=True)
    except HeadRecord.DoesNotExist:
        return HeadRecord(key.pk, key.sk, sequence=0, at_ms=0, seal=FIRST_SEAL)


def read_chains(log: str) -> ChainsRecord | None:
    """The list of a log's chains; None before the first begins."""
    try:
        return ChainsRecord.get(*keys.chains(log), consistent_read=True)
    except ChainsRecord.DoesNotExist:
        return None


def _beginnings(heads: Mapping[_Chain, HeadRecord]) -> Iterator[Put]:
    """The lists of the logs in which a chain begins."""
    new = [chain for chain, head in heads.items() if head.seal == FIRST_SEAL]
    for log in dict.fromkeys(log for log, _ in new):
        listed = read_chains(log)
        begun: dict[str, int] = dict(listed.begun) if listed else _earlier(log)
        for chain in (chain for of, chain in new if of == log):
            begun[chain] = begun.get(chain, 0) + 1
        record = ChainsRecord(*keys.chains(log), begun=begun, seal=seal_of_chains(log, begun))
        yield Put(record, ChainsRecord.seal == listed.seal if listed else ChainsRecord.pk.does_not_exist())


def _earlier(log: str) -> dict[str, int]:
    return {EARLIER: 1} if read_head(log, EARLIER).seal != FIRST_SEAL else {}
