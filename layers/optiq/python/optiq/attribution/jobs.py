"""Recompute jobs: started once each, and watched."""

import json

from optiq.attribution.contracts import Job, JobStatus
from optiq.attribution.records import JobRecord
from optiq.kernel import keys
from optiq.kernel.clock import parse_day, require_order
from optiq.kernel.errors import InvalidError, NotFoundError
from optiq.kernel.ids import may_be_id
from optiq.kernel.settings import settings
from optiq.kernel.table import Put, put_each
from optiq.ports import wiring
from optiq.tenancy import api as tenancy

MAX_DAYS = 400


def start(organization_id: str, site_id: str, from_day: str, to_day: str, job_id: str, now_ms: int) -> Job:
    """Starts the recomputation of the conversions of these days; the same `job_id` again starts nothing new."""
    first, last = parse_day(from_day), parse_day(to_day)
    require_order(first, last)
    if (last - first).days >= MAX_DAYS:
        raise InvalidError(f"at most {MAX_DAYS} days can be recomputed at once")
    tenancy.get_site(organization_id, site_id)
    job = Job(job_id, organization_id, site_id, JobStatus.QUEUED, from_day, to_day, now_ms)
    if put_each([Put(JobRecord.of(job), JobRecord.pk.does_not_exist())]):
        job = get(organization_id, job_id)
    # Also for a job that stood already: it may have been recorded and never started.
    execution_input = json.dumps({"organization_id": job.organization_id, "job_id": job.job_id})
    wiring.workflows().start(settings().recompute_machine, job.job_id, execution_input)
    return job


def get(organization_id: str, job_id: str) -> Job:
    return record_of(organization_id, job_id).contract()


def record_of(organization_id: str, job_id: str) -> JobRecord:
    if not may_be_id(job_id):
        raise NotFoundError("there is no such job")
    key = keys.job(organization_id, job_id)
    try:
        return JobRecord.get(key.pk, key.sk)
    except JobRecord.DoesNotExist as error:
        raise NotFoundError("there is no such job") from error


def plan(organization_id: str, job_id: str, days_total: int) -> None:
    """Marks a job as running through so many days."""
    record_of(organization_id, job_id).update(
        actions=[JobRecord.status.set(JobStatus.RUNNING.value), JobRecord.days_total.set(days_total)]
    )


def finish_day(organization_id: str, job_id: str, dt: str) -> None:
    record_of(organization_id, job_id).update(actions=[JobRecord.days_done.add({dt})])


def succeed(organization_id: str, job_id: str, conversions: int, changed: int) -> Job:
    record = record_of(organization_id, job_id)
    record.update(
        actions=[
            JobRecord.status.set(JobStatus.SUCCEEDED.value),
            JobRecord.conversions.set(conversions),
            JobRecord.changed.set(changed),
        ]
    )
    return record.contract()


def fail(organization_id: str, job_id: str, reason: str) -> Job:
    record = record_of(organization_id, job_id)
    record.update(actions=[JobRecord.status.set(JobStatus.FAILED.value), JobRecord.reason.set(reason[:1_000])])
    return record.contract()
