"""How a site's conversions are credited, what the models learned, and the recomputation of credits."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body, Path
from optiq.attribution import api
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import make_resolver
from optiq.kernel.schemas import SiteId

from functions.attribution.schemas import (
    AttributionSettingsChangedOut,
    AttributionSettingsIn,
    AttributionSettingsOut,
    FitOut,
    JobOut,
    RecomputeIn,
)

app = make_resolver("attribution")

_JobId = Annotated[str, Path(description="id of the job, as starting it answers")]


@app.post(
    "/v1/sites/{site_id}/attribution/recompute",
    needs="attribution:write",
    summary="Compute the credits of these days' conversions anew",
    status_code=202,
    response_description="The job that rebuilds the credits",
)
def start_recompute(site_id: SiteId, request: RecomputeIn) -> tuple[JobOut, int]:
    first, last = request.from_day, request.to_day
    job = api.start_recompute(caller_of(app), site_id, from_day=first, to_day=last, whole=request.whole)
    return JobOut.model_validate(job), 202


@app.get(
    "/v1/sites/{site_id}/attribution/settings",
    needs="reports:read",
    summary="How conversions are credited",
)
def get_settings(site_id: SiteId) -> AttributionSettingsOut:
    versions = api.settings_versions(caller_of(app), site_id)
    return AttributionSettingsOut.model_validate({"current": versions[0], "versions": versions})


@app.put(
    "/v1/sites/{site_id}/attribution/settings",
    needs="attribution:write",
    summary="Change how conversions are credited",
)
def set_settings(site_id: SiteId, body: Annotated[AttributionSettingsIn, Body()]) -> AttributionSettingsChangedOut:
    settings, differs = api.set_settings(caller_of(app), site_id, body.settings(), expected_version=body.version)
    recompute = f"POST /v1/sites/{site_id}/attribution/recompute" if differs else None
    return AttributionSettingsChangedOut.model_validate({"current": settings, "recompute": recompute})


@app.get(
    "/v1/sites/{site_id}/attribution/fit",
    needs="reports:read",
    summary="What MARKOV and SHAPLEY learned of a site's paths, and how sure that is",
)
def get_fit(site_id: SiteId) -> FitOut:
    found = api.get_fit(caller_of(app), site_id)
    return FitOut.model_validate(found) if found else FitOut()


@app.get("/v1/jobs/{job_id}", needs="reports:read", summary="The status of a job")
def get_job(job_id: _JobId) -> JobOut:
    return JobOut.model_validate(api.get_job(caller_of(app), job_id))


@app.post(
    "/v1/jobs/{job_id}/cancel",
    needs="attribution:write",
    summary="Stop a job; nothing more is written for it",
)
def cancel_job(job_id: _JobId) -> JobOut:
    return JobOut.model_validate(api.cancel_job(caller_of(app), job_id))


handler = app
