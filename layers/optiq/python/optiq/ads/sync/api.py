"""Reading the numbers of advertising accounts, and what is known of their days."""

from collections.abc import Iterable
from itertools import islice

from optiq.ads.sync import health, history, jobs, planning, stepping
from optiq.ads.sync.contracts import SyncJob
from optiq.ads.sync.shown import shown
from optiq.kernel.background_jobs import BackgroundJob
from optiq.kernel.caller import Caller
from optiq.kernel.paging import Page

choose_accounts = planning.choose_accounts
start_sync = planning.start
start_due_syncs = planning.start_due
cancel_sync = jobs.cancel
step_sync = stepping.step
pause_seconds = stepping.pause_seconds
account_days = history.account_days
connections_health = health.connections_health
longest_unread_ms = health.longest_unread_ms
coverage = history.coverage
restatements = history.restatements
spend_micros = history.spend_micros


def list_syncs(caller: Caller, *, limit: int = 50, cursor: str | None = None) -> Page[SyncJob]:
    """A page of the organization's jobs, the latest due first. Raises InvalidError for another list's cursor."""
    return jobs.JOBS.page_by_id(caller.organization_id, limit=limit, cursor=cursor, newest_first=True)


def get_sync(caller: Caller, sync_id: str) -> SyncJob:
    """Raises NotFoundError."""
    return jobs.JOBS.get(caller, sync_id)


def fail_sync(organization_id: str, sync_id: str, reason: str) -> SyncJob:
    """Marks a job as FAILED that no step could. Raises NotFoundError."""
    return jobs.fail(jobs.JOBS.get(Caller.system(organization_id), sync_id), reason)


def list_jobs(organization_id: str, most: int) -> Iterable[BackgroundJob]:
    """As `background_jobs.Door`; so are the next two."""
    return map(shown, islice(jobs.JOBS.all_of(organization_id, newest_first=True), most))


def retry_job(caller: Caller, job_id: str) -> BackgroundJob:
    return shown(jobs.retry(caller, job_id))


def cancel_job(caller: Caller, job_id: str) -> BackgroundJob:
    return shown(jobs.cancel(caller, job_id))
