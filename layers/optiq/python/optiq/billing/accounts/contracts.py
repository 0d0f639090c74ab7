"""What an organization is to billing, beside its subscription."""

from dataclasses import dataclass, field
from typing import Literal

from optiq.billing.plans.contracts import AccountStance, Entitlements, Interval, Overrides, SubscriptionStatus

Standing = Literal["SELF_HOSTED", "BILLED"]


@dataclass(frozen=True, slots=True)
class BillingAccount:
    """Attributes:
    customer_id: at Stripe, or "". email: of the person who began to pay.
    trial_plan, trial_ends_ms: of its only trial, or "" and None.
    trial_domain, trial_card: keyed hashes that no other organization may begin a trial with, or "".
    spend_cap_micros: what it pays for events beyond its plan's limit in a month at most, in its plan's currency; None
        for no cap. stop_at_cap: events beyond the cap are refused, in place of held.
    """

    organization_id: str
    created_ms: int
    customer_id: str = ""
    email: str = ""
    stance: AccountStance = "BILLED"
    trial_plan: str = ""
    trial_ends_ms: int | None = None
    trial_domain: str = ""
    trial_card: str = ""
    overrides: Overrides = field(default_factory=Overrides)
    spend_cap_micros: int | None = None
    stop_at_cap: bool = False
    version: int = 0


@dataclass(frozen=True, slots=True)
class Billing:
    """Where an organization is: what it may do, what it pays, and what changes next.

    Attributes:
        standing: SELF_HOSTED where nobody pays and nothing is limited.
        status: of its subscription, or "". period_end_ms: until when it is paid, or None.
        trial_available: a trial may be begun still.
        own_terms: its subscription is at a price of no plan; until staff mend that, its plan stays as it was.
        spend_cap_micros, stop_at_cap: as of its account.
        next_plan, next_ms: what it becomes at the end of the period, or "" and None.
    """

    organization_id: str
    standing: Standing
    entitlements: Entitlements
    status: SubscriptionStatus | Literal[""] = ""
    interval: Interval | Literal[""] = ""
    currency: str = ""
    amount_micros: int | None = None
    period_start_ms: int | None = None
    period_end_ms: int | None = None
    cancel_at_period_end: bool = False
    next_plan: str = ""
    next_ms: int | None = None
    trial_available: bool = False
    own_terms: bool = False
    spend_cap_micros: int | None = None
    stop_at_cap: bool = False
