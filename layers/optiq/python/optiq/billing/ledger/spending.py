"""Credits are granted, spent, and corrected by hand."""

from collections.abc import Sequence

from optiq.billing.ledger.commands import Grant, Spend, Take
from optiq.billing.ledger.contracts import AVAILABLE, DEBT, EntryType, Lot
from optiq.billing.ledger.draft import Draft
from optiq.kernel.errors import InvalidError, PaymentRequiredError


def require_covered(draft: Draft, amount: int) -> None:
    """Raises PaymentRequiredError for more than is available, with what may be owed."""
    available = draft.remaining - draft.debt + draft.overdraft
    if amount > available:
        raise PaymentRequiredError(f"amount: {amount} credits are needed, {max(available, 0)} are available")


def taken(parts: Sequence[Lot], owed: int) -> dict[str, int]:
    """The postings of taking credits out of lots, and of owing some."""
    return {AVAILABLE: -sum(part.remaining for part in parts), DEBT: -owed}


def grant(draft: Draft, command: Grant) -> None:
    """Raises InvalidError for credits that have expired already."""
    if command.expires_ms is not None and command.expires_ms <= draft.now_ms:
        raise InvalidError("expires_at: must be in the future")
    granted = draft.add(command.kind, command.amount, command.expires_ms, paid=False, source=command.source.id)
    kind: EntryType = "EARN_BONUS" if command.kind == "BONUS" else "EARN_ADJUSTMENT"
    draft.enter(
        kind,
        command.source,
        {**granted, f"GRANTED.{command.kind}": -command.amount},
        asked=command.amount,
        actor=command.actor,
        note=command.note,
    )


def take(draft: Draft, command: Take) -> None:
    """Raises PaymentRequiredError."""
    require_covered(draft, command.amount)
    draft.enter(
        "TAKE_ADJUSTMENT",
        command.source,
        {**taken(*draft.take(command.amount)), "GRANTED.ADJUSTMENT": command.amount},
        asked=command.amount,
        actor=command.actor,
        note=command.note,
    )


def spend(draft: Draft, command: Spend) -> None:
    """Raises PaymentRequiredError."""
    require_covered(draft, command.amount)
    draft.enter(
        "SPEND",
        command.source,
        {**taken(*draft.take(command.amount)), f"SPENT.{command.product}": command.amount},
        asked=command.amount,
        product=command.product,
        actor=command.actor,
        note=command.note,
    )
