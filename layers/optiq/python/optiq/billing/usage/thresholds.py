"""The parts of a limit that owners are notified of. Pure."""

from dataclasses import dataclass
from typing import Literal

from optiq.billing.plans.overage import Cap
from optiq.billing.usage.allowing import Allowance

Kind = Literal["PART", "WHOLE", "CAP_PART", "CAP", "HELD", "SPEND_PART", "SPEND"]
PART_PERCENT = 80


@dataclass(frozen=True, slots=True)
class Threshold:
    """Attributes:
    at: so many stored events of the month, or micros of tracked spend. kind: what is reached then.
    claim: names it among those of the month.
    """

    at: int
    kind: Kind
    claim: str


def thresholds(allowed: Allowance, cap: Cap | None) -> tuple[Threshold, ...]:
    """The lowest first. A larger limit or cap within the month has thresholds of its own."""
    if allowed.limit is None:
        return ()
    limit = allowed.limit
    found = [
        Threshold(-(-limit * PART_PERCENT // 100), "PART", f"{limit}#{PART_PERCENT}"),
        Threshold(limit, "WHOLE", f"{limit}#100"),
    ]
    if cap is not None and allowed.allowed is not None:
        paid = allowed.allowed - limit
        found.append(Threshold(limit - (-paid * PART_PERCENT // 100), "CAP_PART", f"CAP{cap.micros}#{PART_PERCENT}"))
        found.append(Threshold(allowed.allowed, "CAP", f"CAP{cap.micros}#100"))
    elif allowed.holds_at is not None:
        found.append(Threshold(allowed.holds_at, "HELD", f"{limit}#HELD"))
    return tuple(found)


def spend_thresholds(limit_micros: int) -> tuple[Threshold, ...]:
    """Of tracked ad spend, the lowest first."""
    part = -(-limit_micros * PART_PERCENT // 100)
    return (
        Threshold(part, "SPEND_PART", f"SPEND{limit_micros}#{PART_PERCENT}"),
        Threshold(limit_micros, "SPEND", f"SPEND{limit_micros}#100"),
    )
