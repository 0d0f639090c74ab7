"""Seals of a ledger's entries: each covers its entry and the seal before, so that none can be changed or moved.

A seal is HMAC-SHA-256 under a key of the organization, derived from the platform secret.
"""

import hmac
import json
from dataclasses import astuple, replace
from functools import lru_cache

from optiq.billing.ledger.contracts import Entry, Posted
from optiq.kernel.secrets import derive
from optiq.ports import wiring


@lru_cache(maxsize=1_000)
def _key(organization_id: str) -> bytes:
    return derive(wiring.platform_secret(), "credits", organization_id)


def seal_of(organization_id: str, previous: str, entry: Entry) -> str:
    """64 hexadecimal digits."""
    content = [previous, *astuple(replace(entry, seal=""))]
    canonical = json.dumps(content, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode()
    return hmac.digest(_key(organization_id), canonical, "sha256").hex()


def sealed(organization_id: str, previous: str, posted: Posted) -> Posted:
    """The same with every entry sealed, and the head with the last seal."""
    entries: list[Entry] = []
    for entry in posted.entries:
        previous = seal_of(organization_id, previous, entry)
        entries.append(replace(entry, seal=previous))
    return replace(posted, head=replace(posted.head, seal=previous), entries=tuple(entries))
