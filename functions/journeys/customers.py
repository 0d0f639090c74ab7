"""Customers and journeys over HTTP: who came, how, and what they did; and how to part who was joined by mistake."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query
from optiq.identity.people.api import caller_of
from optiq.journeys import api as journeys
from optiq.journeys.contracts import JourneyStatus
from optiq.kernel.api_resolver import Cursor, make_resolver, organization_of
from optiq.kernel.money import to_micros
from pydantic import BaseModel, ConfigDict, Field

from functions.journeys.order_payloads import WaitingCorrectionsDocument
from functions.journeys.payloads import CustomerDocument, CustomersDocument, JourneysDocument

app = make_resolver("journeys")

_SiteId = Annotated[str, Path()]
_CustomerId = Annotated[str, Path()]
_Limit = Annotated[int, Query(ge=1, le=100)]
_Status = Annotated[JourneyStatus | None, Query(description="only journeys of this status")]


class Refund(BaseModel):
    """`amount` is a decimal of the conversion's currency; without one, all of it. `refund_id` makes it count once."""

    model_config = ConfigDict(extra="forbid")

    refund_id: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[\w.:-]+$")]
    amount: Annotated[int | float | str | None, Field(examples=["12.50"])] = None


class Adjustment(BaseModel):
    """`value` is what the conversion is worth from now on, a decimal of its currency. `adjustment_id` makes it count
    once.
    """

    model_config = ConfigDict(extra="forbid")

    adjustment_id: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[\w.:-]+$")]
    value: Annotated[int | float | str, Field(examples=["39.90"])]


class Accepted(BaseModel):
    accepted: int


class CutLink(BaseModel):
    """The other end of a link, as the customer's `links` name it."""

    customer_id: str
    other_customer_id: str


@app.get(
    "/v1/sites/{site_id}/customers",
    needs="customers:read",
    heavy=True,
    summary="Customers, the one active last first",
)
def list_customers(site_id: _SiteId, limit: _Limit = 20, cursor: Cursor = None) -> CustomersDocument:
    return CustomersDocument.of(journeys.list_customers(organization_of(app), site_id, limit, cursor))


@app.get(
    "/v1/sites/{site_id}/customers/{customer_id}",
    needs="customers:read",
    summary="A customer, with the timeline",
)
def get_customer(site_id: _SiteId, customer_id: _CustomerId) -> CustomerDocument:
    return CustomerDocument.of(journeys.get_customer(organization_of(app), site_id, customer_id))


@app.post(
    "/v1/sites/{site_id}/customers/links/cut",
    needs="customers:write",
    summary="Part two identifiers that are not one person's; credits follow",
)
def cut_link(site_id: _SiteId, body: Annotated[CutLink, Body()]) -> CustomerDocument:
    by = caller_of(app)
    journeys.cut_link(by.organization_id, site_id, body.customer_id, body.other_customer_id, by=by)
    return CustomerDocument.of(journeys.get_customer(by.organization_id, site_id, body.customer_id))


@app.post(
    "/v1/sites/{site_id}/conversions/{conversion_id}/refund",
    needs="conversions:write",
    summary="Take an amount off a conversion, or all of it; credits follow",
    status_code=202,
    response_description="Accepted",
)
def refund(
    site_id: _SiteId, conversion_id: Annotated[str, Path()], body: Annotated[Refund, Body()]
) -> tuple[Accepted, int]:
    by, amount_micros = caller_of(app), None if body.amount is None else to_micros(body.amount)
    journeys.refund_conversion(by.organization_id, site_id, conversion_id, amount_micros, body.refund_id, by=by)
    return Accepted(accepted=1), 202


@app.post(
    "/v1/sites/{site_id}/conversions/{conversion_id}/adjust",
    needs="conversions:write",
    summary="Say what a conversion is worth from now on; credits follow",
    status_code=202,
    response_description="Accepted",
)
def adjust(
    site_id: _SiteId, conversion_id: Annotated[str, Path()], body: Annotated[Adjustment, Body()]
) -> tuple[Accepted, int]:
    by, value_micros = caller_of(app), to_micros(body.value)
    journeys.adjust_conversion(by.organization_id, site_id, conversion_id, value_micros, body.adjustment_id, by=by)
    return Accepted(accepted=1), 202


@app.get(
    "/v1/sites/{site_id}/corrections",
    needs="events:read",
    summary="Refunds, cancellations and changes that wait for their order, the oldest first",
)
def list_waiting_corrections(
    site_id: _SiteId,
    limit: Annotated[int, Query(ge=1, le=100, description="so many orders; each may have several")] = 50,
    cursor: Cursor = None,
) -> WaitingCorrectionsDocument:
    found = journeys.waiting_corrections(organization_of(app), site_id, limit, cursor)
    return WaitingCorrectionsDocument.of(found)


@app.get(
    "/v1/sites/{site_id}/journeys",
    needs="customers:read",
    heavy=True,
    summary="Journeys, the one that moved last first",
)
def list_journeys(
    site_id: _SiteId, status: _Status = None, limit: _Limit = 20, cursor: Cursor = None
) -> JourneysDocument:
    return JourneysDocument.of(journeys.list_journeys(organization_of(app), site_id, status, limit, cursor))


handler = app
