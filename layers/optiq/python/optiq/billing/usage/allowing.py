"""How many events an organization may store in its month, and from how many on others are held or refused. Pure."""

from dataclasses import dataclass

from optiq.billing.plans.contracts import Entitlements
from optiq.billing.plans.overage import Cap, events_within
from optiq.billing.usage.contracts import State
from optiq.kernel.clock import DAY_MS

_STOP_FACTOR = 2


@dataclass(frozen=True, slots=True)
class Allowance:
    """What an organization may store. None is without bound.

    Attributes:
        limit: of its plan for a month.
        allowed: the limit, and what it pays for beyond it.
        holds_at: from so many stored events on, others are held.
        stops_at: from so many stored and held ones on, the edge refuses.
    """

    limit: int | None
    allowed: int | None
    holds_at: int | None
    stops_at: int | None

    def state(self, stored: int, held: int) -> State:
        """What becomes of the next event, after so many of the month."""
        if self.stops_at is not None and stored + held >= self.stops_at:
            return "STOPPED"
        return "HELD" if self.holds_at is not None and stored >= self.holds_at else "OPEN"


def allowance(
    entitlements: Entitlements, overage_per_event: str, cap: Cap | None, whole_since_ms: int | None, now_ms: int
) -> Allowance:
    """What an organization may store in this month.

    Args:
        overage_per_event: what its plan asks for an event beyond the limit (micros as a text), or "".
        whole_since_ms: since when its limit is reached, or None.
    """
    limit = entitlements.monthly_events
    if entitlements.stance == "SUSPENDED":
        return Allowance(limit, 0, 0, 0)
    if limit is None:
        return Allowance(None, None, None, None)
    if entitlements.overage and overage_per_event:
        if cap is None:
            return Allowance(limit, None, None, None)
        paid = limit + events_within(cap.micros, overage_per_event)
        return Allowance(limit, paid, paid, paid if cap.stops else paid * _STOP_FACTOR)
    in_grace = whole_since_ms is None or now_ms < whole_since_ms + entitlements.grace_days * DAY_MS
    holds_at = limit * (100 + entitlements.grace_percent) // 100 if in_grace else limit
    return Allowance(limit, limit, holds_at, limit * _STOP_FACTOR)
