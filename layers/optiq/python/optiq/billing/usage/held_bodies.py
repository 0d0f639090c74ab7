"""The events of a held batch, compressed and sealed with a key of their organization."""

import zlib
from collections.abc import Iterator, Sequence

from optiq.billing.usage.contracts import HeldEvent
from optiq.billing.usage.records import HeldBodiesRecord
from optiq.kernel.keys import Key
from optiq.kernel.sealing import seal, unseal

_SEALED_FOR = "held-events"
_MOST_BYTES = 350_000
"""Of the bodies of a batch: an item may have 400 KB."""


def parts(events: Sequence[HeldEvent]) -> Iterator[tuple[Sequence[HeldEvent], bytes]]:
    """Events with their bodies, each part within what an item may have."""
    packed = _packed(events)
    if len(packed) <= _MOST_BYTES or len(events) == 1:
        yield events, packed
        return
    middle = len(events) // 2
    yield from parts(events[:middle])
    yield from parts(events[middle:])


def sealed(organization_id: str, key: Key, packed: bytes) -> bytes:
    return seal(packed, key.sk, _SEALED_FOR, organization_id)


def sealed_again(organization_id: str, key: Key, events: Sequence[HeldEvent]) -> bytes:
    """What is left of a batch."""
    return sealed(organization_id, key, _packed(events))


def stored_in(key: Key) -> bytes:
    """As they are kept; b"" where there are none any more."""
    try:
        return HeldBodiesRecord.get(*key, consistent_read=True).bodies or b""
    except HeldBodiesRecord.DoesNotExist:
        return b""


def opened(organization_id: str, key: Key, stored: bytes) -> tuple[HeldEvent, ...]:
    if not stored:
        return ()
    lines = zlib.decompress(unseal(stored, key.sk, _SEALED_FOR, organization_id)).split(b"\n")
    found = (line.split(b" ", 2) for line in lines if line)
    return tuple(HeldEvent(int(number), int(at_ms), body) for number, at_ms, body in found)


def _packed(events: Sequence[HeldEvent]) -> bytes:
    return zlib.compress(b"\n".join(f"{one.sequence} {one.at_ms} ".encode() + one.body for one in events))
