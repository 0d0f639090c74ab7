"""What platforms were told: of a site's days, and of one conversion."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from optiq.feedback import api as feedback
from optiq.identity.people.api import caller_of
from optiq.kernel.schemas import SiteId

from functions.feedback.app import app
from functions.feedback.destinations import ONE, DestinationId
from functions.feedback.schemas_telling import (
    FeedbackAgainIn,
    FeedbackFunnelsOut,
    FeedbackOfConversionOut,
    FeedbackTestOut,
)

_OF_CONVERSION = "/v1/sites/{site_id}/conversions/{conversion_id}/feedback"
_ConversionId = Annotated[str, Path(max_length=60, description="id of the conversion")]
_Days = Annotated[int, Query(description="conversions of so many UTC days, today included: 1 to 90")]


@app.get(
    "/v1/sites/{site_id}/feedback", needs="feedback:read", heavy=True, summary="How a site's conversions were told"
)
def funnels(site_id: SiteId, days: _Days = 30) -> FeedbackFunnelsOut:
    return FeedbackFunnelsOut.of(feedback.funnels(caller_of(app), site_id, days=days))


@app.post(f"{ONE}/test", needs="feedback:write", keyless_because="each is another event", summary="Send a test event")
def send_test_event(site_id: SiteId, destination_id: DestinationId) -> FeedbackTestOut:
    return FeedbackTestOut.model_validate(feedback.send_test(caller_of(app), site_id, destination_id))


@app.get(_OF_CONVERSION, needs="feedback:read", summary="What platforms were told of a conversion")
def of_conversion(site_id: SiteId, conversion_id: _ConversionId) -> FeedbackOfConversionOut:
    return FeedbackOfConversionOut.of(feedback.told_of_conversion(caller_of(app), site_id, conversion_id))


@app.post(
    _OF_CONVERSION,
    needs="feedback:write",
    summary="Send what is UNKNOWN or REJECTED once more; the platform may count it twice",
)
def send_again(site_id: SiteId, conversion_id: _ConversionId, request: FeedbackAgainIn) -> FeedbackOfConversionOut:
    caller = caller_of(app)
    feedback.send_again(caller, site_id, conversion_id, request.destination_id)
    return FeedbackOfConversionOut.of(feedback.told_of_conversion(caller, site_id, conversion_id))
