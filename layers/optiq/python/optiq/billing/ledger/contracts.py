"""What a ledger of credits consists of. All amounts are whole credits, all instants milliseconds.

An organization's ledger is its `Head`: what there is now. Each change of it adds an `Entry`, which is never changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

LotKind = Literal["PLAN", "ROLLOVER", "PURCHASE", "BONUS", "ADJUSTMENT", "RELEASED"]
EntryType = Literal[
    "EARN_REGENERATION",
    "EARN_UPGRADE",
    "EARN_PURCHASE",
    "EARN_BONUS",
    "EARN_ADJUSTMENT",
    "TAKE_ADJUSTMENT",
    "SPEND",
    "HOLD",
    "CAPTURE",
    "RELEASE",
    "TIMEOUT",
    "ROLLOVER",
    "EXPIRE",
    "REVERSAL",
    "RESTORE",
]

AVAILABLE, HELD, DEBT = "AVAILABLE", "HELD", "DEBT"
"""Accounts of an organization. DEBT is 0 or less: credits that it owes."""
EXPIRED, REVERSED = "EXPIRED", "REVERSED"
"""Counter-accounts, beside `GRANTED.<kind>` and `SPENT.<product>`: where credits come from and go to."""
MOST_CREDITS = 10**12
"""Of one posting."""


class Source(NamedTuple):
    """What a posting is for, such as ("job", "job_01…"). One source has one entry."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Lot:
    """Credits that were granted together.

    Attributes:
        expires_ms: when what remains expires; None for never.
        paid: somebody paid for them.
        source: the id of the purchase or the voucher that they are from, or "".
        sequence: the number of the entry that granted them; lots of smaller numbers are older.
    """

    kind: LotKind
    remaining: int
    expires_ms: int | None
    paid: bool
    source: str
    sequence: int

    @property
    def place(self) -> tuple[float, bool, bool, int]:
        """Lots are spent in this order: what expires first, then the unpaid, then what rolled over, then the oldest."""
        expires = float("inf") if self.expires_ms is None else self.expires_ms
        return expires, self.paid, self.kind != "ROLLOVER", self.sequence


@dataclass(frozen=True, slots=True)
class Hold:
    """Credits set aside for work that runs.

    Attributes:
        parts: of which lots they are, in the order in which they are captured.
        expires_ms: when the hold times out.
    """

    hold_id: str
    product: str
    parts: tuple[Lot, ...]
    expires_ms: int

    @property
    def left(self) -> int:
        return sum(part.remaining for part in self.parts)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a plan grants each month.

    Attributes:
        anchor_ms: months are counted from it.
        credits: granted at the start of each month.
        max_rollover: how many of a month's credits last a month longer.
        paid_until_ms: until when months are paid; None for a plan that needs no paying.
    """

    plan: str
    anchor_ms: int
    credits: int
    max_rollover: int = 0
    paid_until_ms: int | None = None


@dataclass(frozen=True, slots=True)
class PendingBonus:
    """A percentage that the next purchase is topped up by."""

    voucher_id: str
    percent: int
    expires_ms: int | None


@dataclass(frozen=True, slots=True)
class Head:
    """Where an organization's ledger is.

    Attributes:
        version: grows by one with every change.
        sequence, at_ms, seal: of the last entry.
        lots: those with credits. debt: credits that are owed; then no lot has any.
        overdraft: how many credits may be owed by spending.
        period_ms: the start of the plan's present month.
        allotted: the start of the month that each plan last granted credits for.
    """

    version: int = 0
    sequence: int = 0
    at_ms: int = 0
    seal: str = ""
    lots: tuple[Lot, ...] = ()
    holds: tuple[Hold, ...] = ()
    debt: int = 0
    overdraft: int = 0
    terms: Terms | None = None
    period_ms: int = 0
    allotted: Mapping[str, int] = field(default_factory=dict)
    bonuses: tuple[PendingBonus, ...] = ()

    @property
    def balance(self) -> int:
        """What can be spent; less than 0 while credits are owed."""
        return sum(lot.remaining for lot in self.lots) - self.debt

    @property
    def held(self) -> int:
        return sum(hold.left for hold in self.holds)


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of a ledger.

    Attributes:
        sequence: its number, from 1.
        at_ms: when it was written. due_ms: when it was due, for what the clock brings about; else None.
        amount: by how much it changed the balance.
        asked: the amount of its command.
        postings: by account; their sum is 0.
        kinds: by how much it changed the lots of each kind.
        hold_id: the hold that it is about, or "".
        reverses: the number of the entry that it corrects, or None.
        actor: who caused it, or "".
    """

    sequence: int
    at_ms: int
    type: EntryType
    amount: int
    balance_after: int
    held_after: int
    source: Source
    asked: int
    postings: Mapping[str, int]
    kinds: Mapping[str, int]
    product: str = ""
    actor: str = ""
    note: str = ""
    hold_id: str = ""
    reverses: int | None = None
    due_ms: int | None = None
    seal: str = ""


@dataclass(frozen=True, slots=True)
class Purchase:
    """A package that was bought, and how much of its payment was given back.

    Attributes:
        credits, bonus: granted, and granted on top; 0 before the payment is known.
        amount, refunded: of the payment, in the smallest unit of its currency.
        disputed: a dispute is open or lost.
        reversed, bonus_reversed: taken back so far. reversals: how many entries did.
        sequence, bonus_sequence: of the entries that granted them, or 0.
        expires_ms: of the credits.
    """

    purchase_id: str
    credits: int = 0
    bonus: int = 0
    amount: int = 0
    refunded: int = 0
    disputed: bool = False
    reversed: int = 0
    bonus_reversed: int = 0
    reversals: int = 0
    sequence: int = 0
    bonus_sequence: int = 0
    expires_ms: int | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Posted:
    """What a command makes of a ledger: its head, the new entries, and the purchase it is about, if any."""

    head: Head
    entries: tuple[Entry, ...]
    purchase: Purchase | None = None

    def sealed(self, entries: tuple[Entry, ...]) -> "Posted":
        """The same with the entries sealed."""
        seal = entries[-1].seal if entries else self.head.seal
        return replace(self, head=replace(self.head, seal=seal), entries=entries)
