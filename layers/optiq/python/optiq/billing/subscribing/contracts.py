"""What people are offered and told when they change their plan."""

from dataclasses import dataclass
from typing import Literal

from optiq.billing.plans.contracts import Entitlements, Interval
from optiq.billing.plans.overage import Cap
from optiq.billing.plans.periods import Period


@dataclass(frozen=True, slots=True)
class Checkout:
    """A page to pay on, until when."""

    organization_id: str
    url: str
    expires_ms: int


@dataclass(frozen=True, slots=True)
class PreviewLine:
    description: str
    amount_micros: int
    proration: bool


@dataclass(frozen=True, slots=True)
class ChangePreview:
    """What a change of plan would do.

    Attributes:
        takes_effect: NOW is charged at once; PERIOD_END costs nothing before the period's end.
        at_ms: NOW: what is prorated from; the change names it. PERIOD_END: when it changes.
        total_micros: charged at once; less than 0 is credited.
    """

    organization_id: str
    plan: str
    interval: Interval
    takes_effect: Literal["NOW", "PERIOD_END"]
    at_ms: int
    currency: str
    total_micros: int
    lines: tuple[PreviewLine, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownMethod:
    """A method as people see it; `is_default`: the next payment is made with it."""

    organization_id: str
    method_id: str
    kind: str
    brand: str
    last4: str
    expires: str
    created_ms: int
    is_default: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `fix` is "" where it is right."""

    what: str
    fix: str


@dataclass(frozen=True, slots=True)
class MonthTerms:
    """By what an organization's month is counted, held and paid.

    Attributes:
        per_event: micros for an event beyond the limit as a decimal text, in `currency`; "" where none is sold.
    """

    entitlements: Entitlements
    period: Period
    per_event: str = ""
    currency: str = ""
    cap: Cap | None = None
