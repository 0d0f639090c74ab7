"""Packages and vouchers over HTTP, for organizations."""

from optiq.billing.packages import api as packages
from optiq.billing.vouchers import api as vouchers
from optiq.identity.people.api import caller_of

from functions.billing.app import app
from functions.billing.schemas_offers import PackageOut, PackagesOut, RedeemIn, RedemptionOut


@app.get("/v1/credits/packages", needs="billing:read", summary="Packages of credits that are for sale")
def list_packages() -> PackagesOut:
    return PackagesOut(items=[PackageOut.model_validate(each) for each in packages.list_packages()], cursor=None)


@app.post("/v1/vouchers/redeem", needs="billing:write", summary="Redeem a voucher")
def redeem_voucher(request: RedeemIn) -> RedemptionOut:
    return RedemptionOut.model_validate(vouchers.redeem(caller_of(app), request.code))
