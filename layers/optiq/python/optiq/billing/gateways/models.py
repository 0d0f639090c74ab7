"""Stripe's objects, as far as they are read here (API 2026-10-28.endive). Amounts are minor units, instants seconds."""

from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

T = TypeVar("T")


def _id_of(value: Any) -> Any:
    """An object that was sent whole is named by its id."""
    return value.get("id") if isinstance(value, dict) else value


Ref = Annotated[str | None, BeforeValidator(_id_of)]


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class ListOf(_Read, Generic[T]):
    data: list[T]
    has_more: bool = False


class Recurring(_Read):
    interval: str


class PriceModel(_Read):
    id: str
    lookup_key: str | None = None
    currency: str
    unit_amount: int | None = None
    recurring: Recurring | None = None
    product: Ref = None


class ItemModel(_Read):
    id: str
    price: PriceModel
    quantity: int | None = None
    current_period_start: int
    current_period_end: int


class SubscriptionModel(_Read):
    id: str
    object: Literal["subscription"]
    customer: Ref
    status: str
    items: ListOf[ItemModel]
    billing_cycle_anchor: int
    created: int
    currency: str
    cancel_at_period_end: bool
    canceled_at: int | None = None
    ended_at: int | None = None
    schedule: Ref = None
    latest_invoice: Ref = None
    default_payment_method: Ref = None
    metadata: dict[str, str] = Field(default_factory=dict)


class PhaseItem(_Read):
    price: Ref


class PhaseModel(_Read):
    start_date: int
    end_date: int
    items: list[PhaseItem]


class ScheduleModel(_Read):
    id: str
    object: Literal["subscription_schedule"]
    customer: Ref
    status: str
    subscription: Ref = None
    released_subscription: str | None = None
    phases: list[PhaseModel]


class PeriodModel(_Read):
    start: int
    end: int


class PriceDetails(_Read):
    price: Ref = None


class Pricing(_Read):
    price_details: PriceDetails | None = None


class LineOfItem(_Read):
    proration: bool | None = None
    subscription_item: str | None = None


class LineParent(_Read):
    subscription_item_details: LineOfItem | None = None
    invoice_item_details: LineOfItem | None = None


class LineModel(_Read):
    id: str
    amount: int
    description: str | None = None
    quantity: int | None = None
    period: PeriodModel
    pricing: Pricing | None = None
    parent: LineParent | None = None

    @property
    def price_id(self) -> str:
        details = self.pricing.price_details if self.pricing else None
        return (details.price if details else None) or ""

    @property
    def proration(self) -> bool:
        parents = (self.parent.subscription_item_details, self.parent.invoice_item_details) if self.parent else ()
        return any(one.proration for one in parents if one)


class SubscriptionDetails(_Read):
    subscription: Ref = None
    metadata: dict[str, str] | None = None


class InvoiceParent(_Read):
    subscription_details: SubscriptionDetails | None = None


class AmountModel(_Read):
    amount: int


class PaymentOf(_Read):
    payment_intent: Ref = None


class InvoicePaymentModel(_Read):
    payment: PaymentOf


class Transitions(_Read):
    paid_at: int | None = None


class InvoiceModel(_Read):
    id: str
    object: Literal["invoice"]
    customer: Ref
    number: str | None = None
    status: str | None
    billing_reason: str | None = None
    currency: str
    subtotal: int
    total: int
    total_discount_amounts: list[AmountModel] | None = None
    total_taxes: list[AmountModel] | None = None
    amount_due: int
    amount_paid: int
    created: int
    parent: InvoiceParent | None = None
    lines: ListOf[LineModel]
    attempt_count: int = 0
    next_payment_attempt: int | None = None
    status_transitions: Transitions
    hosted_invoice_url: str | None = None
    invoice_pdf: str | None = None
    payments: ListOf[InvoicePaymentModel] | None = None

    @property
    def subscription(self) -> str:
        details = self.parent.subscription_details if self.parent else None
        return (details.subscription if details else None) or ""

    @property
    def intents(self) -> list[str]:
        return (
            [one.payment.payment_intent for one in self.payments.data if one.payment.payment_intent]
            if self.payments
            else []
        )


class InvoiceSettings(_Read):
    default_payment_method: Ref = None


class CustomerModel(_Read):
    id: str
    object: Literal["customer"]
    deleted: bool = False
    email: str | None = None
    metadata: dict[str, str] = Field(default_factory=dict)
    invoice_settings: InvoiceSettings = InvoiceSettings()


class CardModel(_Read):
    brand: str
    last4: str
    exp_month: int
    exp_year: int
    fingerprint: str | None = None


class PaymentMethodModel(_Read):
    id: str
    object: Literal["payment_method"]
    type: str
    customer: Ref
    created: int
    card: CardModel | None = None


class ChargeModel(_Read):
    id: str
    object: Literal["charge"]
    customer: Ref = None
    amount: int
    amount_refunded: int
    currency: str
    created: int
    status: str
    disputed: bool
    payment_intent: Ref = None
    payment_method: str | None = None
    receipt_url: str | None = None


class PaymentIntentModel(_Read):
    id: str
    object: Literal["payment_intent"]
    customer: Ref = None
    amount: int
    currency: str
    created: int
    status: str
    latest_charge: ChargeModel | None = None
    payment_method: Ref = None
    metadata: dict[str, str] = Field(default_factory=dict)


class DisputeModel(_Read):
    id: str
    object: Literal["dispute"]
    status: str
    charge: Ref
    payment_intent: Ref = None


class RefundModel(_Read):
    id: str
    object: Literal["refund"]
    status: str | None
    charge: Ref = None
    payment_intent: Ref = None


class SessionModel(_Read):
    id: str
    object: Literal["checkout.session"]
    mode: str
    status: str | None
    payment_status: str
    customer: Ref = None
    subscription: Ref = None
    payment_intent: Ref = None
    amount_total: int | None = None
    currency: str | None = None
    url: str | None = None
    expires_at: int
    client_reference_id: str | None = None
    metadata: dict[str, str] | None = None


class CreditNoteModel(_Read):
    id: str
    object: Literal["credit_note"]
    invoice: Ref


class OneInvoicePayment(_Read):
    id: str
    object: Literal["invoice_payment"]
    invoice: Ref


class ChangedObject(_Read):
    id: str = ""
    object: str


class EventData(_Read):
    object: ChangedObject


class EventModel(_Read):
    id: str
    type: str
    data: EventData


StripeObject = Annotated[
    SubscriptionModel
    | ScheduleModel
    | InvoiceModel
    | CustomerModel
    | PaymentMethodModel
    | ChargeModel
    | PaymentIntentModel
    | DisputeModel
    | RefundModel
    | SessionModel
    | CreditNoteModel
    | OneInvoicePayment,
    Field(discriminator="object"),
]
