"""Plans and payments as the API writes them."""

from typing import Annotated

from optiq.billing.accounts.contracts import Billing
from optiq.billing.mirror.contracts import Invoice, InvoiceLine, Payment
from optiq.billing.plans.contracts import Entitlements, Interval, Plan, Price, SubscriptionStatus
from optiq.billing.subscribing.contracts import ChangePreview, Checkout, Finding, PreviewLine, ShownMethod
from optiq.kernel.schemas import AmountIn, CurrencyIn, In, Instant, InstantIn, Micros, OrNull, Out, PageOut, shows
from pydantic import Field, StrictInt


@shows(Price)
class PriceOut(Out):
    """What a plan costs for an interval."""


@shows(Plan, but=("public", "active"))
class PlanOut(Out):
    """A plan that is sold. A limit that is null is none."""

    prices: list[PriceOut]


class PlansOut(PageOut[PlanOut]):
    """The plans that are sold, the smallest first."""


@shows(Entitlements)
class EntitlementsOut(Out):
    """What the organization may do now. A limit that is null is none; `until_at` is when this changes by itself."""


@shows(Billing)
class BillingOut(Out):
    """Where the organization is. `standing` is SELF_HOSTED where nobody pays and nothing is limited."""

    entitlements: EntitlementsOut
    status: Annotated[SubscriptionStatus | None, OrNull]
    interval: Annotated[Interval | None, OrNull]
    currency: Annotated[str | None, OrNull]
    next_plan: Annotated[str | None, OrNull]


class CapIn(In):
    """`cap` is a decimal of the plan's currency for a month; null is no cap."""

    cap_micros: AmountIn | None = Field(validation_alias="cap", examples=["50.00"])
    stop_at_cap: bool = Field(default=False, description="refuse events beyond the cap, in place of holding them")


class CheckoutIn(In):
    plan: str = Field(examples=["STARTER"])
    interval: Interval = "month"
    currency: CurrencyIn = "USD"


@shows(Checkout)
class CheckoutOut(Out):
    """A page to pay on."""


class PurchaseIn(In):
    package_id: str = Field(description="one of GET /v1/credits/packages")
    currency: CurrencyIn = "USD"


class PreviewIn(In):
    plan: str = Field(examples=["PROFESSIONAL"])
    interval: Interval = "month"


@shows(PreviewLine)
class PreviewLineOut(Out):
    """A line of the invoice that the change would make."""


@shows(ChangePreview, but=("at_ms",))
class ChangePreviewOut(Out):
    """What a change would cost. `takes_effect` is NOW or PERIOD_END."""

    at: Instant = Field(validation_alias="at_ms")
    lines: list[PreviewLineOut]


class ChangeIn(In):
    """With `takes_effect` NOW, `at` and `total_micros` are those of the preview: another amount is refused."""

    plan: str = Field(examples=["PROFESSIONAL"])
    interval: Interval = "month"
    at: InstantIn | None = None
    total_micros: StrictInt | None = None


class TrialIn(In):
    plan: str = Field(default="PROFESSIONAL", examples=["PROFESSIONAL"])


class PortalOut(Out):
    """An address that is good once."""

    url: str


@shows(InvoiceLine)
class InvoiceLineOut(Out):
    """A line of an invoice, and the time that it is for."""

    from_at: Instant
    until_at: Instant


@shows(Invoice, but=("lines", "payment_ids", "version"))
class InvoiceOut(Out):
    """An invoice; GET it by its id for its lines."""


@shows(Invoice, but=("payment_ids", "version"))
class InvoiceWithLinesOut(Out):
    lines: list[InvoiceLineOut]
    total_micros: Micros


class InvoicesOut(PageOut[InvoiceOut]):
    """Newest first."""


@shows(Payment, but=("version",))
class PaymentOut(Out):
    """A payment, and what was given back of it."""


class PaymentsOut(PageOut[PaymentOut]):
    """Newest first."""


@shows(ShownMethod)
class PaymentMethodOut(Out):
    """A card. The next payment is made with the default one."""


class PaymentMethodsOut(PageOut[PaymentMethodOut]):
    """The newest first."""


class PushedOut(Out):
    """What was made at Stripe; none where nothing was missing."""

    made: list[str]


@shows(Finding)
class FindingOut(Out):
    """One thing that was looked at; `fix` is "" where it is right."""


class FindingsOut(PageOut[FindingOut]):
    """In the order in which they were looked at."""
