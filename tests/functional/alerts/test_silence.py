"""NO_DATA by sweeps: hours without an event in which twenty are usual."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from optiq.ads.sync import api as ads
from optiq.alerts.judging.contracts import Condition
from optiq.kernel.errors import InvalidError

from tests.functional.alerts.watching import TUESDAY, Watched

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _no_platforms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ads, "connections_health", lambda *_, **__: ())


def at(watched: Watched, hours: float) -> int:
    """So many hours into Tuesday all rules are judged."""
    watched.at(TUESDAY, hours=hours)
    return watched.sweep()


def test_an_hour_without_an_event_is_an_alert_where_twenty_are_usual(watched: Watched) -> None:
    watched.rule("NO_DATA")
    watched.hours(weeks=4, events=50, until=(TUESDAY, 10))

    assert [at(watched, 10.3), at(watched, 11.1), at(watched, 11.3)] == [0, 1, 0]
    assert (watched.alert.period, watched.alert.value) == ("2026-11-24T10:00", 1)
    assert watched.notices == ["TRIGGERED"]


@pytest.mark.parametrize(("events", "hours"), [(7, 3), (2, 12), (1, 24)])
def test_silence_takes_as_long_as_twenty_events_take(watched: Watched, events: int, hours: int) -> None:
    watched.rule("NO_DATA")
    watched.hours(weeks=4, events=events, until=(TUESDAY, 0))

    assert [at(watched, hours - 0.9), at(watched, hours + 0.1)] == [0, 1]
    assert watched.alert.value == hours


def test_silence_ends_after_two_hours_with_events(watched: Watched) -> None:
    watched.rule("NO_DATA")
    watched.hours(weeks=4, events=50, until=(TUESDAY, 10))
    at(watched, 12.1)
    watched.hours(weeks=4, events=50, until=(TUESDAY, 20), but=((TUESDAY, 10), (TUESDAY, 11)))

    assert [at(watched, hours) for hours in (13.1, 13.6, 14.1, 14.6)] == [0, 0, 1, 0]
    assert (watched.alert.status, watched.alert.ending) == ("RESOLVED", "RECOVERED")
    assert watched.notices == ["TRIGGERED", "RESOLVED"]


def test_a_site_that_is_as_usual_is_written_for_two_hours_and_not_again(watched: Watched) -> None:
    rule = watched.rule("NO_DATA")
    watched.hours(weeks=4, events=50, until=(TUESDAY, 24))
    versions = []
    for quarter in range(40, 64):
        at(watched, quarter / 4 + 0.1)
        versions.append(watched.state(rule).version)

    assert versions == [1] * 4 + [2] * 20


def test_silence_is_told_although_the_history_is_too_short_for_anything_else(watched: Watched) -> None:
    watched.values = {day: found for day, found in watched.values.items() if day > TUESDAY - timedelta(days=20)}
    drop, silence = watched.rule(), watched.rule("NO_DATA")
    watched.hours(weeks=2, events=50, until=(TUESDAY, 10))
    watched.on(TUESDAY, conversions=0)
    watched.at(TUESDAY + timedelta(days=1), hours=1)
    watched.sweep()

    assert (watched.state(drop).outcome, watched.state(silence).outcome) == ("LEARNING", "BREACH")
    assert [one.rule_id for one in watched.alerts] == [silence.rule_id]


def test_it_is_no_silence_where_we_are_behind(watched: Watched) -> None:
    rule = watched.rule("NO_DATA")
    watched.hours(weeks=4, events=50, until=(TUESDAY, 10))
    watched.late_ms = 90 * 60_000

    assert at(watched, 12.1) == 0
    assert watched.state(rule).outcome == "NO_DATA"


def test_an_outage_neither_fires_nor_ends_another_rule(watched: Watched) -> None:
    drop = watched.rule()
    watched.rule("NO_DATA")
    watched.hours(weeks=4, events=50, until=(TUESDAY, 10))
    watched.go_on(TUESDAY, conversions=None)

    assert watched.state(drop).outcome == "NO_DATA"
    assert [one.rule_id != drop.rule_id for one in watched.alerts] == [True]


def test_odd_hours_are_an_alert_where_a_rule_asks_for_them(watched: Watched) -> None:
    watched.rule("CUSTOM", period="HOUR", conditions=(Condition("visits", "ODD"),))
    watched.hours(weeks=4, events=200, until=(TUESDAY, 15))
    for hour in (9, 10, 11):
        watched.events[datetime.combine(TUESDAY, time(hour))] = 40
    found = [at(watched, hours) for hours in (10.1, 11.1, 11.6, 12.1, 13.1, 14.1, 14.6)]

    assert found == [0, 1, 0, 0, 0, 1, 0]
    assert (watched.alert.period, watched.alert.value, watched.alert.usual) == ("2026-11-24T10:00", 40, 200)
    assert len(watched.alert.days) == 14
    assert watched.notices == ["TRIGGERED", "RESOLVED"]


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"kind": "CLICK_ANOMALY"}, "period"),
        ({"kind": "CUSTOM", "conditions": (Condition("clicks", "ODD"),)}, "conditions.0"),
        ({"kind": "CUSTOM", "conditions": (Condition("visits", "ABOVE", 1),)}, "conditions.0"),
        ({"kind": "CUSTOM", "conditions": (Condition("visits", "ODD"), Condition("events", "ODD"))}, "conditions.1"),
        ({"kind": "SPEND_THRESHOLD", "spend_micros": 1}, "period"),
    ],
)
def test_only_odd_counts_of_the_sites_own_are_judged_by_hours(
    watched: Watched, settings: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidError, match=field):
        watched.rule(settings.pop("kind"), period="HOUR", **settings)
