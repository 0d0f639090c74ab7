"""Holds: credits set aside for work that runs. What is set aside does not expire."""

from dataclasses import replace

from optiq.billing.ledger.commands import Capture, PlaceHold, Release
from optiq.billing.ledger.contracts import HELD, EntryType, Hold, Lot, Source
from optiq.billing.ledger.draft import Draft
from optiq.billing.ledger.spending import require_covered, taken
from optiq.kernel.clock import HOUR_MS, MINUTE_MS, SECOND_MS
from optiq.kernel.errors import ConflictError, InvalidError, LimitExceededError, NotFoundError

RELEASED_MS = 72 * HOUR_MS
"""How long credits live on that come back after their lot's end."""
LONGEST_HOLD_MS = 24 * HOUR_MS
MOST_HOLDS = 100


def place(draft: Draft, command: PlaceHold) -> None:
    """Raises InvalidError, LimitExceededError, PaymentRequiredError."""
    if not SECOND_MS <= command.ttl_ms <= LONGEST_HOLD_MS:
        raise InvalidError("ttl: must be from one second to 24 hours")
    if len(draft.holds) >= MOST_HOLDS:
        raise LimitExceededError(
            f"{MOST_HOLDS} holds are open: capture or release one first", retry_after_seconds=MINUTE_MS // SECOND_MS
        )
    require_covered(draft, command.amount)
    parts, owed = draft.take(command.amount)
    # What is owed comes back last, and never expires.
    whole = (*parts, Lot("RELEASED", owed, None, False, "", draft.sequence)) if owed else parts
    draft.holds[command.hold_id] = Hold(command.hold_id, command.product, whole, draft.now_ms + command.ttl_ms)
    draft.enter(
        "HOLD",
        Source("hold", command.hold_id),
        {**taken(parts, owed), HELD: command.amount},
        asked=command.amount,
        product=command.product,
        actor=command.actor,
        note=command.note,
        hold_id=command.hold_id,
    )


def capture(draft: Draft, command: Capture) -> None:
    """Raises NotFoundError, ConflictError for more than is left, PaymentRequiredError after a timeout."""
    hold = draft.holds.get(command.hold_id)
    if hold is not None:
        if command.amount > hold.left:
            raise ConflictError(f"amount: the hold has {hold.left} credits left")
        _keep_rest(draft, hold, command.amount)
        product, postings = hold.product, {HELD: -command.amount}
    elif ended := _timed_out_now(draft, command.hold_id) or command.ended_product:
        require_covered(draft, command.amount)
        product, postings = ended, taken(*draft.take(command.amount))
    else:
        raise _no_such_hold()
    draft.enter(
        "CAPTURE",
        command.source,
        {**postings, f"SPENT.{product}": command.amount},
        asked=command.amount,
        product=product,
        actor=command.actor,
        note=command.note,
        hold_id=command.hold_id,
    )


def release(draft: Draft, command: Release) -> None:
    """Raises NotFoundError."""
    if _timed_out_now(draft, command.hold_id):
        return
    if command.hold_id not in draft.holds:
        raise _no_such_hold()
    end(draft, command.hold_id, "RELEASE", draft.now_ms, actor=command.actor)


def end(draft: Draft, hold_id: str, kind: EntryType, at_ms: int, *, actor: str = "", due_ms: int | None = None) -> None:
    """Gives back what is left of a hold; what expired meanwhile lives on for a while."""
    hold = draft.holds.pop(hold_id)
    alive = [_alive(part, at_ms) for part in hold.parts]
    draft.enter(
        kind,
        Source("hold_end", hold_id),
        {**draft.give_back(alive), HELD: -hold.left},
        asked=hold.left,
        product=hold.product,
        actor=actor,
        hold_id=hold_id,
        due_ms=due_ms,
    )


def _alive(part: Lot, at_ms: int) -> Lot:
    if part.expires_ms is None or part.expires_ms > at_ms:
        return part
    return replace(part, kind="RELEASED", expires_ms=at_ms + RELEASED_MS)


def _keep_rest(draft: Draft, hold: Hold, captured: int) -> None:
    rest = []
    for part in hold.parts:
        gone = min(captured, part.remaining)
        captured -= gone
        if part.remaining > gone:
            rest.append(replace(part, remaining=part.remaining - gone))
    if rest:
        draft.holds[hold.hold_id] = replace(hold, parts=tuple(rest))
    else:
        del draft.holds[hold.hold_id]


def _timed_out_now(draft: Draft, hold_id: str) -> str:
    """The product of a hold that times out with this posting; "" for another."""
    return next((one.product for one in draft.entries if one.type == "TIMEOUT" and one.hold_id == hold_id), "")


def _no_such_hold() -> NotFoundError:
    return NotFoundError("hold_id: there is no such hold")
