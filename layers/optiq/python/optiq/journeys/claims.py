"""Claims of event ids that do not prove whose they are, and of events that no history keeps."""

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Literal, NamedTuple

from optiq.journeys import keys
from optiq.journeys.records import EventClaimRecord
from optiq.kernel.clock import DAY_MS, system_clock
from optiq.kernel.events import EventAccepted
from optiq.kernel.keys import Key
from optiq.kernel.table import Put, put_each
from optiq.tenancy.contracts import Site

Result = Literal["STORED", "DUPLICATE", "CONFLICT"]
KEPT_DAYS = 400
"""How long an id is remembered after it was first used: a shop that imports its last year again, a month late, still
counts each order once. Queues of browsers and servers keep events for days, not months."""


class _Claim(NamedTuple):
    """What an id stands for, and which delivery used it first."""

    digest: str
    receipt: str
    occurred_ms: int


class Claims:
    """The claims of one site that a piece of work makes: the first of an id says what it stands for."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._made: dict[Key, _Claim] = {}

    def make(self, events: Sequence[EventAccepted]) -> None:
        """Claims the ids of these events, where nobody did."""
        wanted: dict[Key, _Claim] = {}
        for event in events:
            key = self._key(event)
            if key not in self._made:
                wanted.setdefault(key, _Claim(event.digest, event.receipt, event.occurred_ms))
        claimed = _claimed(wanted)
        fresh = [key for key in wanted if key not in claimed]
        now_ms = system_clock()
        forget_at = (now_ms + KEPT_DAYS * DAY_MS) // 1000
        free = EventClaimRecord.pk.does_not_exist() | (EventClaimRecord.forget_at <= now_ms // 1000)
        puts = [Put(EventClaimRecord(*key, **wanted[key]._asdict(), forget_at=forget_at), free) for key in fresh]
        taken = put_each(puts)
        # Somebody else claimed these in the same instant: theirs counts.
        claimed |= _claimed(fresh[position] for position in taken)
        self._made |= wanted | claimed

    def conflicts(self, event: EventAccepted) -> bool:
        """Whether the event's id stands for something else."""
        made = self._claim(event)
        return made is not None and made.digest != event.digest

    def first_ms(self, event: EventAccepted) -> int:
        """When the event happened by the word of its first delivery, which may have had another time."""
        made = self._claim(event)
        return event.occurred_ms if made is None else made.occurred_ms

    def result(self, event: EventAccepted) -> Result:
        """What becomes of a claimed event that no history keeps."""
        made = self._made[self._key(event)]
        if made.digest != event.digest:
            return "CONFLICT"
        return "STORED" if made.receipt == event.receipt else "DUPLICATE"

    def _claim(self, event: EventAccepted) -> _Claim | None:
        return self._made.get(self._key(event)) if self._made and not event.own_id else None

    def _key(self, event: EventAccepted) -> Key:
        digest = blake2b(event.event_id.encode(), digest_size=12).hexdigest()
        return keys.event_claim(self._site.organization_id, self._site.site_id, digest)


def _claimed(wanted: Iterable[Key]) -> dict[Key, _Claim]:
    now_ms = system_clock()
    found = EventClaimRecord.batch_get(list(wanted), consistent_read=True)
    return {
        Key(record.pk, record.sk): _Claim(str(record.digest), str(record.receipt), int(record.occurred_ms))
        for record in found
        if not record.has_ended(now_ms)
    }
