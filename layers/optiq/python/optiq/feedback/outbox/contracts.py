"""The outbox: what is to be told of each conversion, and the batches in which it is sent."""

from dataclasses import dataclass
from typing import Literal

from optiq.feedback.destinations.contracts import Platform

Status = Literal[
    "PENDING",
    "CLAIMED",
    "ACCEPTED",
    "CONFIRMED",
    "REJECTED",
    "SKIPPED",
    "EXPIRED",
    "INDETERMINATE",
    "UNKNOWN",
]
"""How far an entry is.

PENDING: it waits. CLAIMED: it is in a batch, which may have left. ACCEPTED: the platform answered yes. CONFIRMED: it
said so again after looking at it. REJECTED: it refuses it. SKIPPED: it was not sent, for a reason of ours. EXPIRED: it
is too old for the platform. INDETERMINATE: some of its batch was refused, and which is looked for. UNKNOWN: it was sent
without an answer, and the platform would take it for another one by now: only a person sends it again.
"""
OPEN: frozenset[Status] = frozenset({"PENDING", "CLAIMED", "INDETERMINATE"})
TAKEN: frozenset[Status] = frozenset({"ACCEPTED", "CONFIRMED"})

FIRST = "0001"
"""The place of a conversion's first entry at a destination."""

BatchStatus = Literal["BUILDING", "SENDING", "ANSWERED", "CONFIRMING", "CLOSED"]
"""How far a batch is.

BUILDING: its entries are being claimed, and nothing has left. SENDING: it may have left. ANSWERED: what came of it is
written down with it, not yet with its entries. CONFIRMING: the platform accepted it, and is asked later what became of
it. CLOSED: it is over.
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be told of a conversion at one destination: of each its first entry, then one for each change.

    Attributes:
        place: which one of the conversion's entries at the destination it is, from 0001.
        conversion_revision: of the conversion, when this was written.
        vendor_id: what tells the conversion from others at the platform: the id that the site's own pixel sends.
        told_as: the platform's name of the event. told_micros: the share of the value that it is told.
        is_change: the platform was told the conversion before; this is its new value.
        click_ids: parameters and values of the last click on an ad of the platform; none once the entry is over.
        due_ms: when to look at it; None once it is in a batch or over.
        over: nothing more becomes of it by itself.
        reason: why it is SKIPPED, REJECTED … (`feedback/reasons.py`), or the platform's own code.
        attempts: how often it was sent. answer, trace: the platform's last code, and what its support finds it by.
        digest: SHA-256 of the request that it was sent in last. found_by: what the platform could find the person by.
    """

    organization_id: str
    site_id: str
    destination_id: str
    conversion_id: str
    place: str
    platform: Platform
    conversion_revision: int
    vendor_id: str
    name: str
    told_as: str
    order_id: str
    occurred_ms: int
    value_micros: int
    told_micros: int
    currency: str
    created_ms: int
    status: Status = "PENDING"
    is_change: bool = False
    click_ids: tuple[tuple[str, str], ...] = ()
    clicked_ms: int = 0
    due_ms: int | None = None
    over: bool = False
    reason: str = ""
    batch_id: str = ""
    attempts: int = 0
    sent_ms: int | None = None
    answered_ms: int | None = None
    answer: str = ""
    trace: str = ""
    digest: str = ""
    found_by: tuple[str, ...] = ()
    version: int = 0

    @property
    def ref(self) -> str:
        """Names it at its destination."""
        return f"{self.conversion_id}#{self.place}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one entry of a batch."""

    status: Status
    reason: str = ""
    over: bool = True


@dataclass(frozen=True, slots=True)
class Batch:
    """A request of several entries. Its body is an item of its own (outbox/bodies.py).

    Attributes:
        refs: of its entries, in the order of the request. outcomes: of each, once it is ANSWERED.
        attempts: how often it was sent. first_ms: when it was for the first time.
        unsure: some attempt ended without an answer that says whether it was taken.
        due_ms: when to look at it; None once it is CLOSED.
        digest: SHA-256 of the body; the same for every attempt.
        answer, trace: of the last attempt. asked: how often the platform was asked what became of it.
        tries: how often it was sent again because the platform may take it later.
    """

    organization_id: str
    site_id: str
    destination_id: str
    batch_id: str
    refs: tuple[str, ...]
    created_ms: int
    status: BatchStatus = "BUILDING"
    attempts: int = 0
    first_ms: int | None = None
    last_ms: int | None = None
    unsure: bool = False
    due_ms: int | None = None
    digest: str = ""
    answer: str = ""
    trace: str = ""
    outcomes: tuple[Outcome, ...] = ()
    asked: int = 0
    tries: int = 0
    version: int = 0
