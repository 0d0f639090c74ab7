"""One alert from its first breach to its end, judged hour by hour and day by day."""

from dataclasses import replace

import pytest
from optiq.alerts.judging.contracts import Judgement
from optiq.alerts.judging.costs import spend_threshold
from optiq.alerts.lifecycle.advancing import Moment, Policy, continued, is_flapping, raised, withdrawn
from optiq.alerts.lifecycle.contracts import Alert, Notice
from optiq.kernel.clock import DAY_MS, HOUR_MS

NEW = Alert("org_1", "site_1", "alert_1", "rule_1", "rule_1|LOW", "WARNING", "LOW", "", "")
USUAL, BOUND = 100.0, 70.0
MOST = Policy()


def value(of: float) -> Judgement:
    """A judgement of a value of which 100 is usual and less than 70 a breach."""
    return Judgement("BREACH" if of < BOUND else "FINE", of, USUAL, BOUND, "LOW")


def day(number: int, after_ms: int = 2 * HOUR_MS) -> Moment:
    return Moment(f"2026-11-{number:02}", number * DAY_MS, number * DAY_MS + after_ms)


class Story:
    """An alert, as one judgement after the other makes it, with all notices."""

    def __init__(self, policy: Policy = MOST) -> None:
        self.policy = policy
        self.alert: Alert | None = None
        self.alerts = 0
        self.notices: list[Notice | None] = []

    def judge(self, judgement: Judgement, at: Moment, *, restated: bool = False) -> Alert | None:
        if self.alert and self.alert.is_open:
            step = continued(self.alert, judgement, self.policy, at, restated=restated)
        elif judgement.outcome == "BREACH":
            step = raised(replace(NEW, alert_id=f"alert_{self.alerts}"), judgement, self.policy, at, self.alert)
            self.alerts += step.alert.alert_id == f"alert_{self.alerts}"
        else:
            return self.alert
        self.alert = step.alert
        self.notices.append(step.notice)
        return self.alert

    @property
    def told(self) -> list[Notice]:
        return [notice for notice in self.notices if notice]


def test_a_breach_is_told_once_and_so_is_its_end() -> None:
    story = Story()
    for number, of in enumerate((60, 65, 50, 98, 99), 1):
        story.judge(value(of), day(number))

    assert story.told == ["TRIGGERED", "RESOLVED"]
    assert story.alert
    assert (story.alert.status, story.alert.ending, story.alert.breaches) == ("RESOLVED", "RECOVERED", 3)
    assert (story.alert.value, story.alert.worst_value) == (60, 50)


def test_a_breach_has_to_last_as_long_as_its_rule_asks() -> None:
    story = Story(Policy(periods=2))

    assert [(story.judge(value(60), day(number)) or NEW).status for number in (1, 2)] == ["PENDING", "TRIGGERED"]
    assert story.told == ["TRIGGERED"]


def test_a_breach_that_did_not_last_is_not_told_of() -> None:
    story = Story(Policy(periods=2))
    for number, of in enumerate((60, 72), 1):
        story.judge(value(of), day(number))

    assert story.alert
    assert (story.alert.status, story.told) == ("RESOLVED", [])


def test_the_same_period_judged_again_is_no_further_breach() -> None:
    story = Story(Policy(periods=2))
    for hours in (1, 2, 3):
        story.judge(value(60), day(1, hours * HOUR_MS))

    assert story.alert
    assert (story.alert.status, story.alert.breaches) == ("PENDING", 1)


@pytest.mark.parametrize(("of", "status"), [(84, "TRIGGERED"), (85, "RESOLVED")])
def test_an_alert_ends_when_the_value_is_half_the_way_back(of: float, status: str) -> None:
    story = Story()
    story.judge(value(60), day(1))

    assert (story.judge(value(of), day(2)) or NEW).status == status


def test_nothing_ends_or_fires_where_numbers_are_missing() -> None:
    story = Story()
    story.judge(value(60), day(1))

    for state in ("NO_DATA", "LEARNING", "TOO_LITTLE"):
        assert (story.judge(Judgement(state), day(2)) or NEW).status == "TRIGGERED"
    assert story.told == ["TRIGGERED"]


def test_a_restated_period_ends_its_alert_and_says_so() -> None:
    story = Story()
    story.judge(value(60), day(1))
    story.judge(value(84), day(1, 30 * HOUR_MS), restated=True)

    assert story.alert
    assert (story.alert.status, story.alert.ending, story.told) == ("RESOLVED", "RESTATED", ["TRIGGERED", "RESOLVED"])


def test_spend_is_told_once_a_day_and_ends_with_the_next() -> None:
    story = Story()
    for hours, spend in enumerate((480, 510, 530), 1):
        story.judge(spend_threshold(spend, 500), day(1, hours * HOUR_MS))
    story.judge(spend_threshold(100, 500), day(2))

    assert story.alert
    assert (story.alerts, story.told) == (1, ["TRIGGERED", "RESOLVED"])
    assert (story.alert.value, story.alert.worst_value) == (510, 530)


