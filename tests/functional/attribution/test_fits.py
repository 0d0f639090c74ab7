"""What the data-driven models learn of a site's paths, and that conversions are credited by it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from optiq.attribution import api, bootstrap, learning, settings, terms
from optiq.attribution.contracts import AttributionSettings, ConversionType, Model, Verdict
from optiq.attribution.fits import api as fits
from optiq.attribution.recomputing.contracts import JobStatus
from optiq.journeys.lake_rows import conversion_row
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS

from functions.attribution import routes
from infra.local.workflow_runner import WorkflowRunner
from tests.functional.attribution.story import NOON_MS, Story
from tests.functional.reports.http import answer, request
from tests.support.workflows import call_here, own_runner


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> Iterator[WorkflowRunner]:
    """Runs workflows on the evening of the story's day, and forgets what was cached."""
    monkeypatch.setattr(api, "system_clock", lambda: NOON_MS + DAY_MS // 4)
    monkeypatch.setattr(fits, "CACHE_SECONDS", 0)
    monkeypatch.setattr(settings, "CACHE_SECONDS", 0)
    runner = own_runner(call=call_here)
    yield runner
    runner.close()


@pytest.fixture
def enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few paths are enough."""
    for name in ("MIN_CONVERSIONS", "MIN_NULLS"):
        monkeypatch.setattr(bootstrap, name, 1)
    monkeypatch.setattr(bootstrap, "MAX_WIDTH", 1.0)


def recompute(story: Story, runner: WorkflowRunner) -> JobStatus:
    job = api.start_recompute(
        Caller.system(story.site.organization_id), story.site.site_id, from_day="2026-03-10", to_day="2026-03-10"
    )
    while runner.run_next():
        pass
    return api.get_job(Caller.system(job.organization_id), job.job_id).status


def told(story: Story) -> None:
    """One who came by Email and Direct and bought, one who came by Email and did not, one who bought and came again."""
    story.touch("ann", 5, "Email")
    story.touch("ann", 1, "Direct")
    story.conversion("ann")
    story.touch("ben", 3, "Email")
    story.touch("cat", 9, "Display")
    story.conversion("cat", days_before=8)
    story.touch("cat", 2, "Display", touch_id="touch_again")
    story.touch("dan", 95, "Audio")
    story.write_lake()


def ask(story: Story, owner: str = "") -> tuple[int, dict[str, Any]]:
    path = f"/v1/sites/{story.site.site_id}/attribution/fit"
    return answer(routes.handler(request(path, owner or story.site.organization_id), None))


def test_paths_that_led_to_nothing_begin_after_the_last_conversion(story: Story, runner: WorkflowRunner) -> None:
    # Given three customers of the last ninety days, and one of before
    told(story)

    learnt = learning.learn(learning.lesson(story.site, terms.STANDARD_TERMS, NOON_MS))

    # Then Email > Direct and Display converted; Email, and Display after that, did not; Audio was too long ago
    assert (learnt.conversions, learnt.nulls) == (2, 2)
    assert (learnt.from_day, learnt.to_day) == ("2025-12-11", "2026-03-10")
    markov, shapley = learnt.models
    assert {each.channel: each.share for each in shapley.channels} == {"Display": 0.5, "Direct": 0.25, "Email": 0.25}
    effects = {each.channel: each.removal_effect for each in markov.channels}
    # From START to Email 2 of 4, on to Direct 1 of 2 and so to conversion; to Display 2 of 4, and 1 of 2 converts.
    assert effects == pytest.approx({"Display": 0.5, "Direct": 0.5, "Email": 0.5})


def test_too_little_is_said_and_credits_nothing(story: Story, runner: WorkflowRunner) -> None:
    told(story)
    assert ask(story)[1]["version"] == 0
    assert "Nothing was learned yet" in ask(story)[1]["summary"]

    assert recompute(story, runner) is JobStatus.SUCCEEDED

    (markov, shapley) = ask(story)[1]["models"]
    assert (markov["verdict"], shapley["verdict"]) == ("NOT_ENOUGH_DATA", "NOT_ENOUGH_DATA")
    assert "2 conversions, and 300 are needed" in markov["summary"]
    assert {row["markov_micros"] for row in story.credit_rows()} == {None}
    assert {row["fit_version"] for row in story.credit_rows()} == {0}
    said = api.verdicts(Caller.system(story.site.organization_id), story.site.site_id, [Model.LINEAR, Model.MARKOV])
    assert {model: each.verdict for model, each in said.items()} == {Model.MARKOV: Verdict.NOT_ENOUGH_DATA}


@pytest.mark.usefixtures("enough")
def test_conversions_are_credited_by_the_fit_in_force(story: Story, runner: WorkflowRunner) -> None:
    # Given what is enough
    told(story)

    # When a day is recomputed
    assert recompute(story, runner) is JobStatus.SUCCEEDED

    # Then its conversions are credited by what was learnt before
    rows = story.credit_rows()
    assert [(row["channel"], row["shapley_micros"], row["fit_version"]) for row in rows] == [
        ("Email", 5_000_001, 1),
        ("Direct", 5_000_000, 1),
    ]
    body = ask(story)[1]
    assert (body["version"], body["conversions"], body["nulls"]) == (1, 2, 2)
    assert body["models"][1]["summary"].startswith("Enough data. Display earns 50.0 % of all conversions")

    # And so they are on arrival
    before = [{**row, "computed_at": 0} for row in rows]
    story.arrive()
    arrived = [row for row in story.credit_rows() if row["customer_id"] == "ann"]
    assert [{**row, "computed_at": 0} for row in arrived] == before


@pytest.mark.usefixtures("enough")
def test_the_same_paths_make_no_new_version(
    story: Story, runner: WorkflowRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(story)
    recompute(story, runner)
    monkeypatch.setattr(api, "system_clock", lambda: NOON_MS + DAY_MS // 3)
    recompute(story, runner)
    assert ask(story)[1]["version"] == 1

    # When somebody else comes
    story.write_touch(story.touch("eve", 1, "Display"), "eve")
    recompute(story, runner)

    # Then it is learnt, as the next
    assert (ask(story)[1]["version"], ask(story)[1]["nulls"]) == (2, 3)


@pytest.mark.usefixtures("enough")
def test_the_same_data_are_not_learnt_of_twice(
    story: Story, runner: WorkflowRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(story)
    sites: list[str] = []  # queues may hold jobs of others
    learn = learning.learn
    monkeypatch.setattr(learning, "learn", lambda lesson: sites.append(lesson.site.site_id) or learn(lesson))  # type: ignore[func-returns-value]
    recompute(story, runner)
    recompute(story, runner)
    assert sites.count(story.site.site_id) == 1

    story.write_touch(story.touch("eve", 1, "Display"), "eve")
    recompute(story, runner)
    assert sites.count(story.site.site_id) == 2


def test_what_cannot_be_learnt_leaves_the_day_credited(
    story: Story, runner: WorkflowRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(story)

    def fail(*_: object) -> None:
        raise ValueError("too hard")

    monkeypatch.setattr(learning, "learn", fail)

    assert recompute(story, runner) is JobStatus.SUCCEEDED
    assert len(story.credit_rows()) == 2


def test_settings_reach_arrivals_and_past_days_alike(story: Story, runner: WorkflowRunner) -> None:
    # Given a sale after a lead, credited by the settings of the beginning
    for days_before in (60, 40, 20, 10, 1):
        story.touch("ann", days_before, "Email", touch_id=f"touch_{days_before}", campaign=f"{days_before}")
    story.conversion("ann", days_before=30, name="Lead", value_micros=0)
    story.conversion("ann", value_micros=1_000)
    story.write_lake()
    story.arrive()
    recompute(story, runner)

    # When they change
    wanted = AttributionSettings(milestone_event="Lead", conversion_types=(ConversionType("Order Completed", 50),))
    api.set_settings(Caller.system(story.site.organization_id), story.site.site_id, wanted)
    recompute(story, runner)
    recomputed = story.credit_rows()

    # Then the day is credited anew by them, and an arrival says the same
    sale = [row for row in recomputed if row["name"] == "Order Completed"]
    assert {(row["window_days"], row["settings_version"]) for row in sale} == {(50, 1)}
    assert [row["w_shaped_micros"] for row in sale] == [600, 50, 50, 300]
    story.arrive()
    arrived = [row for row in story.credit_rows() if row["name"] == "Order Completed"]
    assert [{**row, "computed_at": 0} for row in arrived] == [{**row, "computed_at": 0} for row in sale]


def test_a_lead_that_came_late_is_noticed(story: Story, runner: WorkflowRunner) -> None:
    # Given a day credited while a milestone is asked for, and then a lead of an earlier day
    api.set_settings(
        Caller.system(story.site.organization_id), story.site.site_id, AttributionSettings(milestone_event="Lead")
    )
    for days_before in (40, 20, 10, 5, 1):
        story.touch("ann", days_before, "Email", touch_id=f"touch_{days_before}")
    sale = story.conversion("ann", value_micros=1_000)
    story.write_lake()
    recompute(story, runner)
    assert [row["w_shaped_micros"] for row in story.credit_rows()] == [300, 50, 300, 50, 300]
    lead = replace(sale, conversion_id="conversion_lead", name="Lead", occurred_ms=NOON_MS - 15 * DAY_MS)
    story.conversions[lead.conversion_id] = lead
    story.write_lake()

    # Then the day is worked through again
    recompute(story, runner)
    assert [row["w_shaped_micros"] for row in story.credit_rows()] == [300, 300, 50, 50, 300]


def test_another_organization_has_no_such_site(story: Story, organization_id: str) -> None:
    assert ask(story, owner=organization_id)[0] == 404


def test_a_conversion_without_a_touch_teaches_the_models_nothing(story: Story) -> None:
    told(story)
    site = story.site
    before = learning.learn(learning.lesson(site, terms.STANDARD_TERMS, NOON_MS))

    # When three conversions that no visit led to are added
    for buyer in ("eve", "fay", "gus"):
        conversion = story.conversion(buyer)
        story._append("conversions", conversion_row(conversion))
    after = learning.learn(learning.lesson(site, terms.STANDARD_TERMS, NOON_MS))

    # Then nothing else is learnt
    assert after.models == before.models
    assert (after.conversions, after.nulls) == (before.conversions, before.nulls)
