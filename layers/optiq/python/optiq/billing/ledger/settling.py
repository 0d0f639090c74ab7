"""What the clock brings about: holds time out, months begin, lots expire; each at its own instant, in their order."""

from optiq.billing.ledger import plans
from optiq.billing.ledger.contracts import AVAILABLE, EXPIRED, Source
from optiq.billing.ledger.draft import Draft
from optiq.billing.ledger.holds import end


def next_due(draft: Draft) -> int | None:
    """When something happens by itself; None for never."""
    found = [hold.expires_ms for hold in draft.holds.values()]
    found += [lot.expires_ms for lot in draft.lots if lot.expires_ms is not None]
    boundary_ms = plans.boundary_of(draft)
    found += [boundary_ms] if boundary_ms is not None else []
    return min(found, default=None)


def settle(draft: Draft, most_entries: int | None = None) -> bool:
    """Does what is due by now. Returns False when it stopped after so many entries, and more is due."""
    while (due_ms := next_due(draft)) is not None and due_ms <= draft.now_ms:
        if most_entries is not None and len(draft.entries) >= most_entries:
            return False
        _settle_at(draft, due_ms)
    plans.skip_empty_months(draft)
    return True


def _settle_at(draft: Draft, at_ms: int) -> None:
    """Holds first: what comes back of them rolls over with the rest of its month."""
    for hold in [one for one in draft.holds.values() if one.expires_ms == at_ms]:
        end(draft, hold.hold_id, "TIMEOUT", at_ms, due_ms=at_ms)
    if plans.boundary_of(draft) == at_ms:
        plans.begin_month(draft, at_ms)
    expired = sum(lot.remaining for lot in draft.lots if lot.expires_ms == at_ms)
    draft.lots = [lot for lot in draft.lots if lot.expires_ms != at_ms]
    if expired:
        source = Source("expiry", str(draft.sequence))
        draft.enter("EXPIRE", source, {AVAILABLE: -expired, EXPIRED: expired}, asked=expired, due_ms=at_ms)
