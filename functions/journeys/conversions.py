"""Conversions over HTTP: listed, explained, refunded and adjusted."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query
from optiq.attribution import api as attribution
from optiq.identity.people.api import caller_of
from optiq.journeys import api as journeys
from optiq.kernel.api_resolver import Cursor, organization_of
from optiq.kernel.schemas import AsOfQuery, Limit, SiteId

from functions.journeys.app import app
from functions.journeys.schemas_conversions import (
    AcceptedOut,
    AdjustmentIn,
    ConversionDetailOut,
    ConversionsOut,
    RefundIn,
    WaitingCorrectionsOut,
)

_CONVERSION = "/v1/sites/{site_id}/conversions/{conversion_id}"
_OrderId = Annotated[str, Query(max_length=500, description="only conversions of this order number")]
_CustomerId = Annotated[
    str, Query(max_length=64, description="only those of the person who has this id; the latest 100 of each identifier")
]
_ConversionId = Annotated[str, Path(description="id of the conversion, as the list has it")]


@app.get("/v1/sites/{site_id}/conversions", needs="reports:read", summary="Conversions, newest first")
def list_conversions(
    site_id: SiteId, limit: Limit = 50, cursor: Cursor = None, order_id: _OrderId = "", customer_id: _CustomerId = ""
) -> ConversionsOut:
    found = journeys.list_conversions(
        organization_of(app), site_id, limit, cursor, order_id=order_id, customer_id=customer_id
    )
    return ConversionsOut.model_validate(found)


@app.get(
    _CONVERSION,
    needs="reports:read",
    heavy=True,
    summary="A conversion: its path, the credits of every model, and the touches left out",
)
def get_conversion(site_id: SiteId, conversion_id: _ConversionId, as_of: AsOfQuery = "") -> ConversionDetailOut:
    found = attribution.explain_conversion(caller_of(app), site_id, conversion_id, as_of=as_of)
    return ConversionDetailOut.explaining(found)


@app.post(
    f"{_CONVERSION}/refund",
    needs="conversions:write",
    summary="Take an amount off a conversion, or all of it; credits follow",
    status_code=202,
    response_description="Accepted",
)
def refund(site_id: SiteId, conversion_id: _ConversionId, body: Annotated[RefundIn, Body()]) -> tuple[AcceptedOut, int]:
    by = caller_of(app)
    journeys.refund_conversion(by.organization_id, site_id, conversion_id, body.amount_micros, body.refund_id, by=by)
    return AcceptedOut(accepted=1), 202


@app.post(
    f"{_CONVERSION}/adjust",
    needs="conversions:write",
    summary="Say what a conversion is worth from now on; credits follow",
    status_code=202,
    response_description="Accepted",
)
def adjust(
    site_id: SiteId, conversion_id: _ConversionId, body: Annotated[AdjustmentIn, Body()]
) -> tuple[AcceptedOut, int]:
    by = caller_of(app)
    journeys.adjust_conversion(by.organization_id, site_id, conversion_id, body.value_micros, body.adjustment_id, by=by)
    return AcceptedOut(accepted=1), 202


@app.get(
    "/v1/sites/{site_id}/corrections",
    needs="events:read",
    summary="Refunds, cancellations and changes that wait for their order, the oldest first",
)
def list_waiting_corrections(
    site_id: SiteId,
    limit: Annotated[int, Query(ge=1, le=100, description="so many orders; each may have several")] = 50,
    cursor: Cursor = None,
) -> WaitingCorrectionsOut:
    found = journeys.waiting_corrections(organization_of(app), site_id, limit, cursor)
    return WaitingCorrectionsOut.model_validate(found)
