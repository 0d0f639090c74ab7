"""Whatever comes between pulls, the lake in the end is what the platform says."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from optiq.ads.sync import api as sync
from optiq.ads.sync import digests, jobs
from optiq.ads.sync.contracts import SyncJob
from optiq.kernel.ids import new_id

from infra.local.ad_platforms import google, meta, tiktok
from infra.local.ad_platforms.server import Fault, Vendors
from infra.local.ad_platforms.world import DayRow, Reply
from tests.functional.ads.conftest import end_throttles
from tests.functional.ads.synced import GOOGLE, META, TIKTOK, Synced, ms, row
from tests.functional.reports.conftest import SiteMaker
from tests.support.examples import EXAMPLES, FEW

pytestmark = pytest.mark.usefixtures("table")
PLATFORMS: dict[str, tuple[str, Reply]] = {
    GOOGLE: ("searchStream", google.throttled(30)),
    META: ("/insights", meta.throttled(10)),
    TIKTOK: ("report/integrated/get", tiktok.throttled("QPM")),
}
"""What reports are asked by, and the answer that asks to wait."""
DAYS = ("2026-09-29", "2026-09-30", "2026-10-01")
READ = {"from_day": "2026-09-22", "to_day": "2026-10-02"}
"""More than a week, so that Meta may skip reports of them."""
LEVELS = ("ACCOUNT", "CAMPAIGN", "AD")
STEPS = st.lists(
    st.one_of(
        # "leave": it ends after a step, which at Meta leaves reports behind. "resume": what was left or waits goes on.
        st.sampled_from(["pull", "crash", "throttle", "cut", "leave", "resume", "skip"]),
        # A day's campaign costs so many cents from now on; None: it is listed no more.
        st.tuples(st.sampled_from(DAYS), st.sampled_from(["111", "222"]), st.none() | st.integers(0, 5_000)),
    ),
    min_size=1,
    max_size=8,
)


class _Killed(BaseException):
    """As a process that ends."""


@pytest.mark.parametrize("platform", PLATFORMS)
@given(steps=STEPS)
@settings(max_examples=3 if EXAMPLES == FEW else EXAMPLES // 4)
def test_the_lake_is_the_world_in_the_end(
    vendors: Vendors, make_site: SiteMaker, platform: str, steps: list[object]
) -> None:
    end_throttles()
    vendors.faults.clear()
    vendors.world.by_account.clear()
    vendors.world.now_ms = ms("2026-10-02T04:00:00+02:00")
    synced = Synced(vendors, new_id("org", vendors.world.now_ms), platform=platform)
    costs: dict[tuple[str, str], int] = {}

    for step in steps:
        vendors.world.now_ms += 3_600_000
        if isinstance(step, tuple):
            day, campaign, cents = step
            costs.pop((day, campaign), None)
            if cents is not None:
                costs[day, campaign] = cents
            synced.rows(*_rows(costs))
        else:
            _pull(synced, str(step))
    vendors.world.now_ms += 3_600_000
    vendors.faults.clear()
    # A job by the clock looks only below totals that have changed since they were noted.
    assert synced.run(_by_the_clock(synced)).status == "SUCCEEDED"

    world = {day: sum(cents for (of, _), cents in costs.items() if of == day) for day in DAYS}
    found: Counter[tuple[str, str]] = Counter()
    for day, level, micros in synced.levels(DAYS[0], DAYS[-1], "spend_micros"):
        found[day, level] += micros
    assert found == {(day, level): cents * 10_000 for day, cents in world.items() for level in LEVELS}
    covered = sync.coverage(synced.who, platform, "901", DAYS[0], DAYS[-1])
    assert {one.day: one.spend_micros for one in covered} == {day: cents * 10_000 for day, cents in world.items()}


def _rows(costs: dict[tuple[str, str], int]) -> list[DayRow]:
    return [row(day, campaign, cents / 100) for (day, campaign), cents in costs.items()]


def _by_the_clock(synced: Synced) -> SyncJob:
    job = synced.job(**READ)
    return jobs.write(job, replace(job, kind="DAILY_SYNC"))


def _pull(synced: Synced, how: str) -> None:
    if how == "resume":
        for waiting in sync.list_syncs(synced.who).items:
            if waiting.status in ("WAITING", "RUNNING"):
                synced.run(jobs.go_on(waiting) if waiting.status == "WAITING" else waiting)
        return
    # Meta's reports of more than a week are skipped from "skip" on, until the next pull.
    longest = 7 if how == "skip" else 366
    synced.vendors.world.run_plan = lambda run: ["Job Skipped" if run.days > longest else "Job Completed"]
    job = _by_the_clock(synced)
    if how == "leave":
        sync.step_sync(synced.organization_id, job.sync_id, synced.clock)
        return
    path, throttled = PLATFORMS[synced.platform]
    if how == "throttle":
        synced.vendors.faults.append(Fault(path, "reply", throttled))
    if how == "cut":
        synced.vendors.faults.append(Fault(path, "truncate"))
    if how != "crash":
        synced.run(job)
        return
    keep = digests.keep
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(digests, "keep", _killed)
        try:
            synced.run(job)
        except _Killed:
            assert digests.keep is not keep


def _killed(*_: object) -> None:
    raise _Killed
