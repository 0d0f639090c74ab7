"""A Meta account for tests: a month of it, its reports, and jobs whose waits pass in the world's time."""

from collections.abc import Sequence
from dataclasses import replace

from optiq.ads.sync import api as sync
from optiq.ads.sync import jobs
from optiq.ads.sync.contracts import SyncJob

from infra.local.ad_platforms.world import DayRow, MetaRun
from tests.functional.ads.synced import Synced, row

D = "2026-10-01"
MONTH = {"from_day": "2026-09-01", "to_day": "2026-09-28"}
SEPTEMBER = [f"2026-09-{day:02d}" for day in range(1, 29)]
COLUMNS = "entity_id, campaign_id, group_id, spend_micros, clicks, impressions"


def days_of(*costs: tuple[str, float]) -> list[DayRow]:
    """A campaign with two ads on each of these days."""
    return [row(day, "120", cost / 2, ad=ad, clicks=3, impressions=90) for day, cost in costs for ad in ("31", "32")]


def month() -> list[DayRow]:
    return days_of(*((f"2026-09-{day:02d}", day) for day in range(1, 29)))


def sums(synced: Synced, days: Sequence[str]) -> dict[str, dict[str, float]]:
    """What each level of each day comes to."""
    found: dict[str, dict[str, float]] = {day: dict.fromkeys(("ACCOUNT", "CAMPAIGN", "AD"), 0.0) for day in days}
    for day, level, micros in synced.levels(min(days), max(days), "spend_micros"):
        if day in found:
            found[day][level] += micros / 1_000_000
    return found


def reports_of(synced: Synced) -> list[MetaRun]:
    return list(synced.vendors.world.runs.values())


def go_on(synced: Synced, job: SyncJob) -> SyncJob:
    """The clock of the job that waits is there, and the workflow runs again."""
    assert job.status == "WAITING"
    assert job.not_before_ms
    synced.vendors.world.now_ms = job.not_before_ms
    return synced.run(jobs.go_on(sync.get_sync(synced.who, job.sync_id)))


def at_its_end(synced: Synced, job: SyncJob) -> SyncJob:
    """The job at its end: pauses and waits pass in the world's time."""
    for _ in range(100):
        job = sync.step_sync(synced.organization_id, job.sync_id, synced.clock)
        if job.status == "WAITING":
            assert job.not_before_ms
            synced.vendors.world.now_ms = job.not_before_ms
            job = jobs.go_on(job)
        elif job.status == "RUNNING":
            synced.vendors.world.now_ms = max(job.not_before_ms or 0, synced.clock())
        else:
            return job
    raise AssertionError("it never ends")


def daily(synced: Synced, instant: str) -> SyncJob:
    """The job that the clock starts, at its end."""
    synced.at(instant)
    sync.start_due_syncs(synced.clock)
    return at_its_end(synced, next(one for one in sync.list_syncs(synced.who).items if one.status == "QUEUED"))


def probed(synced: Synced) -> SyncJob:
    """A job, at its end, that reads below the account's total only where that has changed."""
    job = synced.job()
    return at_its_end(synced, jobs.write(job, replace(job, kind="DAILY_SYNC")))
