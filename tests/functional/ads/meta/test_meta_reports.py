"""Reports that Meta prepares: asked for once, halved where they fail, taken up again, and written whole."""

from collections.abc import Sequence

import pytest
from optiq.ads.sync import api as sync
from optiq.kernel.clock import MINUTE_MS

from infra.local.ad_platforms.server import Fault
from infra.local.ad_platforms.world import Heard, MetaRun, Reply
from tests.functional.ads.metas import (
    COLUMNS,
    MONTH,
    SEPTEMBER,
    D,
    at_its_end,
    daily,
    days_of,
    go_on,
    month,
    probed,
    reports_of,
    sums,
)
from tests.functional.ads.synced import ACCOUNT, META, Synced, row

pytestmark = pytest.mark.usefixtures("table")


def test_many_days_are_a_report_of_each_level_and_few_are_asked_for(synced: Synced) -> None:
    synced.rows(*month())
    synced.pull(**MONTH)
    assert [(one.level, one.first, one.last) for one in reports_of(synced)] == [
        ("ad", "2026-09-01", "2026-09-28"),
        ("campaign", "2026-09-01", "2026-09-28"),
    ]

    # WHEN three days alone have changed THEN they are asked for
    synced.vendors.world.runs.clear()
    synced.rows(*month(), *days_of(("2026-09-28", 2)))
    synced.pull(from_day="2026-09-26", to_day="2026-09-28")
    assert reports_of(synced) == []
    assert sums(synced, ["2026-09-28"]) == {"2026-09-28": {"ACCOUNT": 30, "CAMPAIGN": 30, "AD": 30}}


def test_a_skipped_report_is_asked_for_in_halves(synced: Synced) -> None:
    # GIVEN Meta, which skips what is longer than fourteen days
    synced.vendors.world.run_plan = lambda run: ["Job Skipped"] if run.days > 14 else ["Job Completed"]
    synced.rows(*month())

    job = synced.pull(**MONTH)

    ads = [(one.first, one.last) for one in reports_of(synced) if one.level == "ad"]
    assert ads == [("2026-09-01", "2026-09-28"), ("2026-09-01", "2026-09-14"), ("2026-09-15", "2026-09-28")]
    assert (job.days_changed, job.failed_days) == (28, ())
    found = synced.levels(SEPTEMBER[0], SEPTEMBER[-1], COLUMNS)
    # THEN the rows are those of one good run
    synced.vendors.world.run_plan = lambda _: ["Job Completed"]
    assert synced.pull(**MONTH).days_unchanged == 28
    assert found == synced.levels(SEPTEMBER[0], SEPTEMBER[-1], COLUMNS)
    assert len(found) == 28 * (1 + 1 + 2)
    assert len(reports_of(synced)) == 6 + 2


def test_a_day_that_always_fails_leaves_the_others(synced: Synced) -> None:
    # GIVEN Meta, which never reports one day of the ads
    def plan(run: MetaRun) -> Sequence[str]:
        fails = run.level == "ad" and run.first <= "2026-09-17" <= run.last
        return ["Job Running", "Job Failed"] if fails else ["Job Completed"]

    synced.vendors.world.run_plan = plan
    synced.rows(*month())

    # WHEN its month is read
    job = synced.run(synced.job(**MONTH))
    while job.status == "WAITING":
        job = go_on(synced, job)

    # THEN that day failed, and 27 are there
    assert (job.status, job.failed_days, job.days_changed) == ("FAILED", ("2026-09-17",), 27)
    assert job.reason == "these days could not be read: 2026-09-17: META: Job Failed 2/1504044"
    covered = sync.coverage(synced.who, META, ACCOUNT, "2026-09-16", "2026-09-18")
    assert [one.status == "NEVER" for one in covered] == [False, True, False]
    assert synced.files() == 27

    # AND it is read once Meta reports it
    synced.vendors.world.run_plan = lambda _: ["Job Completed"]
    assert synced.pull(**MONTH).days_changed == 1
    assert synced.spend("2026-09-17") == 17


