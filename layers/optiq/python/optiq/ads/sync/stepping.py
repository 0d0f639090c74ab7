"""One step of a job: a month of days at most, the newest first. A task of statemachines/ad_sync.asl.json.

What a platform answers decides how the job goes on. Nothing waits here. For a report that a platform prepares, the
workflow pauses until the job's `not_before_ms`, a minute at most. A job that waits longer ends its run as WAITING.
"""

from collections.abc import Collection
from dataclasses import replace

from optiq.ads.connections.contracts import AdAccount
from optiq.ads.connections.credentials import NoCredentialError
from optiq.ads.connections.reader import Reader
from optiq.ads.connections.stores import ACCOUNTS, CONNECTIONS
from optiq.ads.entities import api as entities
from optiq.ads.platforms.registry import kinds
from optiq.ads.platforms.units import BadNumberError
from optiq.ads.platforms.verdicts import MovedPagesError, PlatformError
from optiq.ads.sync import budgets, jobs, state, throttles
from optiq.ads.sync.contracts import JobKind, JobStatus, SyncJob
from optiq.ads.sync.days import next_utc_day_ms, over_through, window
from optiq.ads.sync.pulling import Pending, Pulled, UnstableError, pull
from optiq.ads.sync.spans import between
from optiq.kernel.caller import Caller
from optiq.kernel.clock import MINUTE_MS, SECOND_MS, Clock, days_before, system_clock

_PROBING: tuple[JobKind, ...] = ("DAILY_SYNC", "INTRADAY_SYNC")
"""Read below the account's total only days whose total has changed."""
_MOST_ATTEMPTS = 5
_BUSY_MS = MINUTE_MS
_SHORTEST_PAUSE_MS = 5 * SECOND_MS
_LONGEST_PAUSE_MS = MINUTE_MS
_WAIT_FOR_REPORT_MS = 2 * MINUTE_MS
_FAILED_SHOWN = 5


def step(organization_id: str, sync_id: str, clock: Clock = system_clock) -> SyncJob:
    """Reads the next days of a job; one that is over or waits does nothing. Raises NotFoundError, VersionError."""
    caller = Caller.system(organization_id)
    job = jobs.JOBS.get(caller, sync_id)
    if job.status not in ("QUEUED", "RUNNING"):
        return job
    if job.next_to != job.to_day and not budgets.take_spare(job.platform, clock(), budgets.PULL):
        return jobs.wait(job, next_utc_day_ms(clock()), f"the quota of {job.platform} is used up", failed=False)
    account = ACCOUNTS.get(caller, job.platform, job.external_id)
    if throttle := throttles.of_account(job.account, clock()):
        return jobs.wait(job, throttle.until_ms, throttle.reason, failed=False)
    if not state.take_lease(job.account, sync_id, clock()):
        return jobs.wait(job, clock() + _BUSY_MS, "another job reads this account", failed=False)
    first = max(job.from_day, days_before(job.next_to, kinds()[job.platform].capabilities.step_days - 1))
    try:
        return _read(job, account, first, clock)
    finally:
        state.give_back(job.account, sync_id)


