"""What the organization used of its month, and in the time of an invoice."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from optiq.billing.plans.contracts import Interval
from optiq.billing.usage import api as usage
from optiq.identity.people.api import caller_of

from functions.billing.app import app
from functions.billing.schemas_usage import InvoiceUsageOut, SimulationOut, UsageOut

_InvoiceId = Annotated[str, Path(max_length=60, description="id of the invoice, as the list has it")]
_Timezone = Annotated[
    str, Query(max_length=60, description="of the reader: hours are shown by its days", examples=["Europe/Berlin"])
]

_Plan = Annotated[str, Query(max_length=40, description="one of GET /v1/plans", examples=["PROFESSIONAL"])]
_Interval = Annotated[Interval, Query(description="a month of a year costs a twelfth of it")]
_Currency = Annotated[str, Query(max_length=3, description="by default that of the subscription", examples=["USD"])]


@app.get("/v1/billing/usage", needs="billing:read", summary="Events stored this month, by day, hour, site and token")
def get_usage(timezone: _Timezone = "UTC") -> UsageOut:
    return UsageOut.model_validate(usage.usage_of(caller_of(app), timezone=timezone))


@app.get(
    "/v1/billing/invoices/{invoice_id}/usage",
    needs="billing:read",
    summary="Events stored in the time of an invoice, by line, day, hour, site and token",
)
def get_invoice_usage(invoice_id: _InvoiceId, timezone: _Timezone = "UTC") -> InvoiceUsageOut:
    return InvoiceUsageOut.model_validate(usage.usage_of_invoice(caller_of(app), invoice_id, timezone=timezone))


@app.get(
    "/v1/billing/simulation",
    needs="billing:read",
    summary="What a plan would have cost for the events of the last twelve months, beside what was paid",
)
def simulate(plan: _Plan, interval: _Interval = "month", currency: _Currency = "") -> SimulationOut:
    return SimulationOut.model_validate(usage.simulate(caller_of(app), plan=plan, interval=interval, currency=currency))
