"""Conversions with their credits, how a site's conversions are credited, and the recomputation of credits."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body, Query
from optiq.attribution import api
from optiq.identity.people.api import caller_of
from optiq.kernel.api_resolver import Cursor, make_resolver, organization_of

from functions.attribution.fit_payloads import FitDocument
from functions.attribution.job_payloads import JobDetail, RecomputeRequest
from functions.attribution.payloads import ConversionDetail, ConversionList
from functions.attribution.settings_payloads import ChangedSettings, SettingsBody, SettingsDocument, SettingsVersion

app = make_resolver("attribution")


@app.get("/v1/sites/{site_id}/conversions", needs="reports:read", summary="Conversions, newest first")
def list_conversions(
    site_id: str, limit: Annotated[int, Query(ge=1, le=100)] = 50, cursor: Cursor = None
) -> ConversionList:
    return ConversionList.of(api.list_conversions(organization_of(app), site_id, limit, cursor))


@app.get(
    "/v1/sites/{site_id}/conversions/{conversion_id}",
    needs="reports:read",
    heavy=True,
    summary="A conversion: its path, the credits of every model, and the touches left out",
)
def get_conversion(
    site_id: str,
    conversion_id: str,
    as_of: Annotated[str, Query(description="a day or an RFC 3339 instant: the credits of then; by default now")] = "",
) -> ConversionDetail:
    return ConversionDetail.explaining(api.explain_conversion(organization_of(app), site_id, conversion_id, as_of))


@app.post(
    "/v1/sites/{site_id}/attribution/recompute",
    needs="attribution:write",
    summary="Compute the credits of these days' conversions anew",
    status_code=202,
    response_description="The job that rebuilds the credits",
)
def start_recompute(site_id: str, request: RecomputeRequest) -> tuple[JobDetail, int]:
    by = caller_of(app)
    job = api.start_recompute(by.organization_id, site_id, request.from_day, request.to_day, whole=request.whole, by=by)
    return JobDetail.of(job), 202


@app.get(
    "/v1/sites/{site_id}/attribution/settings",
    needs="reports:read",
    summary="How conversions are credited",
)
def get_settings(site_id: str) -> SettingsDocument:
    versions = [SettingsVersion.of(each) for each in api.settings_versions(organization_of(app), site_id)]
    return SettingsDocument(current=versions[0], versions=versions)


@app.put(
    "/v1/sites/{site_id}/attribution/settings",
    needs="attribution:write",
    summary="Change how conversions are credited",
)
def set_settings(site_id: str, body: Annotated[SettingsBody, Body()]) -> ChangedSettings:
    by, wanted = caller_of(app), body.contract()
    settings, differs = api.set_settings(by.organization_id, site_id, wanted, expected_version=body.version, by=by)
    recompute = f"POST /v1/sites/{site_id}/attribution/recompute"
    return ChangedSettings(current=SettingsVersion.of(settings), recompute=recompute if differs else None)


@app.get(
    "/v1/sites/{site_id}/attribution/fit",
    needs="reports:read",
    summary="What MARKOV and SHAPLEY learned of a site's paths, and how sure that is",
)
def get_fit(site_id: str) -> FitDocument:
    return FitDocument.of(api.get_fit(organization_of(app), site_id))


@app.get("/v1/jobs/{job_id}", needs="reports:read", summary="How a job stands")
def get_job(job_id: str) -> JobDetail:
    return JobDetail.of(api.get_job(organization_of(app), job_id))


@app.post(
    "/v1/jobs/{job_id}/cancel",
    needs="attribution:write",
    summary="Stop a job; nothing more is written for it",
)
def cancel_job(job_id: str) -> JobDetail:
    by = caller_of(app)
    return JobDetail.of(api.cancel_job(by.organization_id, job_id, by=by))


handler = app
