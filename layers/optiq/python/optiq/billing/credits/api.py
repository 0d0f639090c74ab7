"""An organization's credits: what products do with them, and what people see.

Every verb that posts takes a source or an id of its own: asked again it answers the same entry, and posts nothing.
"""

from itertools import islice
from typing import Literal

from optiq.billing.contracts import Balance
from optiq.billing.credits import records
from optiq.billing.credits.posting import Together, checked_source, post
from optiq.billing.ledger import commands, plans, posting
from optiq.billing.ledger.contracts import Entry, EntryType, Head, Hold, Lot, Source
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import ConflictError, InvalidError, NotFoundError
from optiq.kernel.ids import may_be_id
from optiq.kernel.paging import Page, page_of, place_after

_LONGEST_NOTE = 500
_LONGEST_PRODUCT = 40


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
    command = commands.Grant(kind, amount, checked_source(source), expires_ms, caller.actor, _checked_note(note))
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
    command = commands.Take(amount, checked_source(source), caller.actor, _checked_note(note))
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
    command = commands.Spend(
        amount, _checked_product(product), checked_source(source), caller.actor, _checked_note(note)
    )
    return post(
        caller.organization_id,
        command,
        clock(),
        source=source,
        same=lambda entry: (entry.type, entry.asked, entry.product) == ("SPEND", amount, product),
    )


def hold(
    caller: Caller,
    hold_id: str,
    amount: int,
    *,
    product: str,
    ttl_ms: int,
    note: str = "",
    clock: Clock = system_clock,
) -> Entry:
    """Sets credits aside for at most 24 hours, under an id that the product chooses, such as that of a job.

    Raises as `spend`, and LimitExceededError when 100 holds are open.
    """
    command = commands.PlaceHold(
        _checked_hold(hold_id), amount, _checked_product(product), ttl_ms, caller.actor, _checked_note(note)
    )
    return post(
        caller.organization_id,
        command,
        clock(),
        source=Source("hold", hold_id),
        same=lambda entry: (entry.asked, entry.product) == (amount, product),
    )


def capture(
    caller: Caller, hold_id: str, amount: int, *, source: Source, note: str = "", clock: Clock = system_clock
) -> Entry:
    """Spends credits of a hold. When it timed out, they are spent of what is available.

    Raises:
        NotFoundError: there was no such hold. ConflictError: it was released, has fewer credits left, or the source
            has another entry.
        PaymentRequiredError: it timed out, and there are too few credits.
        InvalidError, UpstreamError: as of `spend`.
    """
    product = ""
    while True:
        command = commands.Capture(
            _checked_hold(hold_id), amount, checked_source(source), caller.actor, _checked_note(note), product
        )
        try:
            return post(
                caller.organization_id,
                command,
                clock(),
                source=source,
                same=lambda entry: (entry.type, entry.asked, entry.hold_id) == ("CAPTURE", amount, hold_id),
            )
        except NotFoundError:
            product = _product_after_timeout(caller.organization_id, hold_id)


def release(caller: Caller, hold_id: str, *, clock: Clock = system_clock) -> Entry:
    """Ends a hold: what is left of it is available again. The entry that ended it, also when that was its timeout.

    Raises:
        NotFoundError: there was no such hold. ConflictError: it has no credits left. UpstreamError.
    """
    try:
        return post(
            caller.organization_id,
            commands.Release(_checked_hold(hold_id), caller.actor),
            clock(),
            source=Source("hold_end", hold_id),
            same=lambda entry: entry.hold_id == hold_id,
        )
    except NotFoundError:
        _require_begun(caller.organization_id, hold_id)
        raise


def _head(caller: Caller, clock: Clock) -> Head:
    return posting.post(records.find_head(caller.organization_id), None, clock()).head


def _product_after_timeout(organization_id: str, hold_id: str) -> str:
    """The product of a hold that timed out. Raises ConflictError for one that ended otherwise, NotFoundError."""
    ended = records.entry_of(organization_id, Source("hold_end", hold_id))
    if ended is None:
        _require_begun(organization_id, hold_id)
    elif ended.type == "RELEASE":
        raise ConflictError("hold_id: the hold was released")
    else:
        return ended.product
    raise NotFoundError("hold_id: there is no such hold")


def _require_begun(organization_id: str, hold_id: str) -> None:
    """Raises ConflictError for a hold that was captured whole."""
    if records.entry_of(organization_id, Source("hold", hold_id)):
        raise ConflictError("hold_id: the hold has no credits left")


def _checked_hold(hold_id: str) -> str:
    if not may_be_id(hold_id):
        raise InvalidError("hold_id: must have 1 to 64 printable ASCII characters")
    return hold_id


def _checked_product(product: str) -> str:
    if not (0 < len(product) <= _LONGEST_PRODUCT and product.isascii() and product.replace("_", "").isalnum()):
        raise InvalidError(f"product: must have 1 to {_LONGEST_PRODUCT} letters, digits and underscores")
    return product


def _checked_note(note: str) -> str:
    if len(note) > _LONGEST_NOTE:
        raise InvalidError(f"note: must have at most {_LONGEST_NOTE} characters")
    return note
