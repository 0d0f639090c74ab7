"""Holds of an organization's credits, for work that runs."""

from optiq.billing.credits import records
from optiq.billing.credits.checks import checked_hold, checked_note, checked_product, checked_source
from optiq.billing.credits.posting import post
from optiq.billing.ledger import commands
from optiq.billing.ledger.contracts import Entry, Source
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import ConflictError, NotFoundError


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
        checked_hold(hold_id), amount, checked_product(product), ttl_ms, caller.actor, checked_note(note)
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
            checked_hold(hold_id), amount, checked_source(source), caller.actor, checked_note(note), product
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
            commands.Release(checked_hold(hold_id), caller.actor),
            clock(),
            source=Source("hold_end", hold_id),
            same=lambda entry: entry.hold_id == hold_id,
        )
    except NotFoundError:
        _require_begun(caller.organization_id, hold_id)
        raise


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
