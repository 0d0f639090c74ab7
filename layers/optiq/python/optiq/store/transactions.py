"""Several writes, their entries in the audit log and their events, made together or not at all; and claims: texts that
only one may have.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from optiq.audit import api as audit
from optiq.audit.contracts import Change
from optiq.events.contracts import Event
from optiq.kernel.errors import ConflictError, VersionError
from optiq.kernel.keys import Key
from optiq.kernel.table import Put, Update
from optiq.store.records import ClaimRecord

CHANGED = "it was changed at the same time: read it and try again"


@dataclass(frozen=True, slots=True)
class Claim:
    """What one entity has and no other of its kind may have, such as a slug.

    Attributes:
        key: of the item that says which entity has it.
        taken: what the caller reads when another has it.
        until_ms: when it is free again by itself, or None.
    """

    key: Key
    taken: str
    until_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Transaction:
    """Writes of different items with their audit entries. `first + second` makes both or neither.

    Attributes:
        claims: what is claimed, each with the id of the entity that it is for.
        events: for other contexts.
    """

    writes: tuple[Put | Update, ...] = ()
    entries: tuple[Change, ...] = ()
    claims: tuple[tuple[Claim, str], ...] = ()
    events: tuple[Event, ...] = ()

    def __add__(self, other: "Transaction") -> "Transaction":
        return Transaction(
            self.writes + other.writes,
            self.entries + other.entries,
            self.claims + other.claims,
            self.events + other.events,
        )

    def unaudited(self) -> "Transaction":
        """The same writes, of which the audit log says nothing by itself."""
        return Transaction(self.writes, (), self.claims, self.events)

    def commit(self, refusal: str = CHANGED) -> None:
        """Makes all of it.

        Raises:
            ConflictError: another has what is claimed.
            VersionError: (`refusal`) an item is not as it was read.
            UpstreamError: others were writing the same items all the time; the same may succeed later.
        """
        if audit.commit(self.writes, self.entries, events=self.events):
            return
        for claim, entity_id in self.claims:
            if holder_of(claim.key) not in ("", entity_id):
                raise ConflictError(claim.taken)
        raise VersionError(refusal)


def holder_of(key: Key) -> str:
    """The id of the entity that has a claim, perhaps one that has ended; "" for none."""
    try:
        return str(ClaimRecord.get(*key, consistent_read=True).holder)
    except ClaimRecord.DoesNotExist:
        return ""


def moved(entity_id: str, before: Sequence[Claim], after: Sequence[Claim], now_ms: int) -> Transaction:
    """Claims for an entity what it has not yet, and gives up what it has no more."""
    if not before and not after:
        return Transaction()
    gained = [claim for claim in after if claim not in before]
    kept = {claim.key for claim in after}
    # What has ended may be another's already, and is free in any case.
    lost = [each for each in before if each.key not in kept and (each.until_ms is None or each.until_ms > now_ms)]
    held, until = ClaimRecord.holder, ClaimRecord.until_ms
    free = ClaimRecord.pk.does_not_exist() | held.is_in("", entity_id) | (until <= now_ms)
    puts = [Put(ClaimRecord(*each.key, holder=entity_id, until_ms=each.until_ms), free) for each in gained]
    given_up = [Update(ClaimRecord(*each.key), [held.set("")], held == entity_id) for each in lost]
    return Transaction((*puts, *given_up), claims=tuple((claim, entity_id) for claim in gained))
