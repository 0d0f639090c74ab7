"""Coupons: codes that make a plan cheaper. Stripe takes them at its page; here is what they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

CouponDuration = Literal["ONCE", "REPEATING", "FOREVER"]
CouponState = Literal["ACTIVE", "INACTIVE", "SCHEDULED", "EXPIRED", "DEPLETED"]


@dataclass(frozen=True, slots=True)
class Coupon:
    """A code of the operator. What it takes off never changes; it may be turned off and on.

    Attributes:
        organization_id: that of the platform: every organization may use it.
        percent_basis_points: hundredths of a percent that it takes off, or None; then it takes off `amount_micros` of
            `currency`.
        duration: ONCE is the first invoice, REPEATING those of `months`, FOREVER all.
        plans: slugs that it is for; none is all.
        max_uses: how many organizations may use it; None for any number. uses: how many did, as Stripe counted last.
        valid_from_ms, valid_until_ms: when it can be used, or None for no bound.
        first_payment_only: only who never paid may use it.
        active: it was not turned off.
    """

    organization_id: str
    coupon_id: str
    code: str
    name: str
    duration: CouponDuration
    created_ms: int
    percent_basis_points: int | None = None
    amount_micros: int | None = None
    currency: str = ""
    months: int | None = None
    plans: tuple[str, ...] = ()
    max_uses: int | None = None
    valid_from_ms: int | None = None
    valid_until_ms: int | None = None
    first_payment_only: bool = False
    uses: int = 0
    active: bool = True
    version: int = 0

    def state(self, now_ms: int) -> CouponState:
        if not self.active:
            return "INACTIVE"
        if self.valid_from_ms is not None and now_ms < self.valid_from_ms:
            return "SCHEDULED"
        if self.valid_until_ms is not None and self.valid_until_ms <= now_ms:
            return "EXPIRED"
        return "DEPLETED" if self.max_uses is not None and self.uses >= self.max_uses else "ACTIVE"


@dataclass(frozen=True, slots=True)
class CodeAtStripe:
    """The promotion code of a coupon at Stripe."""

    code_id: str
    active: bool
    uses: int


class CouponGateway(Protocol):
    """What coupons ask of Stripe. Raises UpstreamError; ConflictError for what Stripe refuses."""

    def find_code(self, coupon: Coupon) -> CodeAtStripe | None: ...

    def create(self, coupon: Coupon, product_ids: Sequence[str]) -> CodeAtStripe:
        """Makes the coupon, unless it is there, and its code."""
        ...

    def switch(self, code_id: str, *, active: bool) -> None: ...
