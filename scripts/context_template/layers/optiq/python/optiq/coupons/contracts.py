"""What other contexts may know of coupons."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Coupon:
    """One coupon. `version` grows by one with every change."""

    organization_id: str
    coupon_id: str
    name: str
    created_ms: int
    version: int = 0
