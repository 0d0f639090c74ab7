"""Readings of advertising accounts as staff see them (kernel/background_jobs.py)."""

from optiq.ads.sync.contracts import SyncJob
from optiq.kernel.background_jobs import BackgroundJob, attempts_of
from optiq.kernel.clock import utc_day

KIND = "ad_sync"
_BY_HAND = ("MANUAL", "BACKFILL")


def shown(job: SyncJob) -> BackgroundJob:
    return BackgroundJob(
        job.organization_id,
        KIND,
        job.sync_id,
        f"{job.kind} of {job.platform} {job.external_id} from {job.from_day} to {job.to_day}",
        job.status,
        job.reason,
        job.created_ms,
        job.ended_ms,
        attempts_of(job.past, job.status, job.created_ms, job.ended_ms, job.reason),
        # Those of a day that the clock started are one batch.
        batch_id="" if job.kind in _BY_HAND else f"{job.kind} {utc_day(job.created_ms)}",
    )
