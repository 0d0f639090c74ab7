"""Our own sign-ups and payments, as events of our own site. Amounts are millionths of the currency."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Earned:
    """An organization paid. `order_id` is the payment at Stripe, or the invoice where nothing was charged by one."""

    source: str
    organization_id: str
    order_id: str
    at_ms: int
    currency: str
    amount_micros: int
    product: str


@dataclass(frozen=True, slots=True)
class Returned:
    """A payment was given back in full."""

    source: str
    organization_id: str
    order_id: str
    at_ms: int
