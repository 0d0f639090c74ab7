"""What other contexts may know of billing."""

from dataclasses import dataclass

from optiq.billing.ledger.contracts import Entry, Hold, Lot, Purchase, Source, Terms

__all__ = ["Balance", "Check", "Entry", "Hold", "Lot", "Purchase", "Source", "Swept", "Terms"]


@dataclass(frozen=True, slots=True)
class Balance:
    """An organization's credits, all in whole credits.

    Attributes:
        available: what can be spent now; less than 0 while credits are owed.
        held: set aside by open holds, beside what is available.
        overdraft: how many credits may be owed by spending.
        plan, monthly_credits, max_rollover: what its plan grants each month; "" and 0 without a plan.
        renews_ms: when the next month begins, or None.
        bonus_percent: what the next purchase is topped up by.
        entries: how many the ledger has.
    """

    organization_id: str
    available: int
    held: int
    overdraft: int
    plan: str
    monthly_credits: int
    max_rollover: int
    renews_ms: int | None
    bonus_percent: int
    entries: int


@dataclass(frozen=True, slots=True)
class Check:
    """What a check of a ledger finds.

    Attributes:
        good_entries: from the first on. fault: what is wrong after them, or "".
        last_seal: of the last entry, or "".
        copied_until: the last UTC day of which the copy in the lake was compared, or "".
    """

    good_entries: int
    fault: str
    last_seal: str
    copied_until: str

    @property
    def intact(self) -> bool:
        return not self.fault


@dataclass(frozen=True, slots=True)
class Swept:
    """How many ledgers the clock changed, and how many wait for the next run."""

    done: int
    left: int
