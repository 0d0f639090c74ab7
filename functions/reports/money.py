"""What customers are worth, over HTTP."""

from functools import partial
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body
from optiq.identity.people.api import caller_of
from optiq.kernel.schemas import SiteId
from optiq.reports.cohorts import api as cohorts

from functions.reports.app import app
from functions.reports.schemas_cohorts import CohortsIn, CohortsOut

_post = partial(app.post, needs="reports:read", keyless_because="it changes nothing", heavy=True)


@_post("/v1/sites/{site_id}/cohort-value/query", summary="What customers are worth since they were won")
def cohort_value(site_id: SiteId, body: Annotated[CohortsIn, Body()]) -> CohortsOut:
    return CohortsOut.of(cohorts.cohort_value(caller_of(app), site_id, body.ask()))
