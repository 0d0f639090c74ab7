"""Funnels, retention, paths, time to convert and overlap over HTTP."""

from functools import partial
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body
from optiq.identity.people.api import caller_of
from optiq.kernel.schemas import SiteId
from optiq.reports.behaviour import api as behaviour
from optiq.reports.touching import api as touching

from functions.reports.app import app
from functions.reports.schemas_behaviour import (
    FunnelIn,
    FunnelOut,
    FunnelPeopleIn,
    FunnelPeopleOut,
    PathsIn,
    PathsOut,
    RetentionIn,
    RetentionOut,
)
from functions.reports.schemas_touching import LagsIn, LagsOut, OverlapIn, OverlapOut

_post = partial(app.post, needs="reports:read", keyless_because="it changes nothing", heavy=True)


@_post("/v1/sites/{site_id}/funnels/query", summary="How many get from one step to the next")
def funnel(site_id: SiteId, body: Annotated[FunnelIn, Body()]) -> FunnelOut:
    return FunnelOut.of(behaviour.funnel(caller_of(app), site_id, body.ask()))


@app.post(
    "/v1/sites/{site_id}/funnels/people",
    needs="customers:read",
    keyless_because="it changes nothing",
    heavy=True,
    summary="Who got as far as a step of a funnel, and not further",
)
def funnel_people(site_id: SiteId, body: Annotated[FunnelPeopleIn, Body()]) -> FunnelPeopleOut:
    found = behaviour.funnel_people(caller_of(app), site_id, body.people(), limit=body.limit, cursor=body.cursor)
    return FunnelPeopleOut.of(found)


@_post("/v1/sites/{site_id}/retention/query", summary="How many come back")
def retention(site_id: SiteId, body: Annotated[RetentionIn, Body()]) -> RetentionOut:
    return RetentionOut.of(behaviour.retention(caller_of(app), site_id, body.ask()))


@_post("/v1/sites/{site_id}/paths/query", summary="Where people go from one page to the next")
def paths(site_id: SiteId, body: Annotated[PathsIn, Body()]) -> PathsOut:
    return PathsOut.of(behaviour.paths(caller_of(app), site_id, body.ask()))


@_post("/v1/sites/{site_id}/time-to-convert/query", summary="How long it takes from a touch to the conversion")
def time_to_convert(site_id: SiteId, body: Annotated[LagsIn, Body()]) -> LagsOut:
    return LagsOut.of(touching.time_to_convert(caller_of(app), site_id, body.ask()), bins=touching.BINS)


@_post("/v1/sites/{site_id}/overlap/query", summary="Which channels are in one path")
def overlap(site_id: SiteId, body: Annotated[OverlapIn, Body()]) -> OverlapOut:
    return OverlapOut.of(touching.overlap(caller_of(app), site_id, body.ask()))
