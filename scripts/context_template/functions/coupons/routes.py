"""Coupons over HTTP."""

from optiq.coupons import api as coupons
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor, make_resolver
from optiq.kernel.schemas import Limit

from functions.coupons.schemas import CouponIn, CouponOut, CouponsOut

app = make_resolver("coupons")


@app.get("/v1/coupons", needs="coupons:read", summary="The organization's coupons, newest first")
def list_coupons(limit: Limit = 50, cursor: Cursor = None) -> CouponsOut:
    return CouponsOut.model_validate(coupons.list_coupons(caller_of(app), limit=limit, cursor=cursor))


@app.post("/v1/coupons", needs="coupons:write", summary="Create a coupon", status_code=201)
def create_coupon(request: CouponIn) -> tuple[CouponOut, int]:
    return CouponOut.model_validate(coupons.create_coupon(caller_of(app), **request.given())), 201


handler = app
