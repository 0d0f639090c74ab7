"""What events beyond a limit cost, to the minor unit of a currency. Pure."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

_TWO_DIGITS = 10_000
"""Micros of a cent: plans are sold in currencies of two digits."""


@dataclass(frozen=True, slots=True)
class Cap:
    """What an organization pays for events beyond its limit in a month at most.

    Attributes:
        micros: whole cents. stops: events beyond it are refused, in place of held.
    """

    micros: int
    stops: bool = False


@dataclass(frozen=True, slots=True)
class Overage:
    """Events beyond a limit.

    Attributes:
        events: how many. billed: of them, what is paid for; the rest is beyond the cap, and free.
    """

    events: int
    billed: int
    amount_micros: int


def overage(stored: int, limit: int | None, per_event: str, cap: Cap | None) -> Overage:
    """What is paid for the events of a month.

    Args:
        per_event: micros as a decimal text; "" where nothing is sold beyond the limit.
    """
    beyond = max(0, stored - limit) if limit is not None else 0
    if not per_event or not beyond:
        return Overage(beyond, 0, 0)
    billed = beyond if cap is None else min(beyond, events_within(cap.micros, per_event))
    return Overage(beyond, billed, _cents(Decimal(per_event) * billed))


def events_within(micros: int, per_event: str) -> int:
    """How many events an amount pays for."""
    return int(Decimal(micros) // Decimal(per_event))


def _cents(micros: Decimal) -> int:
    """As Stripe rounds a line: half a cent is a cent."""
    return int((micros / _TWO_DIGITS).quantize(Decimal(1), ROUND_HALF_UP)) * _TWO_DIGITS
