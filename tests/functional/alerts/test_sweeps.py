"""Sweeps as a site's days go by: each period judged once, whatever is repeated, killed or restated."""

from datetime import timedelta

import pytest
from optiq.alerts.lifecycle import api as lifecycle
from optiq.alerts.planning import api as planning
from optiq.alerts.rules import api as rules
from optiq.alerts.sweeping import api as sweeping
from optiq.alerts.sweeping import periods, reading
from optiq.alerts.windows import api as windows
from optiq.kernel.caller import Caller
from optiq.kernel.clock import MINUTE_MS
from optiq.kernel.errors import ConflictError, InvalidError, NotFoundError
from optiq.store.api import Transaction
from optiq.tenancy import api as tenancy
from types_boto3_dynamodb import DynamoDBClient

from tests.functional.alerts.watching import TUESDAY, Watched
from tests.functional.tenancy.organizations import Company

DAY = timedelta(days=1)


class Killed(BaseException):
    """The process ends here."""


def test_a_bad_tuesday_is_one_alert(watched: Watched) -> None:
    watched.rule()

    assert watched.go_on(TUESDAY, conversions=52) == 1

    assert (watched.alert.value, watched.alert.usual, watched.alert.period) == (52, 100, "2026-11-24")
    assert watched.alert.status == "TRIGGERED"
    assert watched.notices == ["TRIGGERED"]


def test_a_day_within_chance_is_none(watched: Watched) -> None:
    watched.rule()

    assert watched.go_on(TUESDAY, conversions=78) == 0
    assert not watched.alerts


def test_a_short_history_is_learnt_from(watched: Watched) -> None:
    rule = watched.rule()
    watched.values = {day: found for day, found in watched.values.items() if day > TUESDAY - timedelta(days=21)}

    watched.go_on(TUESDAY, conversions=0)

    assert not watched.alerts
    assert (watched.state(rule).outcome, watched.state(rule).why) == ("LEARNING", "Learning: 1 more day is needed.")


def test_today_is_not_judged(watched: Watched) -> None:
    watched.rule()
    watched.on(TUESDAY, conversions=40)
    watched.at(TUESDAY, hours=11)

    assert watched.sweep() == 0
    assert not watched.alerts


def test_a_day_is_judged_when_all_of_it_is_counted(watched: Watched) -> None:
    watched.rule()
    watched.late_ms = 70 * MINUTE_MS
    changes = [watched.go_on(TUESDAY, conversions=0)]
    watched.late_ms = 0

    changes += [watched.sweep(), watched.sweep()]

    assert changes == [0, 1, 0]
    assert watched.notices == ["TRIGGERED"]


def test_a_day_is_judged_half_an_hour_after_its_end(watched: Watched) -> None:
    watched.rule()
    watched.on(TUESDAY, conversions=0)
    watched.at(TUESDAY + DAY, hours=0.4)
    early = watched.sweep()
    watched.at(TUESDAY + DAY, hours=0.6)

    assert (early, watched.sweep()) == (0, 1)


def test_a_sweep_again_changes_nothing(watched: Watched) -> None:
    watched.rule()
    watched.go_on(TUESDAY, conversions=0)
    before = watched.alert

    assert [watched.sweep() for _ in range(3)] == [0, 0, 0]
    assert watched.alert == before
    assert watched.notices == ["TRIGGERED"]


def test_a_sweep_that_makes_up_for_days_reminds_nobody_of_an_alert_it_ends(watched: Watched) -> None:
    watched.rule(severity="CRITICAL")
    watched.go_on(TUESDAY, conversions=0)
    watched.on(TUESDAY, conversions=1)
    watched.on(TUESDAY + DAY, conversions=100)

    assert watched.go_on(TUESDAY + 2 * DAY, conversions=100) == 1
    assert watched.notices == ["TRIGGERED", "RESOLVED"]


@pytest.mark.parametrize("written", [True, False])
def test_a_sweep_that_was_killed_is_made_up_for(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, *, written: bool
) -> None:
    watched.rule()
    commit = Transaction.commit

    def killed(self: Transaction, *args: str) -> None:
        if written:
            commit(self, *args)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(Transaction, "commit", killed)
        with pytest.raises(Killed):
            watched.go_on(TUESDAY, conversions=0)

    assert watched.sweep() == (0 if written else 1)
    assert watched.notices == ["TRIGGERED"]
    assert len(watched.alerts) == 1


