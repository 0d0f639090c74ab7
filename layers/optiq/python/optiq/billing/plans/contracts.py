"""Plans, what an organization may deviate from them by, and what it is entitled to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Interval = Literal["month", "year"]
SubscriptionStatus = Literal[
    "INCOMPLETE", "INCOMPLETE_EXPIRED", "TRIALING", "ACTIVE", "PAST_DUE", "CANCELED", "UNPAID", "PAUSED"
]
"""Stripe's eight, in upper case."""
Stance = Literal["SELF_HOSTED", "INTERNAL", "SUSPENDED", "FREE", "TRIAL", "ACTIVE", "CANCELING", "PAST_DUE", "LAPSED"]
"""Where an organization is with its plan.

SELF_HOSTED and INTERNAL are never billed. CANCELING has its plan until the period ends. PAST_DUE has it for the days
of dunning; LAPSED is FREE after them, and what it sends beyond that is held.
"""
AccountStance = Literal["BILLED", "INTERNAL", "SUSPENDED"]
Feature = Literal["data_driven_models", "ad_platforms", "alerts", "sharing", "warehouse", "api_access", "priority"]


@dataclass(frozen=True, slots=True)
class Price:
    """What a plan costs for an interval, in a currency's millionths."""

    interval: Interval
    currency: str
    amount_micros: int


@dataclass(frozen=True, slots=True)
class Plan:
    """One version of a plan. A version that was sold never changes; a change is a version of a higher number.

    Attributes:
        monthly_events, monthly_ad_spend_micros (USD), seats: limits; None is no limit.
        credits_per_month: granted each month. max_rollover: the most of them that lives one month longer.
        grace_percent, grace_days: how far, and how long, a limit may be exceeded before events are held.
        overage_per_event: micros for an event beyond the limit as a decimal text; "" for a plan that sells none.
        public: people may choose it. active: it is sold.
    """

    slug: str
    version: int
    title: str
    order: int
    monthly_events: int | None
    monthly_ad_spend_micros: int | None
    seats: int | None
    features: tuple[Feature, ...]
    credits_per_month: int
    max_rollover: int
    prices: tuple[Price, ...] = ()
    grace_percent: int = 20
    grace_days: int = 7
    dunning_days: int = 7
    overage_per_event: str = ""
    public: bool = True
    active: bool = True

    def price(self, interval: str, currency: str) -> Price | None:
        """Its price for an interval in a currency; None where it is not sold so."""
        return next((one for one in self.prices if (one.interval, one.currency) == (interval, currency)), None)

    def lookup_key(self, price: Price) -> str:
        """Names one of its prices at Stripe."""
        return f"{self.slug.lower()}_{price.interval}_{price.currency.lower()}_v{self.version}"


@dataclass(frozen=True, slots=True)
class Overrides:
    """What an organization has otherwise than its plan says. None is as the plan; -1 of a limit is no limit."""

    monthly_events: int | None = None
    monthly_ad_spend_micros: int | None = None
    seats: int | None = None
    credits_per_month: int | None = None
    max_rollover: int | None = None
    features: tuple[Feature, ...] = ()


@dataclass(frozen=True, slots=True)
class SubscriptionFacts:
    """What is known of an organization's subscription, as far as entitlements follow from it.

    Attributes:
        period_end_ms: of the paid period. past_due_since_ms: when its payment failed first, or None.
    """

    plan: str
    plan_version: int
    status: SubscriptionStatus
    period_end_ms: int
    cancel_at_period_end: bool = False
    past_due_since_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial without a card: of a plan, until an instant."""

    plan: str
    ends_ms: int


@dataclass(frozen=True, slots=True)
class Entitlements:
    """What an organization may do now.

    Attributes:
        monthly_events, monthly_ad_spend_micros, seats: None is no limit.
        overage: events beyond the limit are billed, up to the cap.
        until_ms: when this changes by itself, or None.
    """

    plan: str
    plan_version: int
    stance: Stance
    monthly_events: int | None
    monthly_ad_spend_micros: int | None
    seats: int | None
    features: tuple[Feature, ...]
    credits_per_month: int
    max_rollover: int
    grace_percent: int
    grace_days: int
    overage: bool
    until_ms: int | None = None

    def has(self, feature: str) -> bool:
        return feature in self.features


def product_id_of(slug: str) -> str:
    """Names a plan's product at Stripe."""
    return f"optiq_{slug.lower()}"


Catalogue = Mapping[tuple[str, int], Plan]
