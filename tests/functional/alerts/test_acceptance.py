"""The acceptance cases of alerts that no other module has, by sweeps and with their numbers: see CASES.md."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from optiq.alerts.judging.contracts import Condition
from optiq.alerts.lifecycle import api as lifecycle
from optiq.alerts.lifecycle.advancing import is_flapping
from optiq.alerts.sweeping import reading
from optiq.kernel.clock import HOUR_MS

from tests.functional.alerts.watching import TUESDAY, Watched
from tests.functional.tenancy.organizations import Company

DAY = timedelta(days=1)


def settled(watched: Watched, number: int, **values: float | None) -> int:
    """A day after the Tuesday has these numbers, and those of platforms have come."""
    watched.on(TUESDAY + number * DAY, **values)
    watched.at(TUESDAY + (number + 1) * DAY, hours=7)
    return watched.sweep()


def test_an_alert_keeps_the_fourteen_days_before_it_with_their_band(watched: Watched) -> None:
    watched.rule()
    watched.go_on(TUESDAY, conversions=52)

    days = watched.alert.days
    assert [day.value for day in days[-3:]] == [60, 100, 52]
    assert (len(days), days[-1].period) == (14, "2026-11-24")
    assert days[-1].usual == pytest.approx(100, abs=0.5)
    assert days[-1].low is not None
    assert 60 < days[-1].low < 80


def test_levels_of_spend_are_one_alert_of_three_severities(watched: Watched) -> None:
    watched.rule("SPEND_THRESHOLD", spend_micros=500_000_000, levels=(80, 100, 120))
    severities = []
    for hours, spend in enumerate((390, 410, 510, 610), 8):
        watched.on(TUESDAY, spend=spend)
        watched.at(TUESDAY, hours=hours)
        watched.sweep()
        severities.append(watched.alert.severity if watched.alerts else "")

    assert severities == ["", "INFO", "WARNING", "CRITICAL"]
    assert watched.notices == ["TRIGGERED", "ESCALATED", "ESCALATED"]


def test_a_breach_of_twenty_days_ago_is_of_the_history_alone(watched: Watched) -> None:
    rule = watched.rule()
    for number in range(22):
        watched.go_on(TUESDAY + number * DAY, conversions=(100, 60)[(TUESDAY + number * DAY).weekday() > 4])
    before = watched.state(rule).digest_of("2026-11-25")
    watched.on(TUESDAY + DAY, conversions=5)

    assert watched.sweep() == 0
    assert (watched.alerts, watched.notices) == ([], [])
    assert watched.state(rule).digest_of("2026-11-25") not in ("", before)


@pytest.mark.parametrize(("spend", "fires"), [(61, 1), (59, 0)])
def test_spend_without_a_conversion_fires_from_three_times_the_cost_of_one(
    watched: Watched, spend: float, fires: int
) -> None:
    watched.history(8, conversions=(10, 10), spend=(200, 200))
    rule = watched.rule("CPA_SPIKE", percent=50)
    for number, each in enumerate((spend - 40, 20, 20)):
        watched.on(TUESDAY + number * DAY, conversions=0, spend=each)
    watched.at(TUESDAY + 3 * DAY, hours=7)

    assert watched.sweep() == fires
    assert watched.state(rule).usual == 20.0


def test_a_base_of_nine_conversions_is_not_judged_and_says_why(watched: Watched) -> None:
    watched.values.clear()
    watched.history(8, conversions=(0, 0), spend=(100, 100))
    for back in range(1, 10):
        watched.on(TUESDAY - back * DAY, conversions=1)
    rule = watched.rule("CPA_SPIKE", comparison_days=28)
    for number in range(3):
        watched.on(TUESDAY + number * DAY, conversions=0, spend=900)
    watched.at(TUESDAY + 3 * DAY, hours=7)
    watched.sweep()

    state = watched.state(rule)
    assert (state.outcome, state.why) == ("TOO_LITTLE", "10 conversions are needed in the 28 days before.")
    assert not watched.alerts


def test_a_return_without_spend_never_fires(watched: Watched) -> None:
    watched.history(8, revenue=(500, 500), spend=(100, 100))
    rule = watched.rule("ROAS_DROP", percent=30)
    for number in range(7):
        watched.on(TUESDAY + number * DAY, revenue=0, spend=0)
    watched.at(TUESDAY + 7 * DAY, hours=7)

    assert watched.sweep() == 0
    assert (watched.state(rule).outcome, watched.state(rule).value) == ("TOO_LITTLE", None)


def test_conversions_that_stay_lower_are_one_alert_and_usual_from_the_fourth_day_on(watched: Watched) -> None:
    watched.rule()
    opened = []
    for number in range(21):
        day = TUESDAY + number * DAY
        watched.go_on(day, conversions=(60, 36)[day.weekday() > 4])
        opened.append(watched.alert.is_open)

    assert opened == [True, True, *[False] * 19]
    assert watched.alert.ending == "LEVEL_CHANGED"
    assert watched.notices == ["TRIGGERED", "RESOLVED"]


def test_an_alert_that_comes_back_within_a_day_three_times_flaps_and_is_told_of_once_a_day(watched: Watched) -> None:
    watched.rule("SPEND_THRESHOLD", spend_micros=500_000_000)
    told = []
    for number in range(4):
        for hours, spend in ((10, 600), (11, 100)):
            watched.on(TUESDAY, spend=spend)
            watched.at(TUESDAY, hours=hours + 3 * number)
            watched.sweep()
        told.append(len(watched.notices))

    assert len(watched.alerts) == 1
    assert is_flapping(watched.alert)
    assert told == [2, 4, 6, 6]


def test_an_acknowledged_alert_is_told_of_again_when_it_is_twice_as_bad(watched: Watched) -> None:
    watched.rule("SPEND_THRESHOLD", spend_micros=100_000_000)
    heard = []
    for hours, spend in enumerate((110, 190, 219, 221)):
        watched.on(TUESDAY, spend=spend)
        watched.at(TUESDAY, hours=8 + hours)
        watched.sweep()
        if hours == 0:
            lifecycle.acknowledge(watched.caller, watched.site_id, watched.alert.alert_id)
        heard.append(watched.notices[-1])

    assert heard == ["TRIGGERED", "TRIGGERED", "TRIGGERED", "ESCALATED"]


@pytest.mark.parametrize(("timezone", "day"), [("Europe/Berlin", "2027-03-28"), ("America/New_York", "2026-11-01")])
def test_a_snoozed_alert_speaks_at_nine_by_the_sites_clock_on_the_day_clocks_change(
    company: Company, monkeypatch: pytest.MonkeyPatch, timezone: str, day: str
) -> None:
    watched, changing = Watched(company, timezone), datetime.fromisoformat(day).date()
    friday = changing - 2 * DAY
    watched.history(8, last=friday - DAY, conversions=(100, 60))
    monkeypatch.setattr(reading, "measure", watched.measure)
    watched.rule()
    watched.on(changing - DAY, conversions=20)
    watched.go_on(friday, conversions=20)
    until = datetime.fromisoformat(f"{day}T09:00")
    ids = (watched.caller, watched.site_id, watched.alert.alert_id)
    lifecycle.snooze_until(*ids, until, clock=lambda: watched.now_ms)
    watched.at(changing, hours=0.6)
    watched.sweep()
    nine_ms = round(until.replace(tzinfo=watched.zone).timestamp() * 1000)
    heard = []
    for now_ms in (nine_ms - HOUR_MS // 4, nine_ms, nine_ms + HOUR_MS // 4):
        watched.now_ms = now_ms
        watched.sweep()
        heard.append(len(watched.notices))

    assert heard == [1, 2, 2]
    assert watched.notices[-1] == "REMINDED"


@pytest.mark.parametrize(
    ("metric", "hours"), [("conversions", 0.5), ("spend", 6.0), ("clicks", 6.0), ("claimed_conversions", 24.0)]
)
def test_a_day_settles_as_late_as_its_source_is(watched: Watched, metric: str, hours: float) -> None:
    watched.history(8, **{metric: (100, 60)})
    condition = {"metric": metric, "comparison": "BELOW", "value": 50}
    watched.rule("CUSTOM", conditions=(Condition(**condition),))  # type: ignore[arg-type]
    watched.on(TUESDAY, **{metric: 10})
    judged = []
    for after in (hours - 0.1, hours + 0.1):
        watched.at(TUESDAY + DAY, hours=after)
        judged.append(watched.sweep())

    assert judged == [0, 1]


def test_a_day_of_auckland_waits_for_an_account_of_los_angeles(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Watched(company, "Pacific/Auckland")
    watched.history(8, clicks=(1_000, 600))
    monkeypatch.setattr(reading, "measure", watched.measure)
    rule = watched.rule("CLICK_ANOMALY")
    # The day is over in Auckland; the account's day has 14 hours to go, and is not read whole.
    watched.on(TUESDAY, clicks=None)
    watched.at(TUESDAY + DAY, hours=7)
    changes = [watched.sweep()]
    waits = watched.state(rule).outcome
    watched.on(TUESDAY, clicks=100)
    watched.at(TUESDAY + DAY, hours=24)
    changes.append(watched.sweep())

    assert (changes, waits) == ([0, 1], "NO_DATA")
    assert watched.alert.period == "2026-11-24"


def test_a_cooldown_counts_from_the_end_of_the_period(watched: Watched) -> None:
    watched.rule(cooldown_hours=72)
    watched.go_on(TUESDAY, conversions=20)
    heard = [len(watched.notices)]
    for number, conversions in enumerate((100, 100, 20, 100, 20), 1):
        watched.go_on(TUESDAY + number * DAY, conversions=conversions * (0.6 if (1 + number) % 7 > 4 else 1))
        heard.append(len(watched.notices))

    # Friday, three days after the Tuesday, is told of.
    assert heard[3] == heard[2] + 1


def test_a_history_that_is_too_short_says_how_many_days_are_needed(watched: Watched) -> None:
    rule = watched.rule()
    watched.values = {day: found for day, found in watched.values.items() if day > TUESDAY - timedelta(days=13)}
    watched.go_on(TUESDAY, conversions=100)

    assert watched.state(rule).why == "Learning: 9 more days are needed."


FOURTEEN = (98, 100, 102, 99, 101, 100, 97, 103, 100, 100, 98, 102, 99, 101)
"""Days of case 25 of advertising accounts: a median of 100, and 1 off it is usual."""


def advertised(watched: Watched, days: Sequence[float]) -> None:
    """What ads brought on the days before the Tuesday, and nothing before."""
    watched.values = {}
    for back, value in enumerate(reversed(days), 1):
        watched.on(TUESDAY - back * DAY, clicks=value, spend=value)


@pytest.mark.parametrize(
    ("days", "clicks", "fires"),
    [
        (FOURTEEN * 2, 160, 1),
        (FOURTEEN * 2, 104, 0),
        (FOURTEEN * 2, 110, 0),  # a tenth is nobody's concern
        (FOURTEEN * 2, 0, 1),
        ((100,) * 28, 160, 1),
        ((100,) * 28, 104, 0),
    ],
)
def test_a_day_of_ads_is_odd_where_it_is_far_off_and_much(
    watched: Watched, days: Sequence[float], clicks: float, fires: int
) -> None:
    advertised(watched, days)
    watched.rule("CLICK_ANOMALY")
    settled(watched, 0, clicks=clicks)
    assert len(watched.alerts) == fires


def test_an_odd_day_of_ads_that_is_restated_is_one_alert(watched: Watched) -> None:
    advertised(watched, FOURTEEN * 2)
    watched.rule("CLICK_ANOMALY")
    for clicks in (160, 165, 161):
        settled(watched, 0, clicks=clicks)
    assert (len(watched.alerts), watched.notices) == (1, ["TRIGGERED"])


def test_before_a_day_of_ads_ends_only_twice_the_usual_spend_is_told_of(watched: Watched) -> None:
    advertised(watched, FOURTEEN * 2)
    watched.rule("CLICK_ANOMALY")
    twice = watched.rule("SPEND_THRESHOLD", spend_micros=200_000_000)
    for spend, fired in ((199, []), (201, [twice.rule_id])):
        watched.on(TUESDAY, spend=spend, clicks=spend)
        watched.at(TUESDAY, hours=12)
        watched.sweep()
        assert [one.rule_id for one in watched.alerts] == fired


def test_fourteen_days_of_ads_are_too_few_to_be_judged(watched: Watched) -> None:
    advertised(watched, FOURTEEN)
    rule = watched.rule("CLICK_ANOMALY")
    settled(watched, 0, clicks=160)
    assert (watched.alerts, watched.state(rule).why) == ([], "Learning: 7 more days are needed.")