def test_a_failed_day_is_read_again_by_the_next_daily_job(synced: Synced) -> None:
    """Also when its window has passed meanwhile: what had settled stays where it was."""
    synced.rows(*days_of(("2026-09-05", 4), (D, 8)))
    synced.at("2026-10-02T06:00:00+02:00")
    assert at_its_end(synced, synced.job()).status == "SUCCEEDED"
    synced.rows(*days_of(("2026-09-05", 5), (D, 8)))
    good = synced.vendors.world.run_plan
    synced.vendors.world.run_plan = lambda run: ["Job Failed" if run.first <= "2026-09-05" else "Job Completed"]
    assert daily(synced, "2026-10-03T06:00:00+02:00").failed_days == ("2026-09-05",)
    assert synced.spend("2026-09-05") == 4

    synced.vendors.world.run_plan = good
    job = daily(synced, "2026-10-04T06:00:00+02:00")
    assert (job.status, job.from_day) == ("SUCCEEDED", "2026-09-05")
    assert synced.spend("2026-09-05") == 5


def test_a_report_that_takes_long_is_taken_up_again(synced: Synced) -> None:
    # GIVEN reports that run for minutes
    synced.vendors.world.run_plan = lambda _: ["Job Not Started", "Job Running", "Job Running", "Job Completed"]
    synced.rows(*month())
    job = synced.job(**MONTH)

    # WHEN its steps look again after pauses of a minute at most THEN the job then waits, without a step
    stepped = sync.step_sync(synced.organization_id, job.sync_id, synced.clock)
    pauses = []
    while stepped.status == "RUNNING":
        assert stepped.not_before_ms
        pauses.append(sync.pause_seconds(stepped, synced.clock))
        synced.vendors.world.now_ms = stepped.not_before_ms
        stepped = sync.step_sync(synced.organization_id, job.sync_id, synced.clock)
        if len(pauses) == 3:
            break
    assert pauses == [5, 5, 10]
    synced.vendors.world.now_ms += MINUTE_MS
    done = synced.run(job)
    assert (done.status, sync.pause_seconds(done, synced.clock)) == ("SUCCEEDED", 0)
    assert len(reports_of(synced)) == 2
    # Both are asked about at once, and read in pages of five.
    assert sum(one.query.get("fields", "").startswith("async_status") for one in synced.vendors.heard) == 4
    assert len(synced.vendors.asked("/60239")) == -(-28 // 5) + -(-56 // 5)


def test_a_report_that_is_not_done_in_a_minute_is_left_to_the_clock(synced: Synced) -> None:
    synced.vendors.world.run_plan = lambda _: ["Job Running"] * 9 + ["Job Completed"]
    synced.rows(*month())
    job = sync.step_sync(synced.organization_id, synced.job(**MONTH).sync_id, synced.clock)
    while job.status == "RUNNING":
        assert job.not_before_ms
        synced.vendors.world.now_ms = job.not_before_ms
        job = sync.step_sync(synced.organization_id, job.sync_id, synced.clock)
    assert job.status == "WAITING"
    assert job.reason.startswith("Meta prepares the report: goes on at ")
    assert (job.not_before_ms or 0) - synced.clock() == 2 * MINUTE_MS
    while job.status == "WAITING":
        job = go_on(synced, job)
    assert (job.status, job.days_changed) == ("SUCCEEDED", 28)
    assert len(reports_of(synced)) == 2


def test_a_report_that_is_not_everywhere_yet_is_asked_for_again(synced: Synced) -> None:
    # GIVEN two reports of which Meta knows neither when it is asked first, about both and then about each
    missing = Reply(400, {"error": {"code": 100, "error_subcode": 33, "message": "does not exist"}})
    left = [Fault("/", "reply", missing) for _ in range(3)]

    def before(heard: Heard) -> None:
        if "ids" in heard.query and left:
            synced.vendors.faults.append(left.pop())

    synced.vendors.before = before
    synced.rows(*month())

    # WHEN it is read THEN the same reports are asked for again
    assert at_its_end(synced, synced.job(**MONTH)).status == "SUCCEEDED"
    assert (left, len(reports_of(synced))) == ([], 2)


def test_days_that_change_while_a_report_runs_are_read_again(synced: Synced) -> None:
    # GIVEN a day that grows after its report was asked for
    synced.rows(*month())
    job = synced.job(**MONTH)
    sync.step_sync(synced.organization_id, job.sync_id, synced.clock)
    synced.rows(*month(), *days_of(("2026-09-28", 2)))
    synced.run(job)
    assert synced.spend("2026-09-28") == 30
    assert ("", "NOT_LISTED", 2_000_000) in synced.latest(
        "2026-09-28", "CAMPAIGN", "entity_id, remainder, spend_micros"
    )

    # WHEN totals alone are read THEN the day's levels are read anew, once
    assert probed(synced).days_changed == 1 + 4  # And the days after the month.
    assert [one[0] for one in synced.latest("2026-09-28", "CAMPAIGN", "entity_id")] == ["120"]
    asked = len(reports_of(synced))
    assert probed(synced).days_changed == 0
    assert len(reports_of(synced)) == asked


def test_a_day_whose_rows_stay_is_noted_with_its_total(synced: Synced) -> None:
    """Its total changed while the report ran, and was in what was written: nothing is left to read of it twice."""
    job = synced.job(**MONTH)
    sync.step_sync(synced.organization_id, job.sync_id, synced.clock)
    synced.rows(row("2026-09-28", "", 5))  # Of no campaign, so that the levels are as they were.
    synced.run(job)
    assert (probed(synced).days_changed, len(reports_of(synced))) == (4, 4)
    assert synced.spend("2026-09-28") == 5

    asked = len(synced.vendors.heard)
    assert probed(synced).days_changed == 0
    assert {one.query["level"] for one in synced.vendors.heard[asked:] if "level" in one.query} == {"account"}


def test_reports_that_never_fit_fail_the_job(synced: Synced) -> None:
    """Each is of a moment when the account had cost more than it does in the end."""

    def shrink(heard: object) -> None:
        if getattr(heard, "method", "") == "POST":
            for one in synced.vendors.world.by_account[ACCOUNT]:
                one.cost_micros -= 100_000

    synced.rows(*month())
    synced.vendors.after = shrink
    job = at_its_end(synced, synced.job(**MONTH))
    assert job.status == "FAILED"
    assert job.reason.startswith("SUM_MISMATCH")
    assert synced.files() == 0
    assert len(reports_of(synced)) == 2 * 4


def test_what_a_cancelled_job_has_begun_is_not_read(synced: Synced) -> None:
    synced.rows(*month())
    job = synced.job(**MONTH)
    sync.step_sync(synced.organization_id, job.sync_id, synced.clock)
    sync.cancel_sync(synced.who, job.sync_id)
    assert synced.run(job).status == "CANCELLED"
    assert synced.files() == 0


@pytest.mark.parametrize("kind", ["drop", "truncate"])
def test_nothing_of_a_report_that_was_cut_is_written(synced: Synced, kind: str) -> None:
    synced.rows(*month())
    job = synced.job(**MONTH)
    sync.step_sync(synced.organization_id, job.sync_id, synced.clock)
    last_page = [0]

    def cut_the_last(heard: object) -> None:
        path = getattr(heard, "path", "")
        last_page[0] += path.endswith("/insights") and "60239" in path
        if last_page[0] == 3:
            last_page[0] += 1
            synced.vendors.faults.append(Fault("/insights", "drop" if kind == "drop" else "truncate"))

    synced.vendors.after = cut_the_last
    waiting = synced.run(job)
    assert waiting.status == "WAITING"
    assert synced.files() == 0
    # THEN the same reports are read when it goes on
    assert go_on(synced, waiting).days_changed == 28
    assert len(reports_of(synced)) == 2
