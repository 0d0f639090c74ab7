"""Coupons and their promotion codes at Stripe, by its own package."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from stripe import StripeClient

from optiq.billing.coupons.contracts import CodeAtStripe, Coupon
from optiq.billing.gateways.asking import asked, asked_or_none, once
from optiq.billing.gateways.minor_units import minor_of
from optiq.billing.gateways.pace import Pace
from optiq.kernel.clock import SECOND_MS

_MOST = 100


class StripeCoupons:
    """The port `CouponGateway` (coupons/contracts.py). A coupon has the same id there as here."""

    def __init__(self, client: StripeClient, pace: Pace) -> None:
        self._v1, self._pace = client.v1, pace

    def find_code(self, coupon: Coupon) -> CodeAtStripe | None:
        params: Any = {"code": coupon.code, "limit": _MOST}
        self._pace.wait()
        found = asked(lambda: self._v1.promotion_codes.list(params))
        named = (one for one in found.data if one.to_dict()["promotion"]["coupon"] == coupon.coupon_id)
        return next((CodeAtStripe(one.id, one.active, one.times_redeemed) for one in named), None)

    def create(self, coupon: Coupon, product_ids: Sequence[str]) -> CodeAtStripe:
        self._pace.wait()
        if asked_or_none(lambda: self._v1.coupons.retrieve(coupon.coupon_id)) is None:
            params: Any = _coupon(coupon, product_ids)
            self._pace.wait()
            asked(lambda: self._v1.coupons.create(params))
        code: Any = _code(coupon)
        self._pace.wait()
        made = once(
            lambda key: self._v1.promotion_codes.create(code, {"idempotency_key": key}), f"code:{coupon.coupon_id}"
        )
        return CodeAtStripe(made.id, made.active, made.times_redeemed)

    def switch(self, code_id: str, *, active: bool) -> None:
        self._pace.wait()
        asked(lambda: self._v1.promotion_codes.update(code_id, {"active": active}))


def _coupon(coupon: Coupon, product_ids: Sequence[str]) -> dict[str, Any]:
    params: dict[str, Any] = {"id": coupon.coupon_id, "name": coupon.name, "duration": coupon.duration.lower()}
    if coupon.percent_basis_points is not None:
        params["percent_off"] = str(Decimal(coupon.percent_basis_points) / 100)
    if coupon.amount_micros is not None:
        params |= {
            "amount_off": minor_of(coupon.amount_micros, coupon.currency),
            "currency": coupon.currency.lower(),
        }
    if coupon.months is not None:
        params["duration_in_months"] = coupon.months
    if product_ids:
        params["applies_to"] = {"products": list(product_ids)}
    return params


def _code(coupon: Coupon) -> dict[str, Any]:
    params: dict[str, Any] = {"promotion": {"type": "coupon", "coupon": coupon.coupon_id}, "code": coupon.code}
    if coupon.max_uses is not None:
        params["max_redemptions"] = coupon.max_uses
    if coupon.valid_until_ms is not None:
        params["expires_at"] = coupon.valid_until_ms // SECOND_MS
    if coupon.first_payment_only:
        params["restrictions"] = {"first_time_transaction": True}
    return params
