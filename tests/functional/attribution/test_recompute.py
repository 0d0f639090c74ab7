"""Recomputing past days from the lake: what is wrong is mended, what is right is left alone."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from optiq.attribution import api, lake_reading, path_table
from optiq.attribution.contracts import AttributionSettings
from optiq.attribution.recomputing import partitions, planning
from optiq.attribution.recomputing.contracts import Job, JobStatus
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, from_rfc3339, system_clock
from optiq.kernel.errors import ConflictError, InvalidError, NotFoundError, UpstreamError
from optiq.kernel.settings import settings
from optiq.operations import api as operations
from optiq.tenancy import api as tenancy

from functions.attribution import nightly
from infra.local.workflow_runner import WorkflowRunner
from tests.functional.attribution.story import Story
from tests.support.workflows import call_here, own_runner


@pytest.fixture
def runner() -> Iterator[WorkflowRunner]:
    runner = own_runner(call=call_here)
    yield runner
    runner.close()


def recompute(
    story: Story, runner: WorkflowRunner, first: str = "2026-03-10", last: str = "2026-03-10", *, whole: bool = False
) -> Job:
    """Starts a recomputation, runs what is queued as the local worker does, and gives the job's end."""
    job = api.start_recompute(
        Caller.system(story.site.organization_id), story.site.site_id, from_day=first, to_day=last, whole=whole
    )
    while runner.run_next():
        pass
    return api.get_job(Caller.system(job.organization_id), job.job_id)


def counts(job: Job) -> tuple[JobStatus, int, int, int, int]:
    return job.status, job.days_total, job.days_done, job.conversions, job.changed


def test_right_credits_are_left_alone(story: Story, runner: WorkflowRunner) -> None:
    # Given credits computed on arrival: several touches, one touch, no touch, a refund
    for days_before in (40, 9.123, 2, 0.5):
        story.touch("ann", days_before, "Email", touch_id=f"touch_{days_before}")
    story.touch("ben", 1, "Direct", click_ids=(("gclid", 'C"j'),), campaign="früh\t'ling|\"% 🌱")
    story.conversion("ann")
    story.conversion("ben", value_micros=-7)
    story.conversion("cat")
    story.write_lake()
    story.arrive()
    files, rows = story.credit_files(), story.credit_rows()

    # When their day is recomputed
    job = recompute(story, runner)

    # Then nothing is written
    assert counts(job) == (JobStatus.SUCCEEDED, 1, 1, 3, 0)
    assert story.credit_files() == files
    assert story.credit_rows() == rows


def test_missing_credits_are_made_as_if_they_had_arrived(story: Story, runner: WorkflowRunner) -> None:
    # Given conversions in the lake that were never credited
    story.touch("ann", 5, "Paid Search", click_ids=(("gclid", "x"),))
    story.touch("ann", 1, "Direct")
    conversion = story.conversion("ann")
    story.write_lake()

    # When their day is recomputed, twice
    first = recompute(story, runner)
    rows, files = story.credit_rows(), story.credit_files()
    second = recompute(story, runner)

    # Then they are credited and the second run writes nothing
    assert counts(first) == (JobStatus.SUCCEEDED, 1, 1, 1, 1)
    assert len(rows) == 2
    explanation = api.explain_conversion(
        Caller.system(story.site.organization_id), story.site.site_id, conversion.conversion_id
    )
    assert explanation.credits is not None
    assert explanation.path.touches == tuple(story.touches["ann"])
    assert counts(second) == (JobStatus.SUCCEEDED, 1, 1, 1, 0)
    assert story.credit_files() == files

    # And an arrival says the same
    story.arrive()
    assert [{**row, "computed_at": 0} for row in story.credit_rows()] == [{**row, "computed_at": 0} for row in rows]