def test_of_two_sweeps_at_once_one_leaves_it(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    watched.rule()
    watched.on(TUESDAY, conversions=0)
    judged = periods.periods_of
    others: list[int] = []

    def meanwhile(*args: object) -> object:
        found = judged(*args)  # type: ignore[arg-type]
        if not others:
            others.append(0)
            others.append(watched.sweep())
        return found

    monkeypatch.setattr(sweeping, "periods_of", meanwhile)

    assert watched.sweep() == 0
    assert others == [0, 1]
    assert (len(watched.alerts), watched.notices) == (1, ["TRIGGERED"])


def test_spend_is_told_of_once_a_day_and_judged_today(watched: Watched) -> None:
    watched.rule("SPEND_THRESHOLD", spend_micros=500_000_000)
    for hours, spend in enumerate((480, 510, 530), 1):
        watched.on(TUESDAY, spend=spend)
        watched.at(TUESDAY, hours=8 + hours)
        watched.sweep()
    assert (watched.alert.value, watched.alert.worst_value, watched.alert.status) == (510, 530, "TRIGGERED")

    watched.on(TUESDAY + DAY, spend=100)
    watched.at(TUESDAY + DAY, hours=9)
    watched.sweep()

    assert (watched.alert.status, watched.notices) == ("RESOLVED", ["TRIGGERED", "RESOLVED"])


def test_spend_of_a_month_is_added_up(watched: Watched) -> None:
    watched.rule("SPEND_THRESHOLD", spend_micros=500_000_000, period="MONTH")
    watched.on(TUESDAY - timedelta(days=30), spend=400)
    watched.on(TUESDAY - DAY, spend=300)
    watched.on(TUESDAY, spend=201)
    watched.at(TUESDAY, hours=9)
    watched.sweep()

    assert (watched.alert.value, watched.alert.period) == (501, "2026-11-01")


def test_restated_numbers_end_an_alert(watched: Watched) -> None:
    watched.rule()
    watched.go_on(TUESDAY, conversions=60)
    watched.on(TUESDAY, conversions=95)
    watched.at(TUESDAY + DAY, hours=2)

    assert watched.sweep() == 1

    assert (watched.alert.status, watched.alert.ending) == ("RESOLVED", "RESTATED")
    assert watched.notices == ["TRIGGERED", "RESOLVED"]


@pytest.mark.parametrize(("back", "alerts"), [(1, 1), (6, 0)])
def test_a_breach_that_comes_by_restating_is_told_of_for_three_days(watched: Watched, back: int, alerts: int) -> None:
    watched.rule()
    for number in range(7):
        watched.go_on(TUESDAY + number * DAY, conversions=(100, 60)[(TUESDAY + number * DAY).weekday() > 4])
    watched.on(TUESDAY + (6 - back) * DAY, conversions=10)

    watched.sweep()

    assert len(watched.alerts) == alerts


def test_an_unknown_number_neither_fires_nor_ends(watched: Watched) -> None:
    rule = watched.rule()
    watched.go_on(TUESDAY, conversions=52)
    watched.go_on(TUESDAY + DAY, conversions=None)

    assert watched.alert.status == "TRIGGERED"
    assert watched.state(rule).outcome == "NO_DATA"


def test_a_new_level_is_one_alert(watched: Watched) -> None:
    watched.history(8, clicks=(1_000, 600))
    watched.rule("CLICK_ANOMALY")
    for number in range(7):
        watched.on(TUESDAY + number * DAY, clicks=(600, 360)[(TUESDAY + number * DAY).weekday() > 4])
        watched.at(TUESDAY + (number + 1) * DAY, hours=7)
        watched.sweep()

    assert (watched.alert.ending, watched.alert.breaches) == ("LEVEL_CHANGED", 2)
    assert watched.notices == ["TRIGGERED", "RESOLVED"]


def test_too_many_and_too_few_are_two_alerts_and_one_ends_the_other(watched: Watched) -> None:
    watched.history(8, clicks=(1_000, 600))
    watched.rule("CLICK_ANOMALY")
    for number, clicks in enumerate((200, 3_000)):
        watched.on(TUESDAY + number * DAY, clicks=clicks)
        watched.at(TUESDAY + (number + 1) * DAY, hours=7)
        watched.sweep()

    assert [(one.side, one.status) for one in watched.alerts] == [("HIGH", "TRIGGERED"), ("LOW", "RESOLVED")]


def test_a_sale_that_is_left_out_neither_fires_nor_counts_as_usual(watched: Watched) -> None:
    watched.history(8, clicks=(1_000, 600))
    watched.rule("CLICK_ANOMALY")
    start = watched.now_ms - watched.now_ms % (24 * 60 * MINUTE_MS) - 24 * 60 * MINUTE_MS
    windows.create_window(
        watched.caller, watched.site_id, name="Sale", mode="EXCLUDE", from_ms=start, until_ms=start + 60 * MINUTE_MS
    )
    for number, clicks in enumerate((3_000, *[1_000] * 3, 600, 600, 1_000, 1_000)):
        watched.on(TUESDAY + number * DAY, clicks=clicks)
        watched.at(TUESDAY + (number + 1) * DAY, hours=7)
        watched.sweep()

    assert not watched.alerts


def test_nobody_is_told_in_a_window_that_mutes(watched: Watched) -> None:
    watched.rule()
    until_ms = watched.now_ms + 60 * MINUTE_MS
    windows.create_window(
        watched.caller, watched.site_id, name="Outage", mode="MUTE", from_ms=watched.now_ms - 1, until_ms=until_ms
    )

    assert watched.go_on(TUESDAY, conversions=0) == 1
    assert (watched.alert.status, watched.notices) == ("TRIGGERED", [])


@pytest.mark.parametrize("timezone", ["Pacific/Auckland", "America/Los_Angeles"])
def test_a_day_is_judged_in_the_sites_zone(company: Company, monkeypatch: pytest.MonkeyPatch, timezone: str) -> None:
    watched = Watched(company, timezone)
    watched.history(8, conversions=(100, 60))
    monkeypatch.setattr(reading, "measure", watched.measure)
    watched.rule()
    watched.on(TUESDAY, conversions=0)
    watched.at(TUESDAY + DAY, hours=0.4)

    assert watched.sweep() == 0
    watched.at(TUESDAY + DAY, hours=0.6)
    assert watched.sweep() == 1


@pytest.mark.parametrize("how", ["change", "pause", "remove"])
def test_an_alert_of_a_rule_that_is_no_more_ends(watched: Watched, how: str) -> None:
    rule = watched.rule()
    watched.go_on(TUESDAY, conversions=0)
    if how == "remove":
        rules.remove_rule(watched.caller, watched.site_id, rule.rule_id)
    elif how == "pause":
        rules.change_rule(watched.caller, watched.site_id, rule.rule_id, paused=True)
    else:
        rules.change_rule(watched.caller, watched.site_id, rule.rule_id, percent=99, comparison_days=30)

    watched.sweep()

    found = sorted((one.status, one.ending) for one in watched.alerts)
    assert found == [("RESOLVED", "RULE_CHANGED"), *([("TRIGGERED", "")] if how == "change" else [])]


def test_an_archived_site_is_not_judged(watched: Watched) -> None:
    watched.rule()
    tenancy.change_site(watched.company.actor(), watched.site_id, {"status": "ARCHIVED"})

    assert watched.go_on(TUESDAY, conversions=0) == 0


def test_only_sites_with_rules_that_are_judged_are_swept(watched: Watched) -> None:
    mine = (watched.company.organization_id, watched.site_id)
    before = mine in planning.watched_sites()
    rule = watched.rule()
    with_one = mine in planning.watched_sites()
    rules.change_rule(watched.caller, watched.site_id, rule.rule_id, paused=True)

    assert (before, with_one, mine in planning.watched_sites()) == (False, True, False)


def test_organizations_take_turns_whatever_sites_each_has(table: DynamoDBClient) -> None:
    many, one = Company(), Company()
    sites = [Watched(company) for company in (many, many, many, one)]
    for watched in sites:
        watched.rule()

    listed = [organization_id for organization_id, _ in planning.watched_sites()]

    places = [place for place, whose in enumerate(listed) if whose == many.organization_id]
    assert len(places) == 3
    assert listed.index(one.organization_id) < places[1]


def test_rules_of_one_scope_are_read_once(watched: Watched) -> None:
    for _ in range(3):
        watched.rule()
    watched.rule("SPEND_THRESHOLD", spend_micros=1)

    watched.sweep()

    assert len(watched.reads) == 1


def test_another_organizations_rule_is_not_there(watched: Watched) -> None:
    rule = watched.rule()
    stranger = Caller.system("org_other")

    with pytest.raises(NotFoundError):
        rules.get_rule(stranger, watched.site_id, rule.rule_id)


def test_an_alert_is_acknowledged_snoozed_and_dismissed(watched: Watched) -> None:
    watched.rule()
    watched.go_on(TUESDAY, conversions=60)
    which = (watched.caller, watched.site_id, watched.alert.alert_id)
    clock = lambda: watched.now_ms  # noqa: E731 - it says the time of the test

    assert lifecycle.acknowledge(*which).status == "ACKNOWLEDGED"
    with pytest.raises(InvalidError, match="until_at"):
        lifecycle.snooze(*which, watched.now_ms, clock=clock)
    assert lifecycle.snooze(*which, watched.now_ms + 1, clock=clock).snoozed_until_ms == watched.now_ms + 1
    assert lifecycle.dismiss(*which, clock=clock).status == "DISMISSED"
    with pytest.raises(ConflictError, match="over"):
        lifecycle.acknowledge(*which)
    watched.go_on(TUESDAY + DAY, conversions=60)
    assert watched.notices == ["TRIGGERED"]
