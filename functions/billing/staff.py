"""Credits, packages and vouchers over HTTP, for the operator."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body
from optiq.billing.packages import api as packages
from optiq.billing.staff import api as staff
from optiq.billing.vouchers import api as vouchers
from optiq.kernel.api_resolver import Cursor
from optiq.kernel.schemas import Limit

from functions.billing.app import app, operator
from functions.billing.schemas_credits import BalanceOut, CreditEntryOut
from functions.billing.schemas_offers import (
    CreditAdjustmentIn,
    OverdraftIn,
    PackageIn,
    PackageOut,
    PackagePatch,
    PackagesOut,
    VoucherIn,
    VoucherOut,
    VoucherPatch,
    VouchersOut,
)


@app.post(
    "/v1/operator/credits/adjustments",
    operator=True,
    summary="Add credits to an organization, or take some; its audit log shows it",
    status_code=201,
)
def adjust_credits(body: Annotated[CreditAdjustmentIn, Body()]) -> tuple[CreditEntryOut, int]:
    return CreditEntryOut.of(staff.adjust(operator(), **body.given())), 201


@app.put(
    "/v1/operator/credits/overdraft",
    operator=True,
    summary="Let an organization owe credits; its audit log shows it",
)
def set_overdraft(body: Annotated[OverdraftIn, Body()]) -> BalanceOut:
    changed = staff.set_overdraft(operator(), organization_id=body.organization_id, granted=body.credits)
    return BalanceOut.model_validate(changed)


@app.get("/v1/operator/packages", operator=True, summary="All packages of credits")
def list_all_packages() -> PackagesOut:
    operator()
    found = packages.list_packages(on_sale=False)
    return PackagesOut(items=[PackageOut.model_validate(each) for each in found], cursor=None)


@app.post("/v1/operator/packages", operator=True, summary="Create a package of credits", status_code=201)
def create_package(body: Annotated[PackageIn, Body()]) -> tuple[PackageOut, int]:
    created = packages.create_package(
        operator(),
        name=body.name,
        granted=body.credits,
        price_micros=body.prices,
        months=body.months,
        place=body.place,
    )
    return PackageOut.model_validate(created), 201


@app.patch("/v1/operator/packages", operator=True, summary="Change a package of credits, or take it off sale")
def change_package(body: Annotated[PackagePatch, Body()]) -> PackageOut:
    changed = packages.change_package(operator(), body.package_id, body.changes(), expected_version=body.version)
    return PackageOut.model_validate(changed)


@app.get("/v1/operator/vouchers", operator=True, summary="All vouchers, newest first")
def list_vouchers(limit: Limit = 50, cursor: Cursor = None) -> VouchersOut:
    operator()
    page = vouchers.list_vouchers(limit=limit, cursor=cursor)
    return VouchersOut(items=[VoucherOut.of(each) for each in page.items], cursor=page.cursor)


@app.post("/v1/operator/vouchers", operator=True, summary="Create a voucher", status_code=201)
def create_voucher(body: Annotated[VoucherIn, Body()]) -> tuple[VoucherOut, int]:
    return VoucherOut.of(vouchers.create_voucher(operator(), **body.given())), 201


@app.patch("/v1/operator/vouchers", operator=True, summary="Turn a voucher on or off")
def switch_voucher(body: Annotated[VoucherPatch, Body()]) -> VoucherOut:
    return VoucherOut.of(vouchers.switch_voucher(operator(), **body.given()))
