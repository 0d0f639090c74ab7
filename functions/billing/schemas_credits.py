"""Credits as the API writes them. All amounts are whole credits."""

from typing import Annotated, Literal

from optiq.billing.contracts import Balance, Check, Entry, Hold, Lot
from optiq.billing.ledger.contracts import EntryType
from optiq.kernel.schemas import Instant, OrNull, Out, PageOut, fields_of, shows
from pydantic import Field


@shows(Balance)
class BalanceOut(Out):
    """`available` is less than 0 while credits are owed; `held` is beside it.

    At `renews_at` the plan's next month begins.
    """

    plan: Annotated[str | None, OrNull]


class CreditEntryOut(Out):
    """One change of the credits. `amount` changed what is available, `postings` say from where to where.

    `kinds` says of which lots. `due_at` is when it was due, for what happens by itself. `reverses` is the number of the
    entry that it corrects.
    """

    sequence: int
    written_at: Instant
    type: EntryType
    amount: int
    balance_after: int
    held_after: int
    source_kind: str
    source_id: str
    product: Annotated[str | None, OrNull]
    actor: Annotated[str | None, OrNull]
    note: str
    hold_id: Annotated[str | None, OrNull]
    reverses: int | None
    due_at: Instant | None
    postings: dict[str, int]
    kinds: dict[str, int]
    seal: str = Field(description="covers this entry and the one before")

    @classmethod
    def of(cls, entry: Entry) -> "CreditEntryOut":
        source = {"source_kind": entry.source.kind, "source_id": entry.source.id, "written_at": entry.at_ms}
        return cls.model_validate(fields_of(entry) | source)


class CreditEntriesOut(PageOut[CreditEntryOut]):
    """Newest first."""


class CreditLotOut(Out):
    """Credits that were granted together. Without `expires_at` they never expire."""

    kind: Literal["PLAN", "ROLLOVER", "PURCHASE", "BONUS", "ADJUSTMENT", "RELEASED"]
    remaining: int
    expires_at: Instant | None
    paid: bool

    @classmethod
    def of(cls, lot: Lot) -> "CreditLotOut":
        return cls.model_validate(fields_of(lot))


class CreditLotsOut(PageOut[CreditLotOut]):
    """In the order in which they are spent."""


class CreditHoldOut(Out):
    """Credits set aside for work that runs, until it ends or `expires_at`."""

    hold_id: str
    product: str
    left: int
    expires_at: Instant

    @classmethod
    def of(cls, hold: Hold) -> "CreditHoldOut":
        return cls.model_validate(fields_of(hold) | {"left": hold.left})


class CreditHoldsOut(PageOut[CreditHoldOut]):
    """The oldest first."""


@shows(Check)
class CreditCheckOut(Out):
    """`good_entries` are as they were written. `copied_until` is the last day that was compared with its copy."""

    intact: bool
    fault: Annotated[str | None, OrNull]
    copied_until: Annotated[str | None, OrNull]
