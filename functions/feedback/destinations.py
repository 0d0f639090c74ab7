"""Destinations: where a site's conversions are told."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from optiq.feedback import api as feedback
from optiq.feedback.destinations.contracts import Destination
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor
from optiq.kernel.schemas import Limit, SiteId

from functions.feedback.app import app
from functions.feedback.schemas import (
    FeedbackDestinationIn,
    FeedbackDestinationOut,
    FeedbackDestinationPatch,
    FeedbackDestinationsOut,
    given,
)

_ALL = "/v1/sites/{site_id}/feedback-destinations"
ONE = f"{_ALL}/{{destination_id}}"
DestinationId = Annotated[str, Path(max_length=60, description="id of the destination, as the list has it")]


@app.get(_ALL, needs="feedback:read", summary="Where a site's conversions are told, oldest first")
def list_destinations(site_id: SiteId, limit: Limit = 50, cursor: Cursor = None) -> FeedbackDestinationsOut:
    found = feedback.list_destinations(caller_of(app), site_id, limit=limit, cursor=cursor)
    return FeedbackDestinationsOut.model_validate(found)


@app.post(_ALL, needs="feedback:write", summary="Tell a platform a site's conversions", status_code=201)
def create_destination(site_id: SiteId, request: FeedbackDestinationIn) -> tuple[FeedbackDestinationOut, int]:
    return _shown(feedback.create_destination(caller_of(app), site_id, **given(request))), 201


@app.get(ONE, needs="feedback:read", summary="One destination")
def get_feedback_destination(site_id: SiteId, destination_id: DestinationId) -> FeedbackDestinationOut:
    return _shown(feedback.get_destination(caller_of(app), site_id, destination_id))


@app.patch(ONE, needs="feedback:write", summary="Change a destination, or turn it off and on")
def change_destination(
    site_id: SiteId, destination_id: DestinationId, request: FeedbackDestinationPatch
) -> FeedbackDestinationOut:
    changed = feedback.change_destination(
        caller_of(app), site_id, destination_id, expected_version=request.version, **given(request, "version")
    )
    return _shown(changed)


@app.delete(ONE, needs="feedback:write", summary="Remove a destination; what was told stays", status_code=204)
def remove_destination(site_id: SiteId, destination_id: DestinationId) -> None:
    feedback.archive_destination(caller_of(app), site_id, destination_id)


def _shown(destination: Destination) -> FeedbackDestinationOut:
    return FeedbackDestinationOut.model_validate(feedback.shown(caller_of(app), destination))
