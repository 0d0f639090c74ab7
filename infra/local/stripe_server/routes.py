"""Which call is answered by what, and the package's type of its parameters."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from infra.local.stripe_server import (
    catalogue,
    checkout,
    clocks,
    customers,
    events,
    invoice_items,
    invoicing,
    meters,
    payments,
    portal,
    schedules,
    subscriptions,
)
from infra.local.stripe_server.forms import Request
from infra.local.stripe_server.shapes import Obj
from infra.local.stripe_server.world import World

Answer = Callable[[World, Request], Obj]


@dataclass(frozen=True)
class Call:
    """Attributes:
    path: as the package writes it, such as /v1/customers/{customer}.
    params: a class of `stripe.params`; "" for a call without parameters of its own.
    """

    method: str
    path: str
    params: str
    answer: Answer

    @property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"\{\w+\}", "([^/]+)", self.path))


CALLS = (
    Call("POST", "/v1/customers", "CustomerCreateParams", customers.create),
    Call("GET", "/v1/customers/{customer}", "", customers.get),
    Call("POST", "/v1/customers/{customer}", "CustomerUpdateParams", customers.update),
    Call("DELETE", "/v1/customers/{customer}", "", customers.delete),
    Call("GET", "/v1/customers/{customer}/payment_methods", "", customers.list_methods),
    Call("GET", "/v1/payment_methods/{payment_method}", "", customers.get_method),
    Call("POST", "/v1/payment_methods/{payment_method}/detach", "PaymentMethodDetachParams", customers.detach_method),
    Call("POST", "/v1/products", "ProductCreateParams", catalogue.create_product),
    Call("GET", "/v1/products/{id}", "", catalogue.get_product),
    Call("POST", "/v1/products/{id}", "ProductUpdateParams", catalogue.update_product),
    Call("POST", "/v1/prices", "PriceCreateParams", catalogue.create_price),
    Call("GET", "/v1/prices", "PriceListParams", catalogue.list_prices),
    Call("GET", "/v1/prices/{price}", "", catalogue.get_price),
    Call("POST", "/v1/prices/{price}", "PriceUpdateParams", catalogue.update_price),
    Call("POST", "/v1/coupons", "CouponCreateParams", catalogue.create_coupon),
    Call("GET", "/v1/coupons", "CouponListParams", catalogue.list_coupons),
    Call("GET", "/v1/coupons/{coupon}", "", catalogue.get_coupon),
    Call("POST", "/v1/promotion_codes", "PromotionCodeCreateParams", catalogue.create_promotion_code),
    Call("GET", "/v1/promotion_codes", "PromotionCodeListParams", catalogue.list_promotion_codes),
    Call("GET", "/v1/promotion_codes/{promotion_code}", "", catalogue.get_promotion_code),
    Call("POST", "/v1/promotion_codes/{promotion_code}", "PromotionCodeUpdateParams", catalogue.update_promotion_code),
    Call("POST", "/v1/checkout/sessions", "checkout.SessionCreateParams", checkout.create),
    Call("GET", "/v1/checkout/sessions", "checkout.SessionListParams", checkout.list_all),
    Call("GET", "/v1/checkout/sessions/{session}", "", checkout.get),
    Call("POST", "/v1/checkout/sessions/{session}/expire", "checkout.SessionExpireParams", checkout.expire),
    Call(
        "POST",
        "/v1/billing_portal/configurations",
        "billing_portal.ConfigurationCreateParams",
        portal.create_configuration,
    ),
    Call("GET", "/v1/billing_portal/configurations", "", portal.list_configurations),
    Call("POST", "/v1/billing_portal/sessions", "billing_portal.SessionCreateParams", portal.create_session),
    Call("POST", "/v1/subscriptions", "SubscriptionCreateParams", subscriptions.create),
    Call("GET", "/v1/subscriptions", "SubscriptionListParams", subscriptions.list_all),
    Call("GET", "/v1/subscriptions/{subscription_exposed_id}", "", subscriptions.get),
    Call("POST", "/v1/subscriptions/{subscription_exposed_id}", "SubscriptionUpdateParams", subscriptions.update),
    Call("DELETE", "/v1/subscriptions/{subscription_exposed_id}", "SubscriptionCancelParams", subscriptions.cancel),
    Call("POST", "/v1/subscriptions/{subscription}/pause", "SubscriptionPauseParams", subscriptions.pause),
    Call("POST", "/v1/subscriptions/{subscription}/resume", "SubscriptionResumeParams", subscriptions.resume),
    Call("POST", "/v1/subscription_schedules", "SubscriptionScheduleCreateParams", schedules.create),
    Call("GET", "/v1/subscription_schedules/{schedule}", "", schedules.get),
    Call("POST", "/v1/subscription_schedules/{schedule}", "SubscriptionScheduleUpdateParams", schedules.update),
    Call(
        "POST", "/v1/subscription_schedules/{schedule}/release", "SubscriptionScheduleReleaseParams", schedules.release
    ),
    Call("POST", "/v1/subscription_schedules/{schedule}/cancel", "SubscriptionScheduleCancelParams", schedules.cancel),
    Call("POST", "/v1/invoices/create_preview", "InvoiceCreatePreviewParams", subscriptions.preview),
    Call("POST", "/v1/invoices", "InvoiceCreateParams", invoice_items.create_invoice),
    Call("GET", "/v1/invoices", "InvoiceListParams", invoicing.list_all),
    Call("GET", "/v1/invoices/{invoice}", "", invoicing.get),
    Call("POST", "/v1/invoices/{invoice}", "InvoiceUpdateParams", invoicing.update),
    Call("POST", "/v1/invoices/{invoice}/finalize", "InvoiceFinalizeInvoiceParams", invoicing.finalize_now),
    Call("POST", "/v1/invoices/{invoice}/pay", "InvoicePayParams", invoicing.pay_now),
    Call("POST", "/v1/invoices/{invoice}/void", "InvoiceVoidInvoiceParams", invoicing.void),
    Call("POST", "/v1/invoiceitems", "InvoiceItemCreateParams", invoice_items.create),
    Call("GET", "/v1/invoiceitems", "InvoiceItemListParams", invoice_items.list_all),
    Call("GET", "/v1/invoice_payments", "InvoicePaymentListParams", invoicing.list_payments),
    Call("GET", "/v1/invoice_payments/{invoice_payment}", "", invoicing.get_payment),
    Call("GET", "/v1/payment_intents/{intent}", "", payments.get_intent),
    Call("GET", "/v1/charges/{charge}", "", payments.get_charge),
    Call("GET", "/v1/charges", "ChargeListParams", payments.list_charges),
    Call("POST", "/v1/refunds", "RefundCreateParams", payments.create_refund),
    Call("GET", "/v1/refunds", "RefundListParams", payments.list_refunds),
    Call("GET", "/v1/refunds/{refund}", "", payments.get_refund),
    Call("GET", "/v1/disputes", "DisputeListParams", payments.list_disputes),
    Call("GET", "/v1/disputes/{dispute}", "", payments.get_dispute),
    Call("POST", "/v1/billing/meters", "billing.MeterCreateParams", meters.create),
    Call("GET", "/v1/billing/meters", "", meters.list_all),
    Call("GET", "/v1/billing/meters/{id}/event_summaries", "billing.MeterListEventSummariesParams", meters.summaries),
    Call("POST", "/v1/billing/meter_events", "billing.MeterEventCreateParams", meters.report),
    Call("GET", "/v1/events", "EventListParams", events.list_all),
    Call("GET", "/v1/events/{id}", "", events.get),
    Call("GET", "/v2/core/events/{id}", "", events.get_thin),
    Call("POST", "/v1/test_helpers/test_clocks", "test_helpers.TestClockCreateParams", clocks.create),
    Call("GET", "/v1/test_helpers/test_clocks/{test_clock}", "", clocks.get),
    Call(
        "POST",
        "/v1/test_helpers/test_clocks/{test_clock}/advance",
        "test_helpers.TestClockAdvanceParams",
        clocks.advance,
    ),
)
