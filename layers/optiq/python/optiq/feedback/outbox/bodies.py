"""The bodies of batches as they are sent, sealed until the batch is over: a resend is the same byte for byte.

They hold what platforms find people by, so they are removed as soon as nothing can be sent again.
"""

import hashlib
import json
import zlib
from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace

from optiq.feedback import keys
from optiq.feedback.outbox.contracts import Batch
from optiq.feedback.outbox.records import BodyRecord
from optiq.feedback.vendors.contract import Frame
from optiq.kernel.clock import DAY_MS, SECOND_MS
from optiq.kernel.keys import Key
from optiq.kernel.sealing import seal, unseal
from optiq.kernel.table import Put, put_one

LARGEST = 350_000
"""Bytes, sealed; an item has at most 400 KB."""
_KIND = "feedback-body"
_KEPT_MS = 60 * DAY_MS
"""What a worker that is killed leaves behind ends by itself."""


@dataclass(frozen=True, slots=True)
class Body:
    """What is sent: the events, each as JSON text, in what is around them."""

    frame: Frame
    events: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Body({len(self.events)} events)"

    @property
    def content(self) -> bytes:
        return self.frame.body(self.events)

    @property
    def digest(self) -> str:
        """SHA-256 of it, in hex."""
        return hashlib.sha256(self.content).hexdigest()

    def part(self, places: Iterable[int]) -> "Body":
        """The same with some of the events."""
        return replace(self, events=tuple(self.events[place] for place in places))


NOTHING = Body(Frame("", "", ""), ())
"""Of a batch whose body was removed: there is nothing to send again."""


def sealed(organization_id: str, batch_id: str, body: Body) -> bytes:
    """A body, sealed for its batch."""
    packed = zlib.compress(json.dumps([*astuple(body.frame), body.events], ensure_ascii=False).encode())
    return seal(packed, batch_id, _KIND, organization_id)


def write(batch: Batch, content: bytes, now_ms: int) -> None:
    """Writes a sealed body. In a transaction with its batch it would cost twice the write units."""
    put_one(Put(BodyRecord(*_key(batch), sealed=content, forget_at=(now_ms + _KEPT_MS) // SECOND_MS), None))


def body_of(batch: Batch) -> Body | None:
    """The body of a batch; None where it was removed."""
    try:
        record = BodyRecord.get(*_key(batch), consistent_read=True)
    except BodyRecord.DoesNotExist:
        return None
    if record.sealed is None:
        return None
    *around, events = json.loads(zlib.decompress(unseal(record.sealed, batch.batch_id, _KIND, batch.organization_id)))
    return Body(Frame(*around), tuple(events))


def empty(batch: Batch, now_ms: int) -> None:
    """Removes the body of a batch that is over."""
    put_one(Put(BodyRecord(*_key(batch), forget_at=now_ms // SECOND_MS), None))


def _key(batch: Batch) -> Key:
    return keys.body(batch.organization_id, batch.site_id, batch.destination_id, batch.batch_id)
