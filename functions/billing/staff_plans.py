"""Coupons, and what organizations have beside their plan, over HTTP, for the operator."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body, Query
from optiq.billing.accounts.contracts import BillingAccount
from optiq.billing.coupons import api as coupons
from optiq.billing.staff import api as staff
from optiq.billing.subscribing import api as subscribing
from optiq.kernel.api_resolver import Cursor
from optiq.kernel.schemas import Limit, fields_of

from functions.billing.app import app, operator
from functions.billing.schemas_staff import (
    CouponIn,
    CouponOut,
    CouponPatch,
    CouponsOut,
    TenantCostOut,
    TenantCostsOut,
    TermsOut,
    TermsPatch,
)

_OrganizationId = Annotated[str, Query(max_length=60, description="id of the organization")]

_Month = Annotated[str, Query(max_length=7, description="in UTC; the present one by default", examples=["2026-11"])]


@app.get("/v1/operator/coupons", operator=True, summary="All coupons, newest first")
def list_coupons(limit: Limit = 50, cursor: Cursor = None) -> CouponsOut:
    operator()
    page = coupons.list_coupons(limit=limit, cursor=cursor)
    return CouponsOut(items=[CouponOut.of(each) for each in page.items], cursor=page.cursor)


@app.post(
    "/v1/operator/coupons", operator=True, summary="Create a coupon; Stripe gets it with the next push", status_code=201
)
def create_coupon(body: Annotated[CouponIn, Body()]) -> tuple[CouponOut, int]:
    return CouponOut.of(coupons.create_coupon(operator(), **body.fields())), 201


@app.patch("/v1/operator/coupons", operator=True, summary="Turn a coupon on or off")
def switch_coupon(body: Annotated[CouponPatch, Body()]) -> CouponOut:
    return CouponOut.of(
        coupons.switch_coupon(operator(), body.coupon_id, active=body.active, expected_version=body.version)
    )


@app.get("/v1/operator/billing/terms", operator=True, summary="What an organization has beside its plan")
def get_terms(organization_id: _OrganizationId) -> TermsOut:
    operator()
    return _shown(staff.get_account(organization_id))


@app.patch(
    "/v1/operator/billing/terms",
    operator=True,
    summary="Give an organization other limits, a trial or a stance; its audit log shows it",
)
def change_terms(body: Annotated[TermsPatch, Body()]) -> TermsOut:
    changed = staff.change_terms(
        operator(), organization_id=body.organization_id, changes=body.changes(), expected_version=body.version
    )
    return _shown(changed)


@app.get("/v1/operator/billing/costs", operator=True, summary="What each organization costs beside what it pays")
def list_tenant_costs(month: _Month = "", limit: Limit = 50, cursor: Cursor = None) -> TenantCostsOut:
    operator()
    period, page = staff.tenant_costs(month=month, limit=limit, cursor=cursor)
    return TenantCostsOut(
        items=[TenantCostOut.model_validate(each) for each in page.items],
        cursor=page.cursor,
        start_at=period.start_ms,
        end_at=period.end_ms,
    )


def _shown(account: BillingAccount) -> TermsOut:
    entitlements = subscribing.entitlements_of(account.organization_id)
    return TermsOut.model_validate(fields_of(account) | {"entitlements": entitlements})
