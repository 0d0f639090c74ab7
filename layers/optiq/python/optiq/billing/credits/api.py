"""An organization's credits: what products do with them, and what people see.

Every verb that posts takes a source or an id of its own: asked again it answers the same entry, and posts nothing.
"""

from itertools import islice
from typing import Literal

from optiq.billing.contracts import Balance
from optiq.billing.credits import records
from optiq.billing.credits.beginning import begun
from optiq.billing.credits.checks import checked_note, checked_product, checked_source
from optiq.billing.credits.copying import copy_ended_days
from optiq.billing.credits.holding import capture, hold, release
from optiq.billing.credits.plan_credits import change_plan, pay_plan, start_plan
from optiq.billing.credits.posting import Together, post
from optiq.billing.credits.purchases import buy, follow_payment, get_purchase
from optiq.billing.credits.sweeping import sweep
from optiq.billing.credits.verifying import verify
from optiq.billing.ledger import commands, plans, posting
from optiq.billing.ledger.contracts import Entry, EntryType, Head, Hold, Lot, Source
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.paging import Page, page_of, place_after

__all__ = [
    "balance_of",
    "buy",
    "capture",
    "change_plan",
    "copy_ended_days",
    "entries_of",
    "follow_payment",
    "get_purchase",
    "grant",
    "hold",
    "holds_of",
    "lots_of",
    "pay_plan",
    "release",
    "spend",
    "start_plan",
    "sweep",
    "take",
    "verify",
]


def balance_of(caller: Caller, *, clock: Clock = system_clock) -> Balance:
    """As of now: what is due is counted, whether or not it is posted yet."""
    head = _head(caller, clock)
    terms = head.terms
    return Balance(
        caller.organization_id,
        available=head.balance,
        held=head.held,
        overdraft=head.overdraft,
        plan=terms.plan if terms else "",
        monthly_credits=terms.credits if terms else 0,
        max_rollover=terms.max_rollover if terms else 0,
        renews_ms=plans.period_end(terms, head.period_ms) if terms else None,
        bonus_percent=head.bonuses[0].percent if head.bonuses else 0,
        entries=head.sequence,
    )


def lots_of(caller: Caller, *, clock: Clock = system_clock) -> tuple[Lot, ...]:
    """Those with credits, in the order in which they are spent."""
    return _head(caller, clock).lots


def holds_of(caller: Caller, *, clock: Clock = system_clock) -> tuple[Hold, ...]:
    """The open holds, the oldest first."""
    return _head(caller, clock).holds


def entries_of(caller: Caller, *, limit: int = 50, cursor: str | None = None) -> Page[Entry]:
    """A page of the ledger, newest first. Raises InvalidError for another list's cursor."""
    of_list = f"credits:{caller.organization_id}"
    after = place_after(cursor, of_list)
    found = records.entries(caller.organization_id, before=int(after) if after else None, newest_first=True)
    return page_of(of_list, list(islice(found, limit + 1)), limit, lambda entry: str(entry.sequence))


def grant(
    caller: Caller,
    amount: int,
    *,
    kind: Literal["BONUS", "ADJUSTMENT"],
    source: Source,
    expires_ms: int | None = None,
    note: str = "",
    together: Together | None = None,
    clock: Clock = system_clock,
) -> Entry:
    """Adds credits. Raises InvalidError, ConflictError for a source with another entry, UpstreamError."""
    command = commands.Grant(kind, amount, checked_source(source), expires_ms, caller.actor, checked_note(note))
    entry_type: EntryType = "EARN_BONUS" if kind == "BONUS" else "EARN_ADJUSTMENT"
    return post(
        caller.organization_id,
        command,
        clock(),
        source=source,
        same=lambda entry: (entry.type, entry.asked) == (entry_type, amount),
        together=together or Together(),
    )


def take(
    caller: Caller,
    amount: int,
    *,
    source: Source,
    note: str = "",
    together: Together | None = None,
    clock: Clock = system_clock,
) -> Entry:
    """Takes credits back, as an adjustment. Raises PaymentRequiredError for more than there are, and as `grant`."""
    command = commands.Take(amount, checked_source(source), caller.actor, checked_note(note))
    return post(
        caller.organization_id,
        command,
        clock(),
        source=source,
        same=lambda entry: (entry.type, entry.asked) == ("TAKE_ADJUSTMENT", amount),
        together=together or Together(),
    )


def spend(
    caller: Caller, amount: int, *, product: str, source: Source, note: str = "", clock: Clock = system_clock
) -> Entry:
    """
    Raises:
        PaymentRequiredError: there are too few credits.
        ConflictError: the source has another entry. InvalidError: a field that cannot be.
        UpstreamError: the same may succeed later.
    """
    command = commands.Spend(amount, checked_product(product), checked_source(source), caller.actor, checked_note(note))
    return post(
        caller.organization_id,
        command,
        clock(),
        source=source,
        same=lambda entry: (entry.type, entry.asked, entry.product) == ("SPEND", amount, product),
    )


def _head(caller: Caller, clock: Clock) -> Head:
    now_ms, head = clock(), records.find_head(caller.organization_id)
    first = begun(caller.organization_id, head, now_ms)
    return posting.post(first.head if first else head, None, now_ms).head
