"""Packages that were bought, and payments that were given back.

How much is taken back follows from what the payment is like now, so its events may come in any order, and twice.
"""

from dataclasses import replace

from optiq.billing.ledger.commands import Buy, Charge
from optiq.billing.ledger.contracts import REVERSED, Purchase, Source
from optiq.billing.ledger.draft import Draft
from optiq.billing.ledger.holds import RELEASED_MS
from optiq.billing.ledger.spending import taken
from optiq.kernel.errors import InvalidError


def buy(draft: Draft, command: Buy) -> None:
    known = command.purchase
    percent = _next_bonus(draft)
    bonus = command.credits * percent // 100
    purchase = replace(
        known,
        credits=command.credits,
        bonus=bonus,
        amount=command.amount,
        sequence=draft.sequence,
        expires_ms=command.expires_ms,
    )
    granted = draft.add("PURCHASE", command.credits, command.expires_ms, paid=True, source=known.purchase_id)
    draft.enter(
        "EARN_PURCHASE",
        Source("purchase", known.purchase_id),
        {**granted, "GRANTED.PURCHASE": -command.credits},
        asked=command.credits,
        actor=command.actor,
        note=command.note,
    )
    if bonus:
        purchase = replace(purchase, bonus_sequence=draft.sequence)
        granted = draft.add("BONUS", bonus, command.expires_ms, paid=False, source=known.purchase_id)
        source = Source("purchase_bonus", known.purchase_id)
        note = f"{percent} % on top of {command.credits}"
        draft.enter("EARN_BONUS", source, {**granted, "GRANTED.BONUS": -bonus}, asked=bonus, note=note)
    _follow_payment(draft, purchase)


def charge(draft: Draft, command: Charge) -> None:
    """Raises InvalidError for more than was paid."""
    if not 0 <= command.refunded <= command.amount:
        raise InvalidError("refunded: must be from 0 to the amount that was paid")
    known = command.purchase
    _follow_payment(draft, replace(known, amount=command.amount, refunded=command.refunded, disputed=command.disputed))


def _next_bonus(draft: Draft) -> int:
    """The percentage that this purchase is topped up by; it is used up then."""
    alive = [one for one in draft.bonuses if one.expires_ms is None or one.expires_ms > draft.now_ms]
    draft.bonuses = tuple(alive[1:])
    return alive[0].percent if alive else 0


def _follow_payment(draft: Draft, purchase: Purchase) -> None:
    """Takes back, or grants again, what the payment of a purchase asks for."""
    if purchase.sequence:
        purchase = _correct(draft, purchase, bonus=False)
    if purchase.bonus_sequence:
        purchase = _correct(draft, purchase, bonus=True)
    draft.purchase = purchase


def _correct(draft: Draft, purchase: Purchase, *, bonus: bool) -> Purchase:
    granted = purchase.bonus if bonus else purchase.credits
    before = purchase.bonus_reversed if bonus else purchase.reversed
    target = granted if purchase.disputed else _share(granted, purchase)
    if target == before:
        return purchase
    number = purchase.reversals + 1
    source = Source("reversal", f"{purchase.purchase_id}:{number}")
    about = purchase.bonus_sequence if bonus else purchase.sequence
    if target > before:
        postings = taken(*draft.take(target - before, first=purchase.purchase_id))
        draft.enter("REVERSAL", source, {**postings, REVERSED: target - before}, asked=target - before, reverses=about)
    else:
        back = before - target
        expires_ms = purchase.expires_ms and max(purchase.expires_ms, draft.now_ms + RELEASED_MS)
        postings = draft.add(
            "BONUS" if bonus else "PURCHASE", back, expires_ms, paid=not bonus, source=purchase.purchase_id
        )
        draft.enter("RESTORE", source, {**postings, REVERSED: -back}, asked=back, reverses=about)
    if bonus:
        return replace(purchase, bonus_reversed=target, reversals=number)
    return replace(purchase, reversed=target, reversals=number)


def _share(granted: int, purchase: Purchase) -> int:
    return granted * purchase.refunded // purchase.amount if purchase.amount else 0
