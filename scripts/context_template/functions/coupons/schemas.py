"""Coupons as the API writes them."""

from optiq.coupons.contracts import Coupon
from optiq.kernel.schemas import In, Out, PageOut, shows


class CouponIn(In):
    name: str


@shows(Coupon)
class CouponOut(Out):
    """`version` grows by one with every change."""


class CouponsOut(PageOut[CouponOut]):
    """Newest first."""
