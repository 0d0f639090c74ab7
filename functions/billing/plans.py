"""Plans, and what the organization pays, as it is mirrored. Nothing here asks Stripe."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body, Path
from optiq.billing.subscribing import api as subscribing
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor
from optiq.kernel.schemas import Limit

from functions.billing.app import app
from functions.billing.schemas_plans import (
    BillingOut,
    CapIn,
    InvoicesOut,
    InvoiceWithLinesOut,
    PaymentMethodOut,
    PaymentMethodsOut,
    PaymentsOut,
    PlanOut,
    PlansOut,
    TrialIn,
)

_InvoiceId = Annotated[str, Path(max_length=60, description="id of the invoice, as the list has it")]


@app.get("/v1/plans", needs="billing:read", summary="The plans that are sold")
def list_plans() -> PlansOut:
    return PlansOut(items=[PlanOut.model_validate(plan) for plan in subscribing.offered()], cursor=None)


@app.get("/v1/billing", needs="billing:read", summary="The plan, what it allows, and what changes next")
def get_billing() -> BillingOut:
    return BillingOut.model_validate(subscribing.billing_of(caller_of(app)))


@app.post(
    "/v1/billing/trial", needs="billing:write", summary="Begin a trial without a card; once for each organization"
)
def start_trial(request: TrialIn) -> BillingOut:
    caller = caller_of(app)
    subscribing.start_trial(caller, plan=request.plan)
    return BillingOut.model_validate(subscribing.billing_of(caller))


@app.put("/v1/billing/cap", needs="billing:write", summary="Set what events beyond the plan's limit may cost a month")
def set_cap(request: Annotated[CapIn, Body()]) -> BillingOut:
    caller = caller_of(app)
    subscribing.set_cap(caller, cap_micros=request.cap_micros, stops=request.stop_at_cap)
    return BillingOut.model_validate(subscribing.billing_of(caller))


@app.get("/v1/billing/invoices", needs="billing:read", summary="Invoices, newest first")
def list_invoices(limit: Limit = 50, cursor: Cursor = None) -> InvoicesOut:
    return InvoicesOut.model_validate(subscribing.list_invoices(caller_of(app), limit=limit, cursor=cursor))


@app.get("/v1/billing/invoices/{invoice_id}", needs="billing:read", summary="An invoice with its lines")
def get_invoice(invoice_id: _InvoiceId) -> InvoiceWithLinesOut:
    return InvoiceWithLinesOut.model_validate(subscribing.get_invoice(caller_of(app), invoice_id))


@app.get("/v1/billing/payments", needs="billing:read", summary="Payments and refunds, newest first")
def list_payments(limit: Limit = 50, cursor: Cursor = None) -> PaymentsOut:
    return PaymentsOut.model_validate(subscribing.list_payments(caller_of(app), limit=limit, cursor=cursor))


@app.get("/v1/billing/methods", needs="billing:read", summary="Payment methods, the newest first")
def list_methods() -> PaymentMethodsOut:
    return PaymentMethodsOut(
        items=[PaymentMethodOut.model_validate(one) for one in subscribing.list_methods(caller_of(app))], cursor=None
    )