def test_another_lookback_window_rewrites_past_credits(
    story: Story, runner: WorkflowRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given credits over the default 90 days, of a revision past the conversion's own
    story.touch("ann", 60, "Display")
    story.touch("ann", 3, "Email")
    conversion = story.conversion("ann")
    story.write_lake()
    story.conversions[conversion.conversion_id] = replace(conversion, revision=5)
    story.arrive()

    # When the site's window becomes a week and the day is recomputed
    monkeypatch.setattr(tenancy, "get_site", lambda *_: replace(story.site, lookback_days=7))
    job = recompute(story, runner)

    # Then only the touch of that week is credited, and a second run finds nothing to do
    assert (job.conversions, job.changed) == (1, 1)
    assert {row["channel"] for row in story.credit_rows()} == {"Email"}
    assert recompute(story, runner).changed == 0


def test_days_are_days_of_the_site(story: Story, runner: WorkflowRunner) -> None:
    # Given conversions around midnight in Berlin, which is 23:00 UTC
    for customer_id, instant in {
        "before": "2026-03-08T22:59:59.999Z",
        "first": "2026-03-08T23:00:00Z",
        "last": "2026-03-09T22:59:59.999Z",
        "after": "2026-03-09T23:00:00Z",
    }.items():
        story.conversion(customer_id, occurred_ms=from_rfc3339(instant), conversion_id=f"conversion_{customer_id}")
    story.write_lake()

    # When the 9th is recomputed
    job = recompute(story, runner, "2026-03-09", "2026-03-09")

    # Then the two conversions of that day in Berlin are credited, from two partitions
    assert counts(job) == (JobStatus.SUCCEEDED, 2, 2, 2, 2)
    assert {row["conversion_id"] for row in story.credit_rows()} == {"conversion_first", "conversion_last"}


def test_touch_that_was_retired_no_longer_counts(story: Story, runner: WorkflowRunner) -> None:
    # Given a credited touch that later turned out to be none
    touch = story.touch("ann", 2, "Email")
    story.conversion("ann")
    story.write_lake()
    recompute(story, runner)
    story.retire(touch, "ann")

    # When the day is recomputed, the conversion has no touch
    assert recompute(story, runner).changed == 1
    assert {(row["evidence"], row["channel"]) for row in story.credit_rows()} == {("NO_TOUCH", "No tracked visit")}


def test_a_recomputation_renames_what_was_credited_to_direct_without_a_touch(
    story: Story, runner: WorkflowRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a conversion without a touch whose credits of before say Direct
    story.conversion("ann")
    story.write_lake()
    before = dict.fromkeys(("source", "medium", "campaign", "content", "landing_page"), "(direct)")
    with monkeypatch.context() as earlier:
        earlier.setattr(path_table, "_NO_TOUCH", path_table._NO_TOUCH | {"channel": "Direct"} | before)
        earlier.setattr(planning, "ENGINE_VERSION", 1)
        recompute(story, runner)
    assert {row["channel"] for row in story.credit_rows()} == {"Direct"}

    # When its day is recomputed, though nothing of it changed
    assert recompute(story, runner).changed == 1

    # Then it says so in every dimension
    (row,) = story.credit_rows()
    dimensions = ("channel", "source", "medium", "campaign", "ad", "landing_page")
    assert {row[name] for name in dimensions} == {"No tracked visit"}


@pytest.mark.parametrize("piece_rows", [1, 2_000_000])
def test_a_touch_that_became_somebody_elses_no_longer_counts(
    story: Story, runner: WorkflowRunner, piece_rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given one of two touches of a buyer, later told to be of somebody who bought nothing
    monkeypatch.setattr(lake_reading, "PIECE_ROWS", piece_rows)
    story.touch("ann", 2, "Email")
    moved = story.touch("ann", 1, "Display")
    story.conversion("ann")
    story.write_lake()
    story.write_touch(moved, "ben", revision=2)

    # When the day is recomputed, its touches read in one piece or many
    recompute(story, runner)

    # Then only the other earns
    assert {row["channel"] for row in story.credit_rows()} == {"Email"}


def test_days_of_which_nothing_changed_are_passed_over(story: Story, runner: WorkflowRunner) -> None:
    # Given two credited days
    story.touch("ann", 5, "Email")
    story.conversion("ann")
    story.conversion("ben", days_before=3)
    story.write_lake()
    range_of_days = ("2026-03-01", "2026-03-15")
    assert counts(recompute(story, runner, *range_of_days)) == (JobStatus.SUCCEEDED, 2, 2, 2, 2)

    # When nothing happened THEN both are passed over, unless the whole is asked for
    unchanged = recompute(story, runner, *range_of_days)
    assert (counts(unchanged), unchanged.days_unchanged) == ((JobStatus.SUCCEEDED, 0, 0, 0, 0), 2)
    assert counts(recompute(story, runner, *range_of_days, whole=True)) == (JobStatus.SUCCEEDED, 2, 2, 2, 0)

    # When a touch turns up that only the later day's window holds THEN that day is looked at again
    late = story.touch("ann", 2, "Display")
    story.write_touch(late, "ann")
    changed = recompute(story, runner, *range_of_days)
    assert (counts(changed), changed.days_unchanged) == ((JobStatus.SUCCEEDED, 1, 1, 1, 1), 1)


def test_days_done_right_after_a_change_of_settings_are_looked_at_again(
    story: Story, runner: WorkflowRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a day recomputed just after the settings changed, while arrivals may still be credited by those before
    story.conversion("ann")
    story.write_lake()
    api.set_settings(
        Caller.system(story.site.organization_id), story.site.site_id, AttributionSettings(half_life_days=3)
    )
    range_of_days = ("2026-03-01", "2026-03-15")
    recompute(story, runner, *range_of_days)

    # Then the next job looks at it again, and one after that does not
    now_ms = system_clock()
    monkeypatch.setattr(api, "system_clock", lambda: now_ms + DAY_MS)
    assert recompute(story, runner, *range_of_days).days_unchanged == 0
    assert recompute(story, runner, *range_of_days).days_unchanged == 1


def test_a_partition_that_fails_leaves_the_others_done_and_is_done_next_time(
    story: Story, runner: WorkflowRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given two days, apart, one of which cannot be read
    story.conversion("ann")
    story.conversion("ben", days_before=3)
    story.write_lake()
    monkeypatch.setattr(planning, "MAX_DAYS", 1)
    read = lake_reading.conversions_of

    def fail_for_one(organization_id: str, site_id: str, first: str, last: str) -> object:
        if first == "2026-03-07":
            raise ValueError("the lake is upside down")
        return read(organization_id, site_id, first, last)

    # When they are recomputed
    with monkeypatch.context() as broken:
        broken.setattr(lake_reading, "conversions_of", fail_for_one)
        failed = recompute(story, runner, "2026-03-01", "2026-03-15")

    # Then the job has failed, the other day is done, and the next job does what is left
    assert counts(failed) == (JobStatus.FAILED, 2, 1, 1, 1)
    assert "the lake is upside down" in failed.reason
    again = recompute(story, runner, "2026-03-01", "2026-03-15")
    assert (counts(again), again.days_unchanged) == ((JobStatus.SUCCEEDED, 1, 1, 1, 1), 1)


def test_a_cancelled_job_writes_nothing_more(
    story: Story, runner: WorkflowRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a job that is cancelled once its first day is written, while the second is
    story.conversion("ann", days_before=5)
    story.conversion("ben", days_before=3)
    story.conversion("cat")
    story.write_lake()
    job = api.start_recompute(
        Caller.system(story.site.organization_id), story.site.site_id, from_day="2026-03-01", to_day="2026-03-15"
    )
    append = partitions.append_day

    def cancel_then(*what: Any) -> None:
        append(*what)
        api.cancel_job(Caller.system(job.organization_id), job.job_id)

    monkeypatch.setattr(partitions, "append_day", cancel_then)

    # When it goes on
    while runner.run_next():
        pass

    # Then the third is not, and the job stays cancelled
    assert api.get_job(Caller.system(job.organization_id), job.job_id).status is JobStatus.CANCELLED
    written = {row["customer_id"] for row in story.credit_rows()}
    assert "ann" in written
    assert "cat" not in written


def test_a_job_cancelled_before_it_began_does_nothing(story: Story, runner: WorkflowRunner) -> None:
    story.conversion("ann")
    story.write_lake()
    job = api.start_recompute(
        Caller.system(story.site.organization_id), story.site.site_id, from_day="2026-03-01", to_day="2026-03-15"
    )
    api.cancel_job(Caller.system(job.organization_id), job.job_id)
    while runner.run_next():
        pass

    assert api.get_job(Caller.system(job.organization_id), job.job_id).status is JobStatus.CANCELLED
    assert story.credit_rows() == []


def test_an_ended_job_cannot_be_cancelled(story: Story, runner: WorkflowRunner, organization_id: str) -> None:
    job = recompute(story, runner)

    with pytest.raises(ConflictError):
        api.cancel_job(Caller.system(job.organization_id), job.job_id)
    with pytest.raises(NotFoundError):
        api.cancel_job(Caller.system(organization_id), job.job_id)


def test_site_without_conversions_succeeds_with_nothing_done(story: Story, runner: WorkflowRunner) -> None:
    assert counts(recompute(story, runner)) == (JobStatus.SUCCEEDED, 0, 0, 0, 0)


def test_failure_is_kept_on_the_job(story: Story, runner: WorkflowRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a lake that cannot be queried, for a reason no repetition mends
    story.conversion("ann")
    story.write_lake()

    def fail(*_: object) -> None:
        raise ValueError("the lake is upside down")

    monkeypatch.setattr(lake_reading, "conversions_of", fail)

    # When a day is recomputed
    job = recompute(story, runner)

    # Then the job has failed and says why
    assert job.status is JobStatus.FAILED
    assert "the lake is upside down" in job.reason


def test_passing_trouble_is_tried_again(story: Story, runner: WorkflowRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    story.conversion("ann")
    story.write_lake()
    read, calls = lake_reading.standing_credits, []

    def fail_once(organization_id: str, site_id: str, first: str, last: str) -> object:
        where = (organization_id, site_id, first, last)
        calls.append(first)
        if calls.count("2026-03-10") == 1:
            raise UpstreamError("not now", retryable=True)
        return read(*where)

    monkeypatch.setattr(lake_reading, "standing_credits", fail_once)

    assert counts(recompute(story, runner)) == (JobStatus.SUCCEEDED, 1, 1, 1, 1)
    assert calls.count("2026-03-10") == 2


@pytest.mark.parametrize(
    ("first", "last"), [("2026-03-02", "2026-03-01"), ("2026-02-30", "2026-03-01"), ("2024-01-01", "2026-01-01")]
)
def test_impossible_ranges_are_refused(story: Story, first: str, last: str) -> None:
    with pytest.raises(InvalidError):
        api.start_recompute(Caller.system(story.site.organization_id), story.site.site_id, from_day=first, to_day=last)


def test_job_of_another_organization_is_not_found(story: Story, organization_id: str) -> None:
    job = api.start_recompute(
        Caller.system(story.site.organization_id), story.site.site_id, from_day="2026-03-01", to_day="2026-03-01"
    )

    with pytest.raises(NotFoundError):
        api.get_job(Caller.system(organization_id), job.job_id)
    with pytest.raises(NotFoundError):
        api.start_recompute(
            Caller.system(organization_id), story.site.site_id, from_day="2026-03-01", to_day="2026-03-01"
        )


def test_night_starts_one_job_a_site_and_day(
    story: Story, runner: WorkflowRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given one site, among those of other tests
    monkeypatch.setattr(tenancy, "all_sites", lambda: [story.site])

    # When the schedule fires twice on one day, and once on the next
    evening = from_rfc3339("2026-03-10T23:30:00Z")
    jobs = [
        job
        for now_ms in (evening, evening + 60_000, evening + 3_600_000)
        for job in api.start_nightly_recomputes(now_ms)
    ]

    # Then each day has one job, over the last days of the site, where it is tomorrow already
    assert jobs[0] == jobs[1]
    assert jobs[2].job_id != jobs[0].job_id
    assert (jobs[0].from_day, jobs[0].to_day) == ("2026-03-08", "2026-03-11")
    monkeypatch.setattr(nightly, "system_clock", lambda: evening)
    assert nightly.handler({}, None) == {"jobs": [jobs[0].job_id]}
    while runner.run_next():
        pass
    assert api.get_job(Caller.system(story.site.organization_id), jobs[0].job_id).status is JobStatus.SUCCEEDED


def _damage(story: Story, table: str) -> str:
    """Breaks one file of a table; returns its place in the lake."""
    root = Path(settings().lake)
    path = sorted((root / table / f"org={story.site.organization_id}").glob("dt=*/*.parquet"))[0]
    path.write_bytes(path.read_bytes()[:77])
    return str(path.relative_to(root))


def _credited(story: Story) -> None:
    story.touch("ann", 5, "Email")
    story.touch("ann", 1, "Direct")
    story.conversion("ann")
    story.touch("ben", 2, "Display")
    story.conversion("ben")
    story.write_lake()
    story.arrive()


def test_credits_stay_as_they_are_when_what_they_are_made_from_cannot_be_read(
    story: Story, runner: WorkflowRunner
) -> None:
    # Given right credits, and a touch of theirs in a file that was damaged since
    _credited(story)
    rows, files = story.credit_rows(), story.credit_files()
    path = _damage(story, "touches")

    # When their day is recomputed
    job = recompute(story, runner, whole=True)

    # Then nothing is written, and the job says which file is the cause
    assert job.status is JobStatus.FAILED
    assert f"the lake's file {path} cannot be read" in job.reason
    assert story.credit_files() == files
    assert story.credit_rows() == rows

    # And once somebody took the file away, the job goes on with what is left.
    (Path(settings().lake) / path).unlink()
    assert recompute(story, runner).status is JobStatus.SUCCEEDED


@pytest.mark.parametrize("table", ["credits", "conversions"])
def test_other_files_that_cannot_be_read_are_named_by_the_job(story: Story, runner: WorkflowRunner, table: str) -> None:
    # Given right credits, and a file of conversions or of credits that was damaged since
    _credited(story)
    before = len(story.credit_rows())
    path = _damage(story, table)

    # When their day is recomputed
    job = recompute(story, runner, whole=True)

    # Then what can be done is done, the file is named, and no credit is lost
    assert job.status is JobStatus.SUCCEEDED
    assert job.damaged_files == (path,)
    assert len(story.credit_rows()) == before


def test_merged_files_are_no_change(story: Story, runner: WorkflowRunner) -> None:
    # Given days that were recomputed, in many files
    _credited(story)
    range_of_days = ("2026-03-01", "2026-03-15")
    assert recompute(story, runner, *range_of_days).days_total == 1
    rows = story.credit_rows()
    for after_ms in (0, DAY_MS):
        # When their files are merged, and when those they replaced are gone
        operations.compact_all_days(system_clock() + after_ms, closed=True, stop=lambda: False)

        # Then the days are passed over, and credits stand as they stood
        job = recompute(story, runner, *range_of_days)
        assert (job.status, job.days_total, job.days_unchanged) == (JobStatus.SUCCEEDED, 0, 1)
        assert story.credit_rows() == rows
    assert len(story.credit_files()) == 1