def test_levels_of_a_threshold_are_one_alert() -> None:
    story, levels = Story(), []
    for hours, spend in enumerate((85, 105, 125), 1):
        levels.append((story.judge(spend_threshold(spend, 100, (80, 100, 120)), day(1, hours * HOUR_MS)) or NEW).level)

    assert (story.alerts, levels) == (1, [80, 100, 120])


@pytest.mark.parametrize(("of", "told"), [(45, []), (39.9, ["ESCALATED"])])
@pytest.mark.parametrize("acknowledged", [True, False])
def test_a_breach_twice_as_bad_is_told_of_again(of: float, told: list[str], acknowledged: bool) -> None:
    story = Story()
    story.judge(value(70 - 1e-9), day(1))  # exactly at the bound
    assert story.alert
    story.alert = replace(story.alert, status="ACKNOWLEDGED" if acknowledged else "TRIGGERED")
    story.judge(value(of), day(2))
    story.judge(value(of - 20), day(3))

    assert story.told[1:] == (told or ["ESCALATED"])
    assert (story.notices[1] == "ESCALATED") is bool(told)


def test_only_a_critical_alert_that_nobody_acknowledged_is_told_of_each_day() -> None:
    critical, warning = Story(Policy(severity="CRITICAL")), Story()
    for story in (critical, warning):
        for number in (1, 2, 3):
            story.judge(value(60), day(number))
    assert critical.alert
    critical.alert = replace(critical.alert, status="ACKNOWLEDGED")
    critical.judge(value(60), day(4))

    assert critical.told == ["TRIGGERED", "REMINDED", "REMINDED"]
    assert warning.told == ["TRIGGERED"]


def test_a_snoozed_alert_says_only_that_it_is_over() -> None:
    story = Story(Policy(severity="CRITICAL"))
    story.judge(value(69), day(1))
    assert story.alert
    story.alert = replace(story.alert, snoozed_until_ms=day(9).now_ms)
    for number, of in enumerate((0, 0, 100), 2):
        story.judge(value(of), day(number))

    assert story.told == ["TRIGGERED", "RESOLVED"]


def test_a_breach_right_after_the_end_is_the_same_alert_again() -> None:
    story = Story()
    for number, of in enumerate((60, 100, 60), 1):
        story.judge(value(of), day(number))

    assert (story.alerts, story.told) == (1, ["TRIGGERED", "RESOLVED", "TRIGGERED"])


def test_an_alert_that_comes_and_goes_is_told_of_once_a_day() -> None:
    story, hour = Story(), HOUR_MS
    for turn in range(8):
        at = Moment("2026-11-01", DAY_MS + turn * 2 * hour, DAY_MS + turn * 2 * hour)
        story.judge(value(60), at)
        story.judge(value(100), replace(at, ended_ms=at.ended_ms + hour, now_ms=at.now_ms + hour))

    assert story.alert
    assert is_flapping(story.alert)
    assert story.alerts == 1
    # Three times back make it flap: what comes after that on this day is told to nobody.
    assert story.told == ["TRIGGERED", "RESOLVED"] * 3


def test_a_new_level_is_one_alert_that_ends_by_itself() -> None:
    story = Story()
    for number in (1, 2):
        story.judge(value(60), day(number))
    story.judge(replace(value(60), level_changed=True), day(3))

    assert story.alert
    assert (story.alert.ending, story.told) == ("LEVEL_CHANGED", ["TRIGGERED", "RESOLVED"])


def test_a_dismissed_alert_is_quiet_for_a_week() -> None:
    story = Story()
    story.judge(value(60), day(1))
    assert story.alert
    story.alert = replace(story.alert, status="DISMISSED", ended_ms=day(1).now_ms)
    for number in (2, 7, 9):
        story.judge(value(60), day(number))

    assert story.told == ["TRIGGERED", "TRIGGERED"]
    assert story.alerts == 2


def test_a_rule_tells_of_a_new_alert_once_in_its_cooldown() -> None:
    story = Story(Policy(cooldown_ms=5 * DAY_MS))
    for number, of in enumerate((60, 100, 100, 60, 100, 100, 60), 1):
        story.judge(value(of), day(number))

    assert story.alerts == 3
    assert story.told == ["TRIGGERED", "RESOLVED", "TRIGGERED"]  # The one between ends within the five days.


def test_a_changed_rule_ends_its_alert() -> None:
    story = Story()
    story.judge(value(60), day(1))
    assert story.alert

    step = withdrawn(story.alert, day(2))

    assert (step.alert.status, step.alert.ending, step.notice) == ("RESOLVED", "RULE_CHANGED", "RESOLVED")
