"""Recompute jobs: started once each, and watched."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from optiq.attribution import keys
from optiq.attribution.recomputing.contracts import Job, JobStatus, PartitionOutcome
from optiq.attribution.recomputing.records import JobRecord
from optiq.audit import api as audit
from optiq.audit.contracts import Change, Fields
from optiq.kernel.background_jobs import attempts_of, not_failed
from optiq.kernel.caller import Caller
from optiq.kernel.clock import parse_day, require_order, system_clock
from optiq.kernel.errors import ConflictError, InvalidError, NotFoundError
from optiq.kernel.ids import may_be_id
from optiq.kernel.settings import settings
from optiq.kernel.table import Put, Update, update_if
from optiq.ports import wiring
from optiq.tenancy import api as tenancy

MAX_DAYS = 400
_MAX_NAMED = 100
"""Damaged files of a partition that a job names: an item has room for so many of each."""
_OPEN = (JobStatus.QUEUED.value, JobStatus.RUNNING.value)


def start(
    caller: Caller,
    site_id: str,
    from_day: str,
    to_day: str,
    job_id: str,
    now_ms: int,
    *,
    whole: bool = False,
    audited: bool = True,
) -> Job:
    """Starts the recomputation of the conversions of these days; the same `job_id` again starts nothing new.

    Args:
        audited: whether the audit log gets an entry; the start of every night gets none.
    """
    first, last = parse_day(from_day), parse_day(to_day)
    require_order(first, last)
    if (last - first).days >= MAX_DAYS:
        raise InvalidError(f"at most {MAX_DAYS} days can be recomputed at once")
    tenancy.get_site(caller.organization_id, site_id)
    job = Job(job_id, caller.organization_id, site_id, JobStatus.QUEUED, from_day, to_day, now_ms, whole)
    said: Fields = {"site_id": site_id, "from": from_day, "to": to_day, "whole": whole}
    started = [_change(caller, "recompute.started", job_id, {}, said)] if audited else []
    if not audit.commit([Put(JobRecord.of(job), JobRecord.pk.does_not_exist())], started):
        job = get(caller.organization_id, job_id)
    # Also for a job that stood already: it may have been recorded and never started.
    _run(job)
    return job


def _run(job: Job) -> None:
    """Starts a run of a job: the same run again starts nothing. Raises UpstreamError."""
    execution_input = json.dumps({"organization_id": job.organization_id, "job_id": job.job_id})
    name = f"{job.job_id}-{len(job.past)}" if job.past else job.job_id
    wiring.workflows().start(settings().recompute_machine, name, execution_input)


def retry(caller: Caller, job_id: str) -> Job:
    """Runs a failed job again: the days that failed, and what changed since. Of several at once, one does.

    Raises:
        NotFoundError: there is no such job. ConflictError: it has not failed.
        UpstreamError: it is not started; the same again starts it.
    """
    record = record_of(caller.organization_id, job_id)
    job = record.contract()
    if job.status is JobStatus.FAILED:
        past = attempts_of(job.past, "FAILED", job.created_ms, job.ended_ms, job.reason)
        actions = [
            JobRecord.status.set(JobStatus.QUEUED.value),
            JobRecord.past.set([asdict(one) for one in past]),
            JobRecord.reason.set(""),
            JobRecord.ended_ms.remove(),
            JobRecord.days_done.remove(),
        ]
        failed = JobRecord.status == JobStatus.FAILED.value
        entry = _change(caller, "recompute.retried", job_id, {"status": job.status}, {"status": JobStatus.QUEUED.value})
        audit.commit([Update(record, actions, failed)], [entry])
        job = get(caller.organization_id, job_id)
    if job.status is not JobStatus.QUEUED or not job.past:
        raise not_failed(job.status.value)
    _run(job)
    return job


def latest(organization_id: str, most: int) -> list[Job]:
    """The latest jobs, newest first."""
    key = keys.job(organization_id, "")
    found = JobRecord.query(key.pk, JobRecord.sk.startswith(key.sk), scan_index_forward=False, limit=most)
    return [record.contract() for record in found]


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


def plan(organization_id: str, job_id: str, days_total: int, days_unchanged: int) -> bool:
    """Marks a job as running through so many days; says whether it still is to run."""
    actions = [
        JobRecord.status.set(JobStatus.RUNNING.value),
        JobRecord.days_total.set(days_total),
        JobRecord.days_unchanged.set(days_unchanged),
    ]
    return update_if(Update(record_of(organization_id, job_id), actions, JobRecord.status.is_in(*_OPEN)))


def finish_days(organization_id: str, job_id: str, days: Sequence[str], outcome: PartitionOutcome) -> None:
    """Counts days as done, once."""
    actions = [
        JobRecord.days_done.add(set(days)),
        JobRecord.conversions.add(outcome.conversions),
        JobRecord.changed.add(outcome.changed),
    ]
    if outcome.damaged_files:
        actions.append(JobRecord.damaged_files.add(set(outcome.damaged_files[:_MAX_NAMED])))
    update_if(Update(record_of(organization_id, job_id), actions, ~JobRecord.days_done.contains(days[0])))


def finish(organization_id: str, job_id: str, failures: Sequence[str]) -> Job:
    """Marks a job as SUCCEEDED, or FAILED because of these; one that is cancelled stays so."""
    status = JobStatus.FAILED if failures else JobStatus.SUCCEEDED
    also = f" (and {len(failures) - 1} more)" if len(failures) > 1 else ""
    reason = failures[0][:1_000] + also if failures else ""
    actions = [JobRecord.status.set(status.value), JobRecord.reason.set(reason), JobRecord.ended_ms.set(system_clock())]
    not_cancelled = JobRecord.status != JobStatus.CANCELLED.value
    update_if(Update(record_of(organization_id, job_id), actions, not_cancelled))
    return get(organization_id, job_id)


def cancel(caller: Caller, job_id: str) -> Job:
    """Marks a job as CANCELLED: nothing more is written for it. Raises ConflictError when it has ended otherwise."""
    actions = [JobRecord.status.set(JobStatus.CANCELLED.value), JobRecord.ended_ms.set(system_clock())]
    record = record_of(caller.organization_id, job_id)
    before, after = {"status": record.status}, {"status": JobStatus.CANCELLED.value}
    stopped = _change(caller, "recompute.cancelled", job_id, before, after)
    audit.commit([Update(record, actions, JobRecord.status.is_in(*_OPEN))], [stopped])
    job = get(caller.organization_id, job_id)
    if job.status is not JobStatus.CANCELLED:
        raise ConflictError(f"the job has {job.status} already")
    return job


def _change(caller: Caller, action: str, job_id: str, before: Fields, after: Fields) -> Change:
    return Change(caller.organization_id, caller.actor, action, job_id, before, after, caller.origin)
