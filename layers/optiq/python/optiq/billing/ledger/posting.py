"""Posting: what a command makes of a ledger. Pure: the caller passes the head and the instant, and stores the result.

Before every command, all that was due by now is done.
"""

from optiq.billing.ledger import holds, plans, purchases, settling, spending
from optiq.billing.ledger.commands import (
    AddBonus,
    Buy,
    Capture,
    ChangePlan,
    Charge,
    Command,
    Grant,
    PayPlan,
    PlaceHold,
    Release,
    SetOverdraft,
    Spend,
    StartPlan,
    Take,
)
from optiq.billing.ledger.contracts import MOST_CREDITS, Head, Posted
from optiq.billing.ledger.draft import Draft
from optiq.kernel.errors import InvalidError


def post(head: Head, command: Command | None, now_ms: int) -> Posted:
    """The ledger after a command; after what was due alone, without one.

    Raises:
        InvalidError: an amount or a time that cannot be.
        PaymentRequiredError: there are too few credits.
        NotFoundError: there is no such open hold. ConflictError: it has fewer credits left.
        LimitExceededError: too many holds are open.
    """
    if isinstance(command, Grant | Take | Spend | PlaceHold | Capture) and not 1 <= command.amount <= MOST_CREDITS:
        raise InvalidError(f"amount: must be a whole number from 1 to {MOST_CREDITS}")
    draft = Draft.of(head, now_ms)
    settling.settle(draft)
    if command is not None:
        _perform(draft, command)
    return Posted(draft.ended(), tuple(draft.entries), draft.purchase)


def settle(head: Head, now_ms: int, most_entries: int) -> Posted | None:
    """What is due, for a transaction of its own, where it is more than so many entries; else None."""
    draft = Draft.of(head, now_ms)
    if settling.settle(draft, most_entries):
        return None
    return Posted(draft.ended(), tuple(draft.entries))


def due_ms(head: Head) -> int | None:
    """When something happens to a ledger by itself; None for never."""
    return settling.next_due(Draft.of(head, head.at_ms))


def _perform(draft: Draft, command: Command) -> None:  # noqa: C901 - one line for each command
    match command:
        case Grant():
            spending.grant(draft, command)
        case Take():
            spending.take(draft, command)
        case Spend():
            spending.spend(draft, command)
        case PlaceHold():
            holds.place(draft, command)
        case Capture():
            holds.capture(draft, command)
        case Release():
            holds.release(draft, command)
        case Buy():
            purchases.buy(draft, command)
        case Charge():
            purchases.charge(draft, command)
        case StartPlan():
            plans.start(draft, command)
        case ChangePlan():
            plans.change(draft, command)
        case PayPlan():
            plans.pay(draft, command)
        case AddBonus():
            draft.bonuses = (*draft.bonuses, command.bonus)
        case SetOverdraft():
            draft.overdraft = command.credits
