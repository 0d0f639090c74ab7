"""Packages and vouchers as the API writes them."""

from typing import Annotated, Any, Literal

from optiq.billing.packages.contracts import Package
from optiq.billing.vouchers.contracts import Redemption, Voucher, VoucherKind
from optiq.kernel.clock import system_clock
from optiq.kernel.schemas import AmountIn, In, InstantIn, Micros, OrNull, Out, PageOut, fields_of, shows
from pydantic import Field, StrictBool, StrictInt

_Prices = Annotated[dict[str, AmountIn], Field(description="by currency", examples=[{"EUR": "49.90"}])]
_Kind = Annotated[
    VoucherKind,
    Field(description="credits at once, so many percent on top of the next purchase, or days of a trial"),
]


@shows(Package, but=("price_micros",))
class PackageOut(Out):
    """Credits that are bought once. They live for `months`; null for ever."""

    price_micros: dict[str, Micros] = Field(description="by currency")


class PackagesOut(PageOut[PackageOut]):
    """In their order."""


class PackageIn(In):
    name: str = Field(examples=["500 credits"])
    credits: StrictInt = Field(examples=[500])
    prices: _Prices
    months: StrictInt | None = Field(12, description="how long its credits live; null for ever")
    place: StrictInt = Field(0, description="packages are shown in the order of it")


class PackagePatch(In):
    """What is absent stays. With `version`, only while it is of that version."""

    package_id: str
    name: str = ""
    prices: _Prices = Field({})
    months: StrictInt | None = None
    place: StrictInt = 0
    active: StrictBool = Field(True, description="it is for sale")
    version: StrictInt | None = None

    def changes(self) -> dict[str, Any]:
        given = self.given("package_id", "version")
        if "prices" in given:
            given["price_micros"] = given.pop("prices")
        return given


class VoucherIn(In):
    code: str = Field(description="letters, digits and dashes, however written", examples=["SPRING-25"])
    kind: _Kind
    value: StrictInt = Field(description="credits, percent, or days", examples=[100])
    name: str = Field(description="what it is for; people see it in their credits' history", examples=["Spring fair"])
    max_uses: StrictInt | None = Field(None, description="how many organizations may redeem it; null for any number")
    expires_at: InstantIn | None = Field(None, description="when it can no longer be redeemed")
    credit_days: StrictInt | None = Field(None, description="how long what it grants lives; null for ever")
    plan: str = Field("", description="of the trial", examples=["PROFESSIONAL"])


class VoucherPatch(In):
    voucher_id: str
    active: StrictBool


@shows(Voucher)
class VoucherOut(Out):
    """`hint` is how the code begins; the code itself is not kept."""

    plan: Annotated[str | None, OrNull]
    status: Literal["ACTIVE", "INACTIVE", "EXPIRED", "DEPLETED"]

    @classmethod
    def of(cls, voucher: Voucher) -> "VoucherOut":
        return cls.model_validate(fields_of(voucher) | {"status": voucher.state(system_clock())})


class VouchersOut(PageOut[VoucherOut]):
    """Newest first."""


class RedeemIn(In):
    code: str = Field(examples=["SPRING-25"])


@shows(Redemption)
class RedemptionOut(Out):
    """What the voucher gave: `credits` at once, `bonus_percent` on top of the next purchase, or a trial of a plan."""

    trial_plan: Annotated[str | None, OrNull]


class CreditAdjustmentIn(In):
    organization_id: str
    amount: StrictInt = Field(description="credits to add, or to take where less than 0", examples=[100])
    note: str = Field(description="why; people of the organization see it", examples=["an outage on Monday"])
    expires_at: InstantIn | None = Field(None, description="when added credits expire; null for never")


class OverdraftIn(In):
    organization_id: str
    credits: StrictInt = Field(description="how many credits it may owe", examples=[200])
