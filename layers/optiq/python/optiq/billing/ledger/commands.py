"""What can be asked of a ledger."""

from dataclasses import dataclass
from typing import Literal

from optiq.billing.ledger.contracts import PendingBonus, Purchase, Source, Terms


@dataclass(frozen=True, slots=True)
class Grant:
    """Adds credits. They repay what is owed first."""

    kind: Literal["BONUS", "ADJUSTMENT"]
    amount: int
    source: Source
    expires_ms: int | None = None
    actor: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Take:
    """Takes credits back, as an adjustment."""

    amount: int
    source: Source
    actor: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Spend:
    amount: int
    product: str
    source: Source
    actor: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class PlaceHold:
    """Sets credits aside for `ttl_ms`."""

    hold_id: str
    amount: int
    product: str
    ttl_ms: int
    actor: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Capture:
    """Spends credits of a hold.

    Attributes:
        ended_product: of the hold, when it timed out: then the credits are spent of what is available.
    """

    hold_id: str
    amount: int
    source: Source
    actor: str = ""
    note: str = ""
    ended_product: str = ""


@dataclass(frozen=True, slots=True)
class Release:
    """Ends a hold: what is left of it is available again."""

    hold_id: str
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Buy:
    """Grants a package that was paid, once.

    Attributes:
        purchase: as it is known so far: an earlier event may say that it was refunded.
        amount: of the payment, in the smallest unit of its currency.
    """

    purchase: Purchase
    credits: int
    amount: int
    expires_ms: int | None
    actor: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Charge:
    """What the payment of a purchase is like now: takes credits back, or grants them again.

    Attributes:
        refunded: in all, of `amount`. disputed: a dispute is open or lost.
    """

    purchase: Purchase
    amount: int
    refunded: int
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class StartPlan:
    """A plan with months of its own begins. The same again changes nothing."""

    terms: Terms


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """Another plan within the same months: more credits at once, fewer from the next month on.

    Attributes:
        at_ms: when it was changed.
    """

    plan: str
    credits: int
    max_rollover: int
    at_ms: int
    source: Source


@dataclass(frozen=True, slots=True)
class PayPlan:
    """Months were paid.

    Attributes:
        credits: for the first of them, as the invoice has it.
    """

    start_ms: int
    end_ms: int
    credits: int


@dataclass(frozen=True, slots=True)
class AddBonus:
    """The next purchase is topped up."""

    bonus: PendingBonus


@dataclass(frozen=True, slots=True)
class SetOverdraft:
    credits: int


Command = (
    Grant
    | Take
    | Spend
    | PlaceHold
    | Capture
    | Release
    | Buy
    | Charge
    | StartPlan
    | ChangePlan
    | PayPlan
    | AddBonus
    | SetOverdraft
)
