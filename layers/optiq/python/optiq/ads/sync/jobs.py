"""Jobs: created once, run in steps of a month at most, waiting where a platform says so."""

import json
from collections.abc import Iterator
from dataclasses import replace

from optiq.ads.sync import state
from optiq.ads.sync.contracts import OPEN, AdAccountRead, AdSyncFailed, SyncJob
from optiq.events import api as events
from optiq.kernel.background_jobs import attempts_of, not_failed
from optiq.kernel.caller import Caller
from optiq.kernel.clock import system_clock, to_rfc3339
from optiq.kernel.errors import ConflictError, VersionError
from optiq.kernel.keys import Key
from optiq.kernel.settings import settings
from optiq.ports import wiring
from optiq.store.api import Store, Transaction

DUE = "AD_SYNC_DUE"
"""The partition of the index with the jobs that wait, by when they go on."""


def _key(organization_id: str, sync_id: str) -> Key:
    return Key(f"ORG#{organization_id}", f"AD_SYNC#{sync_id}")


def _due(job: SyncJob) -> tuple[str, str] | None:
    if job.status != "WAITING":
        return None
    return DUE, f"{job.not_before_ms or 0:015d}#{job.sync_id}"


JOBS = Store(SyncJob, "ad sync", _key, _due)


def create(caller: Caller, job: SyncJob, *, audited: bool) -> SyncJob:
    """Writes a job and starts it; a job with this id that is there is started, unless it was."""
    transaction = JOBS.adding(caller, job)
    try:
        (transaction if audited else transaction.unaudited()).commit()
    except VersionError:
        job = JOBS.get(caller, job.sync_id)
    run(job)
    return job


def run(job: SyncJob) -> None:
    """Starts a run of a job: the same run again starts nothing. Raises UpstreamError."""
    execution = json.dumps({"organization_id": job.organization_id, "sync_id": job.sync_id})
    wiring.workflows().start(settings().ad_sync_machine, f"{job.sync_id}-{job.runs}", execution)


def go_on(job: SyncJob) -> SyncJob:
    """A job that waited runs again."""
    queued = write(job, replace(job, status="QUEUED", not_before_ms=None, runs=job.runs + 1))
    run(queued)
    return queued


def write(before: SyncJob, after: SyncJob, now_ms: int | None = None) -> SyncJob:
    """The next version of a job, without an entry in the audit log. Other contexts are told how it ended.

    Raises:
        VersionError: somebody changed it meanwhile.
    """
    at_ms = system_clock() if now_ms is None else now_ms
    if after.status != before.status:
        after = replace(after, ended_ms=None if after.status in OPEN else at_ms)
    after, transaction = JOBS.changing(Caller.system(before.organization_id), before, after)
    told = tuple(events.event_of("ads", after.organization_id, fact, at_ms) for fact in _facts(before, after))
    (transaction.unaudited() + Transaction(events=told)).commit()
    if after.status == "FAILED":
        state.note_failure(after.account, after.reason)
    elif after.status == "SUCCEEDED":
        state.note_success(after.account)
    return after


def _facts(before: SyncJob, after: SyncJob) -> Iterator[AdAccountRead | AdSyncFailed]:
    """What others are to know of a change: a failure, and days that somebody waits for."""
    if before.status == after.status:
        return
    if after.status == "SUCCEEDED" and after.kind in ("BACKFILL", "MANUAL"):
        yield AdAccountRead(after.platform, after.external_id)
    if after.status == "FAILED":
        yield AdSyncFailed(
            after.sync_id,
            after.platform,
            after.external_id,
            after.kind,
            after.from_day,
            after.to_day,
            after.reason,
        )


def retry(caller: Caller, sync_id: str) -> SyncJob:
    """Reads again what a failed job did not read. Of several at once, one does.

    Raises:
        NotFoundError: there is no such job. ConflictError: it has not failed.
        UpstreamError: it is not started; the same again starts it.
    """
    job = JOBS.get(caller, sync_id)
    if job.status == "FAILED":
        past = attempts_of(job.past, "FAILED", job.created_ms, job.ended_ms, job.reason)
        again = replace(
            job,
            status="QUEUED",
            runs=job.runs + 1,
            attempts=0,
            # Days that failed lie anywhere among those that were read.
            next_to=job.to_day if job.failed_days else job.next_to,
            failed_days=(),
            reason="",
            ended_ms=None,
            past=past,
        )
        job, transaction = JOBS.changing(caller, job, again, action="ad_sync.retried")
        transaction.commit()
    if job.status != "QUEUED" or not job.past:
        raise not_failed(job.status)
    run(job)
    return job


def wait(job: SyncJob, until_ms: int, reason: str, *, failed: bool) -> SyncJob:
    """The job ends its run, and goes on at an instant."""
    reason = f"{reason}: goes on at {to_rfc3339(until_ms)}"
    attempts = job.attempts + failed
    waiting = write(job, replace(job, status="WAITING", not_before_ms=until_ms, reason=reason, attempts=attempts))
    if failed:
        state.note_failure(job.account, reason)
    return waiting


def fail(job: SyncJob, reason: str) -> SyncJob:
    """Marks a job that is not over as FAILED."""
    if job.status not in OPEN:
        return job
    return write(job, replace(job, status="FAILED", not_before_ms=None, reason=reason[:1_000]))


def cancel(caller: Caller, sync_id: str) -> SyncJob:
    """Nothing more is read for a job once its step has ended. Raises NotFoundError; ConflictError when it is over."""
    job = JOBS.get(caller, sync_id)
    if job.status == "CANCELLED":
        return job
    if job.status not in OPEN:
        raise ConflictError(f"the job has {job.status} already")
    after = replace(job, status="CANCELLED", not_before_ms=None, ended_ms=system_clock())
    cancelled, transaction = JOBS.changing(caller, job, after, action="ad_sync.cancelled")
    transaction.commit()
    return cancelled
