"""Coupons and organizations' terms as the operator's routes write them."""

from typing import Annotated, Any, Literal

from optiq.billing.accounts.contracts import BillingAccount
from optiq.billing.coupons.contracts import Coupon
from optiq.billing.plans.contracts import AccountStance, Feature, Overrides
from optiq.billing.staff.contracts import TenantCost
from optiq.kernel.clock import system_clock
from optiq.kernel.schemas import (
    AmountIn,
    CurrencyIn,
    In,
    Instant,
    InstantIn,
    Micros,
    OrNull,
    Out,
    PageOut,
    fields_of,
    shows,
)
from pydantic import Field, StrictBool, StrictInt

from functions.billing.schemas_plans import EntitlementsOut


class CouponIn(In):
    """Give `percent_basis_points`, or `amount` with `currency`."""

    code: str = Field(description="letters, digits and dashes, however written", examples=["SPRING-25"])
    name: str = Field(description="what it is for; who pays sees it", examples=["Spring fair"])
    duration: Literal["ONCE", "REPEATING", "FOREVER"] = Field(
        description="the first invoice, those of `months`, or all"
    )
    percent_basis_points: StrictInt | None = Field(None, description="2500 is 25 %", examples=[2_500])
    amount: AmountIn | None = Field(None, description="what it takes off in place of a percentage")
    currency: CurrencyIn | None = Field(None, description="of the amount")
    months: StrictInt | None = Field(None, description="for REPEATING")
    plans: list[str] = Field([], description="that it is for; none is all", examples=[["STARTER"]])
    max_uses: StrictInt | None = Field(None, description="how many organizations may use it; null for any number")
    valid_from_at: InstantIn | None = Field(None, description="from when it can be used; null for at once")
    valid_until_at: InstantIn | None = Field(None, description="when it can no longer be used")
    first_payment_only: StrictBool = Field(False, description="only for who never paid")

    def fields(self) -> dict[str, Any]:
        given = {name: value for name, value in self.given().items() if value is not None}
        return given | ({"amount_micros": given.pop("amount")} if "amount" in given else {})


class CouponPatch(In):
    """With `version`, only while it is of that version."""

    coupon_id: str
    active: StrictBool
    version: StrictInt | None = None


@shows(Coupon)
class CouponOut(Out):
    """A coupon. `uses` is what Stripe counted when they were compared last."""

    currency: Annotated[str | None, OrNull]
    plans: list[str]
    status: Literal["ACTIVE", "INACTIVE", "SCHEDULED", "EXPIRED", "DEPLETED"]

    @classmethod
    def of(cls, coupon: Coupon) -> "CouponOut":
        return cls.model_validate(fields_of(coupon) | {"status": coupon.state(system_clock())})


class CouponsOut(PageOut[CouponOut]):
    """Newest first."""


class TermsPatch(In):
    """What is absent stays; null of a limit is as the plan says, -1 is no limit."""

    organization_id: str
    stance: AccountStance = Field(
        "BILLED", description="INTERNAL is never billed; SUSPENDED is on Free, whatever it pays"
    )
    trial_plan: str = Field("", examples=["PROFESSIONAL"])
    trial_ends_at: InstantIn | None = None
    monthly_events: StrictInt | None = Field(None, examples=[2_000_000])
    monthly_ad_spend: AmountIn | Literal[-1] | None = Field(None, description="in USD; -1 is no limit")
    seats: StrictInt | None = None
    credits_per_month: StrictInt | None = None
    max_rollover: StrictInt | None = None
    features: list[Feature] | None = Field(None, description="those beside the plan's")
    version: StrictInt | None = None

    def changes(self) -> dict[str, Any]:
        given = self.given("organization_id", "version")
        if "monthly_ad_spend" in given:
            spend = given.pop("monthly_ad_spend")
            # An amount is read as micros; one of -1 is no amount.
            given["monthly_ad_spend_micros"] = -1 if spend is not None and spend < 0 else spend
        return given


@shows(Overrides)
class OverridesOut(Out):
    """What differs from the plan. null is as the plan says, -1 is no limit."""

    features: list[str]


@shows(BillingAccount, but=("email", "trial_domain", "trial_card"))
class TermsOut(Out):
    """What the organization has beside its plan, and what it may do now."""

    customer_id: Annotated[str | None, OrNull]
    trial_plan: Annotated[str | None, OrNull]
    overrides: OverridesOut
    entitlements: EntitlementsOut


@shows(TenantCost)
class TenantCostOut(Out):
    """A month of an organization. `cost_micros` is of a dollar, an estimate at list prices."""

    organization_id: str
    paid_micros: dict[str, Micros] = Field(description="by currency, refunds taken off")


class TenantCostsOut(PageOut[TenantCostOut]):
    """The newest organization first."""

    start_at: Instant
    end_at: Instant