def pause_seconds(job: SyncJob, clock: Clock = system_clock) -> int:
    """How long the workflow pauses before the next step of a job that is RUNNING; 0 for no report to wait for."""
    return max(0, -((clock() - (job.not_before_ms or 0)) // SECOND_MS)) if job.status == "RUNNING" else 0


def _read(job: SyncJob, account: AdAccount, first: str, clock: Clock) -> SyncJob:
    connection = CONNECTIONS.get(Caller.system(job.organization_id), account.connection_id)
    reader, began_ms = Reader(connection, account, clock), clock()
    try:
        if job.status == "QUEUED" and job.next_to == job.to_day:  # Not again while a report is prepared.
            entities.refresh_entities(reader, now=job.kind == "MANUAL")
        pulled = pull(reader, job.sync_id, first, job.next_to, whole=job.kind not in _PROBING)
        if isinstance(pulled, Pulled):
            entities.note_reported(reader, pulled.reported)
    except PlatformError as error:
        return _after(job, account, error, clock())
    except (NoCredentialError, UnstableError, MovedPagesError, BadNumberError) as error:
        return jobs.fail(job, str(error))
    throttles.note_usage(job.account, reader.usage, clock())
    if isinstance(pulled, Pending):
        return _pending(job, pulled, clock())
    _reads_again(account)
    read = between(tuple((day, day) for day in sorted(pulled.failed)), first, job.next_to)
    state.note_read(job.account, job.sync_id, read, over_through(account.timezone, began_ms))
    return _progress(job, account, first, pulled, clock())


def _pending(job: SyncJob, pending: Pending, now_ms: int) -> SyncJob:
    """A report is prepared: the workflow looks again soon, in ever longer pauses, and after a minute the clock does."""
    so_far_ms = now_ms - pending.begun_ms
    if so_far_ms >= _LONGEST_PAUSE_MS:
        reason = f"{kinds()[job.platform].title} prepares the report"
        return jobs.wait(job, now_ms + _WAIT_FOR_REPORT_MS, reason, failed=False)
    pause_ms = min(max(so_far_ms, _SHORTEST_PAUSE_MS), _LONGEST_PAUSE_MS - so_far_ms)
    return jobs.write(job, replace(job, status="RUNNING", not_before_ms=now_ms + pause_ms, attempts=0, reason=""))


def _progress(job: SyncJob, account: AdAccount, first: str, pulled: Pulled, now_ms: int) -> SyncJob:
    # Read anew: somebody may have cancelled it meanwhile.
    current = jobs.JOBS.get(Caller.system(job.organization_id), job.sync_id)
    done = first == job.from_day
    failed = {*current.failed_days, *pulled.failed}
    if done and not failed:
        restated = window(account.timezone, kinds()[job.platform].capabilities.restate_days, job.created_ms)[0]
        state.note_pull(job.account, job, restated)
    ended: JobStatus = "FAILED" if failed else "SUCCEEDED"
    return jobs.write(
        current,
        replace(
            current,
            status=current.status if current.status == "CANCELLED" else ended if done else "RUNNING",
            next_to="" if done else days_before(first, 1),
            not_before_ms=None,
            days_changed=current.days_changed + pulled.changed,
            days_unchanged=current.days_unchanged + pulled.unchanged,
            failed_days=tuple(sorted(failed)),
            attempts=0,
            reason=_why_failed(failed, pulled.failed.values()),
        ),
        now_ms,
    )


def _why_failed(days: Collection[str], why: Collection[str]) -> str:
    """What a person reads of days that could not be read; the others were written."""
    if not days:
        return ""
    more = f" and {len(days) - _FAILED_SHOWN} more" if len(days) > _FAILED_SHOWN else ""
    named = f"these days could not be read: {', '.join(sorted(days)[:_FAILED_SHOWN])}{more}"
    return ": ".join([named, *sorted(why)[:1]])


def _after(job: SyncJob, account: AdAccount, error: PlatformError, now_ms: int) -> SyncJob:
    """What becomes of a job that a platform did not answer."""
    verdict = error.verdict
    if verdict.outcome == "THROTTLE":
        until_ms = throttles.note_error(job.account, error, now_ms)
        return jobs.wait(job, until_ms, str(error), failed=False)
    if verdict.outcome in ("RETRY", "EXPIRED"):
        if job.attempts >= _MOST_ATTEMPTS:
            return jobs.fail(job, f"{error}, {job.attempts + 1} times")
        seconds = max(verdict.wait_seconds, 1) * 2**job.attempts
        return jobs.wait(job, now_ms + seconds * SECOND_MS, str(error), failed=True)
    if verdict.outcome == "NO_ACCESS" or verdict.outcome == "INACTIVE":
        after = replace(account, status=verdict.outcome, platform_status=verdict.code)
        ACCOUNTS.change(Caller.system(job.organization_id), account, after)
    return jobs.fail(job, str(error))


def _reads_again(account: AdAccount) -> None:
    """An account that was read is ACTIVE, whatever it was."""
    if account.status != "ACTIVE":
        after = replace(account, status="ACTIVE", platform_status="")
        ACCOUNTS.change(Caller.system(account.organization_id), account, after)
