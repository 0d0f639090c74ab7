"""Conversions with their credits, and the recomputation of credits."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Query
from optiq.attribution import api
from optiq.kernel.api_resolver import make_resolver, organization_of

from functions.attribution.payloads import ConversionDetail, ConversionList, JobDetail, RecomputeRequest

app = make_resolver()


@app.get("/v1/sites/<site_id>/conversions", summary="Conversions, newest first", tags=["attribution"])
def list_conversions(
    site_id: str, limit: Annotated[int, Query(ge=1, le=100)] = 50, cursor: Annotated[str | None, Query()] = None
) -> ConversionList:
    return ConversionList.of(api.list_conversions(organization_of(app), site_id, limit, cursor))


@app.get(
    "/v1/sites/<site_id>/conversions/<conversion_id>",
    summary="A conversion: its path, the credits of every model, and the touches left out",
    tags=["attribution"],
)
def get_conversion(site_id: str, conversion_id: str) -> ConversionDetail:
    return ConversionDetail.explaining(api.explain_conversion(organization_of(app), site_id, conversion_id))


@app.post(
    "/v1/sites/<site_id>/attribution/recompute",
    summary="Compute the credits of these days' conversions anew",
    tags=["attribution"],
    status_code=202,
    response_description="The job that rebuilds the credits",
)
def start_recompute(site_id: str, request: RecomputeRequest) -> tuple[JobDetail, int]:
    job = api.start_recompute(organization_of(app), site_id, request.from_day, request.to_day, whole=request.whole)
    return JobDetail.of(job), 202


@app.get("/v1/jobs/<job_id>", summary="How a job stands", tags=["attribution"])
def get_job(job_id: str) -> JobDetail:
    return JobDetail.of(api.get_job(organization_of(app), job_id))


@app.post("/v1/jobs/<job_id>/cancel", summary="Stop a job; nothing more is written for it", tags=["attribution"])
def cancel_job(job_id: str) -> JobDetail:
    return JobDetail.of(api.cancel_job(organization_of(app), job_id))


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return app.resolve(event, context)
