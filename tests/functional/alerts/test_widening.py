"""After an alert was dismissed: a threshold that would have kept it quiet, and what else that changes in 90 days."""

from datetime import timedelta
from typing import Any

import pytest
from optiq.alerts.judging.contracts import Condition
from optiq.alerts.lifecycle import api as lifecycle
from optiq.alerts.rules import api as rules
from optiq.alerts.sweeping import api as sweeping
from optiq.kernel.errors import NotFoundError

from tests.functional.alerts.watching import TUESDAY, Watched

DAY = timedelta(days=1)


def widened(watched: Watched) -> Any:
    ids = (watched.caller, watched.site_id, watched.alerts[0].alert_id)
    lifecycle.dismiss(*ids, clock=lambda: watched.now_ms)
    return sweeping.wider(*ids, clock=lambda: watched.now_ms)


def test_a_drop_is_offered_the_next_percent_with_what_it_changes(watched: Watched) -> None:
    watched.rule()
    watched.on(TUESDAY - 14 * DAY, conversions=20)
    watched.go_on(TUESDAY, conversions=52)

    found = widened(watched)
    assert (found.rule.percent, found.days_before, found.days_after) == (50, 2, 1)
    assert found.gone == ("2026-11-24",)


def test_the_offer_keeps_quiet_once_it_is_taken(watched: Watched) -> None:
    rule = watched.rule()
    watched.go_on(TUESDAY, conversions=52)
    found = widened(watched)
    rules.change_rule(watched.caller, watched.site_id, rule.rule_id, percent=found.rule.percent)

    assert watched.go_on(TUESDAY + DAY, conversions=53) == 0


@pytest.mark.parametrize(
    ("kind", "settings", "values", "field", "wider"),
    [
        ("SPEND_THRESHOLD", {"spend_micros": 500_000_000}, {"spend": 510}, "spend_micros", 520_000_000),
        ("CLICK_ANOMALY", {"sensitivity": "HIGH"}, {"clicks": 100}, "sensitivity", "MEDIUM"),
        (
            "CUSTOM",
            {"conditions": (Condition("visits", "BELOW", 50),)},
            {"visits": 20},
            "conditions",
            (Condition("visits", "BELOW", 19),),
        ),
    ],
)
def test_every_threshold_has_a_wider_one(
    watched: Watched, kind: str, settings: dict[str, Any], values: dict[str, float], field: str, wider: object
) -> None:
    watched.history(8, clicks=(1_000, 600), spend=(100, 100), visits=(80, 80))
    watched.rule(kind, **settings)
    watched.on(TUESDAY, **values)
    watched.at(TUESDAY, hours=20) if kind == "SPEND_THRESHOLD" else watched.at(TUESDAY + DAY, hours=7)
    watched.sweep()

    assert getattr(widened(watched).rule, field) == wider


def test_nothing_wider_is_offered_where_all_was_lost(watched: Watched) -> None:
    watched.rule()
    watched.go_on(TUESDAY, conversions=0)

    with pytest.raises(NotFoundError, match="no wider threshold"):
        widened(watched)
