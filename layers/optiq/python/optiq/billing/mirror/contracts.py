"""What is known of an organization's payments, mirrored from Stripe. Amounts are millionths of the currency."""

from dataclasses import dataclass
from typing import Literal

from optiq.billing.plans.contracts import Interval, SubscriptionStatus

InvoiceStatus = Literal["DRAFT", "OPEN", "PAID", "UNCOLLECTIBLE", "VOID"]
PaymentStatus = Literal["PENDING", "SUCCEEDED", "FAILED", "REFUNDED"]
DisputeStatus = Literal["", "OPEN", "WON", "LOST"]
ENDED: frozenset[SubscriptionStatus] = frozenset({"CANCELED", "INCOMPLETE_EXPIRED"})
"""A subscription that takes no money any more."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription.

    Attributes:
        plan, plan_version: by the price's lookup key; of a price of no plan, as they were before, or "" and 0.
        fault: what staff must mend at Stripe before its plan can be followed, or "".
        item_id: names its only item at Stripe. schedule_id: of what changes it later, or "".
        next_plan, next_interval, next_at_ms: what it becomes at the end of the period, or "" and None.
        canceled_ms: when its end was asked for, or None.
    """

    organization_id: str
    subscription_id: str
    customer_id: str
    plan: str
    plan_version: int
    interval: Interval
    currency: str
    amount_micros: int
    status: SubscriptionStatus
    item_id: str
    price_id: str
    anchor_ms: int
    period_start_ms: int
    period_end_ms: int
    created_ms: int
    cancel_at_period_end: bool = False
    ended_ms: int | None = None
    schedule_id: str = ""
    default_method_id: str = ""
    next_plan: str = ""
    next_interval: str = ""
    next_at_ms: int | None = None
    canceled_ms: int | None = None
    fault: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """A line. `plan` is "" for what is no plan's price; `proration` is for a part of a period."""

    description: str
    amount_micros: int
    quantity: int
    from_ms: int
    until_ms: int
    plan: str
    plan_version: int
    proration: bool


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice.

    Attributes:
        reason: why it was made, as Stripe says it in upper case, such as SUBSCRIPTION_CYCLE.
        attempts: how often paying it was tried. next_attempt_ms: when it is tried again.
        address: where a person sees it. pdf: its file. payment_ids: of the payments of it.
    """

    organization_id: str
    invoice_id: str
    number: str
    status: InvoiceStatus
    reason: str
    currency: str
    subtotal_micros: int
    discount_micros: int
    tax_micros: int
    total_micros: int
    paid_micros: int
    due_micros: int
    created_ms: int
    subscription_id: str = ""
    paid_ms: int | None = None
    attempts: int = 0
    next_attempt_ms: int | None = None
    address: str = ""
    pdf: str = ""
    payment_ids: tuple[str, ...] = ()
    lines: tuple[InvoiceLine, ...] = ()
    version: int = 0


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment, with what was given back of it.

    Attributes:
        refunded_micros: in all. package_id: of the credits that it bought, or "". package_name: that of then.
        package_credits: how many. package_months: how long they live; None for ever.
        receipt: where a person sees the receipt, or "".
    """

    organization_id: str
    payment_id: str
    status: PaymentStatus
    currency: str
    amount_micros: int
    created_ms: int
    refunded_micros: int = 0
    dispute: DisputeStatus = ""
    package_id: str = ""
    package_name: str = ""
    package_credits: int = 0
    package_months: int | None = None
    card_brand: str = ""
    card_last4: str = ""
    receipt: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class PaymentMethod:
    """A card or another method. `fingerprint` is a keyed hash, the same for the same card. `ended`: it was detached."""

    organization_id: str
    method_id: str
    kind: str
    brand: str
    last4: str
    expires: str
    fingerprint: str
    created_ms: int
    ended: bool = False
    version: int = 0


@dataclass(frozen=True, slots=True)
class MirrorFault:
    """An object at Stripe that cannot be followed here until staff mend it.

    Attributes:
        organization_id: "" where it is not known. reason: what is wrong. at_ms: when that was seen last.
        forget_at: seconds.
    """

    kind: str
    object_id: str
    organization_id: str
    reason: str
    at_ms: int
    forget_at: int = 0


@dataclass(frozen=True, slots=True)
class Customer:
    """The organization at Stripe. `default_method_id`: what pays where a subscription names nothing, or ""."""

    organization_id: str
    customer_id: str
    default_method_id: str = ""
    ended: bool = False
    version: int = 0
