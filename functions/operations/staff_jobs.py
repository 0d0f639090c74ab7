"""Work in the background over HTTP, for staff."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body, Query
from optiq.kernel.api_resolver import Cursor
from optiq.kernel.background_jobs import State
from optiq.kernel.schemas import OrNull
from optiq.operations.jobs import api as jobs

from functions.operations.app import app
from functions.operations.schemas_jobs import BackgroundJobOut, BackgroundJobsOut, BatchesOut, JobAct
from functions.operations.staff import staff_caller

_JOBS = "/v1/operator/jobs"
_Organization = Annotated[str, Query(max_length=60, description="only jobs of this organization")]
_Limit = Annotated[int, Query(ge=1, le=100, description="organizations of a page, whose jobs are listed together")]
_Wanted = Annotated[State | None, OrNull, Query(description="only jobs of this status")]


@app.get(_JOBS, operator=True, summary="The latest work in the background, newest first")
def list_background_jobs(
    organization_id: _Organization = "", status: _Wanted = None, limit: _Limit = 50, cursor: Cursor = None
) -> BackgroundJobsOut:
    staff_caller()
    found = jobs.list_jobs(organization_id=organization_id, status=status, limit=limit, cursor=cursor)
    return BackgroundJobsOut.model_validate(found)


@app.patch(_JOBS, operator=True, summary="Run a failed job again, or stop one; the organization's audit log shows it")
def act_on_job(body: Annotated[JobAct, Body()]) -> BackgroundJobOut:
    return BackgroundJobOut.model_validate(jobs.act_on(staff_caller(), **body.model_dump()))


@app.get("/v1/operator/batches", operator=True, summary="Jobs that were started together, the latest batch first")
def list_batches() -> BatchesOut:
    staff_caller()
    return BatchesOut.model_validate({"items": jobs.list_batches(), "cursor": None})
