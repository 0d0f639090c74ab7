"""What platforms claim beside what is known, and which money no visit is known of; over HTTP."""

from functools import partial
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body
from optiq.identity.people.api import caller_of
from optiq.kernel.schemas import SiteId
from optiq.reports.advertising import api as advertising

from functions.reports.app import app
from functions.reports.schemas_advertising import ClaimsIn, ClaimsOut, CoverageIn, CoverageOut

_post = partial(app.post, needs="reports:read", keyless_because="it changes nothing", heavy=True)


@_post("/v1/sites/{site_id}/ad-claims/query", summary="What platforms claim, in parts that come to it exactly")
def ad_claims(site_id: SiteId, body: Annotated[ClaimsIn, Body()]) -> ClaimsOut:
    return ClaimsOut.of(advertising.claims(caller_of(app), site_id, body.ask()))


@_post("/v1/sites/{site_id}/ad-coverage/query", summary="What could not be resolved, the most money first")
def ad_coverage(site_id: SiteId, body: Annotated[CoverageIn, Body()]) -> CoverageOut:
    found = advertising.coverage(caller_of(app), site_id, period=body.period, model=body.model or "")
    return CoverageOut.of(found)
