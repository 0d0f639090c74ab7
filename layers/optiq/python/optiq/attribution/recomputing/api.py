"""Recomputations as staff see them (kernel/background_jobs.py)."""

from collections.abc import Iterable

from optiq.attribution.recomputing import jobs
from optiq.attribution.recomputing.contracts import Job
from optiq.kernel.background_jobs import BackgroundJob, attempts_of
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, utc_day
from optiq.kernel.ids import instant_of

KIND = "recompute"


def list_jobs(organization_id: str, most: int) -> Iterable[BackgroundJob]:
    return map(_shown, jobs.latest(organization_id, most))


def retry_job(caller: Caller, job_id: str) -> BackgroundJob:
    return _shown(jobs.retry(caller, job_id))


def cancel_job(caller: Caller, job_id: str) -> BackgroundJob:
    return _shown(jobs.cancel(caller, job_id))


def _shown(job: Job) -> BackgroundJob:
    # The jobs of a night have ids of its midnight.
    night_ms = instant_of(job.job_id)
    return BackgroundJob(
        job.organization_id,
        KIND,
        job.job_id,
        f"credits of {job.site_id} from {job.from_day} to {job.to_day}",
        job.status.value,
        job.reason,
        job.created_ms,
        job.ended_ms,
        attempts_of(job.past, job.status.value, job.created_ms, job.ended_ms, job.reason),
        batch_id=f"{KIND} {utc_day(night_ms)}" if night_ms % DAY_MS == 0 else "",
        parts=job.days_total,
        parts_done=job.days_done,
    )
