"""Customers and journeys over HTTP: who came, how, what they did; and how to unlink two people."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query
from optiq.identity.people.api import caller_of
from optiq.journeys import api as journeys
from optiq.journeys.customer_contracts import JourneyStatus
from optiq.kernel.api_resolver import Cursor, organization_of
from optiq.kernel.schemas import Limit, SiteId

from functions.journeys.app import app
from functions.journeys.schemas_customers import CustomerOut, CustomersOut, JourneysOut, LinkCutIn, PersonIn

_CustomerId = Annotated[str, Path(description="id of the customer, or of any identifier of theirs")]
_Status = Annotated[JourneyStatus | None, Query(description="only journeys of this status")]


@app.get(
    "/v1/sites/{site_id}/customers",
    needs="customers:read",
    heavy=True,
    summary="Customers, the one active last first",
)
def list_customers(site_id: SiteId, limit: Limit = 20, cursor: Cursor = None) -> CustomersOut:
    return CustomersOut.model_validate(journeys.list_customers(organization_of(app), site_id, limit, cursor))


@app.get(
    "/v1/sites/{site_id}/customers/{customer_id}",
    needs="customers:read",
    summary="A customer, with the timeline",
)
def get_customer(site_id: SiteId, customer_id: _CustomerId) -> CustomerOut:
    return CustomerOut.model_validate(journeys.get_customer(organization_of(app), site_id, customer_id))


@app.post(
    "/v1/sites/{site_id}/customers/identifiers/find",
    needs="customers:read",
    keyless_because="it changes nothing",
    summary="A customer by what is known of them: a user id, an e-mail address, a phone number",
)
def find_customer(site_id: SiteId, body: Annotated[PersonIn, Body()]) -> CustomerOut:
    return CustomerOut.model_validate(journeys.find_customer(organization_of(app), site_id, body.identifier))


@app.post(
    "/v1/sites/{site_id}/customers/links/cut",
    needs="customers:write",
    summary="Unlink two identifiers that are not one person's; credits follow",
)
def cut_link(site_id: SiteId, body: Annotated[LinkCutIn, Body()]) -> CustomerOut:
    by = caller_of(app)
    journeys.cut_link(by.organization_id, site_id, body.customer_id, body.other_customer_id, by=by)
    return CustomerOut.model_validate(journeys.get_customer(by.organization_id, site_id, body.customer_id))


@app.get(
    "/v1/sites/{site_id}/journeys",
    needs="customers:read",
    heavy=True,
    summary="Journeys, the one that moved last first",
)
def list_journeys(site_id: SiteId, status: _Status = None, limit: Limit = 20, cursor: Cursor = None) -> JourneysOut:
    page = journeys.list_journeys(organization_of(app), site_id, status, limit, cursor)
    return JourneysOut.model_validate(page)
