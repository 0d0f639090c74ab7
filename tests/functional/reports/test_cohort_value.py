"""Cohort value: worked by hand."""

import json
from typing import Any

import pytest
from optiq.kernel.caller import Caller
from optiq.kernel.clock import MINUTE_MS, from_rfc3339
from optiq.kernel.errors import InvalidError
from optiq.reports.cohorts.api import cohort_value
from optiq.reports.cohorts.contracts import CohortsAnswer, CohortsAsk

from functions.reports.routes import handler
from tests.functional.reports.conftest import SiteMaker
from tests.functional.reports.http import answer, request
from tests.functional.reports.lake import Part, TestLake

pytestmark = pytest.mark.usefixtures("table")
NOW_MS = from_rfc3339("2026-04-10T12:00:00Z")
E = 1_000_000
# Who, when (Berlin: the second of Bob's is on 1 March there), euros, channel of the first touch.
CONVERSIONS = (
    ("ada", "2026-01-05T10:00:00Z", 100, "Email"),
    ("ada", "2026-02-10T10:00:00Z", 50, "Direct"),
    ("ada", "2026-04-02T10:00:00Z", 30, "Direct"),
    ("bob", "2026-01-20T10:00:00Z", 60, "Paid Search"),
    ("bob", "2026-02-28T23:30:00Z", 40, "Email"),
    ("eve", "2026-03-15T10:00:00Z", 20, "Paid Search"),
    ("old", "2025-11-01T10:00:00Z", 500, "Email"),
    ("old", "2026-02-01T10:00:00Z", 500, "Email"),
)


@pytest.fixture
def lake(make_site: SiteMaker) -> TestLake:
    lake = make_site(timezone="Europe/Berlin")
    for number, (who, at, euros, channel) in enumerate(CONVERSIONS):
        parts = [Part(channel, 0.5, euros * E // 2), Part("Other", 0.5, euros * E // 2)]
        lake.write_credits([row | {"customer_id": who} for row in lake.credit(f"v{number}", at, parts)])
    for day, channel, euros in (
        ("2026-01-10", "Paid Search", 120),
        ("2026-01-11", "Email", 80),
        ("2026-02-10", "Paid Search", 10),
        ("2026-03-10", "Paid Search", 30),
    ):
        lake.write_metrics({"day": day, "channel": channel, "spend_micros": euros * E, "currency": "EUR"})
    return lake


def valued(lake: TestLake, now_ms: int = NOW_MS, **fields: Any) -> CohortsAnswer:
    ask = CohortsAsk(**({"period": "2026-01-15..2026-04-10"} | fields))
    return cohort_value(Caller.system(lake.organization_id), lake.site_id, ask, clock=lambda: now_ms)


def shown(answer: CohortsAnswer) -> dict[str, tuple[object, ...]]:
    return {
        one.key: (
            one.people,
            one.spend_micros / E,
            one.paid_back_after,
            [(cell.revenue_micros / E, cell.complete) for cell in one.cells],
        )
        for one in answer.cohorts
    }


def test_cohorts_by_month(lake: TestLake) -> None:
    found = valued(lake)
    assert (found.frame.period.from_day, found.currency, found.no_rate) == ("2026-01-01", "EUR", 0)
    assert shown(found) == {
        # 100 + 60; Ada's 50 in February; Bob's 40 in March; Ada's 30 in April, which lasts. 200 are back after month 1.
        "2026-01-01": (2, 200, 1, [(160, True), (210, True), (250, True), (280, False)]),
        "2026-02-01": (0, 10, None, []),
        "2026-03-01": (1, 30, None, [(20, True), (20, False)]),
    }
    first, _, last = found.cohorts
    assert [cell.per_person_micros for cell in first.cells] == [80 * E, 105 * E, 125 * E, 140 * E]
    assert (first.acquisition_cost_micros, last.acquisition_cost_micros) == (100 * E, 30 * E)
    # (160 + 20) / 3, 210 / 2, 250 / 2; nothing is complete after three months.
    assert found.average == (60 * E, 105 * E, 125 * E, None)


def test_cohorts_by_channel_of_the_first_touch(lake: TestLake) -> None:
    found = valued(lake, by="CHANNEL")
    assert shown(found) == {
        "Email": (1, 80, 0, [(100, True), (150, True), (150, True), (180, False)]),
        # Bob's 60 + Eve's 20; then Bob's 40 in his month 2, which has not ended for Eve.
        "Paid Search": (2, 160, None, [(80, True), (80, False), (120, False), (120, False)]),
    }


def test_only_conversions_of_a_name(lake: TestLake) -> None:
    rows = lake.credit("v9", "2026-02-02T10:00:00Z", [Part("Email", 1.0, 7)])
    lake.write_credits([row | {"customer_id": "eve", "name": "Lead"} for row in rows])
    assert shown(valued(lake, conversion="Lead"))["2026-02-01"][0] == 1
    later = valued(lake, NOW_MS + MINUTE_MS)
    assert shown(later)["2026-02-01"][0] == 1  # Eve's first is the lead now
    with pytest.raises(InvalidError, match="conversion: use at most 200"):
        valued(lake, conversion="x" * 201)


def test_money_without_a_rate_is_in_no_amount_and_said(lake: TestLake) -> None:
    rows = lake.credit("v9", "2026-03-20T10:00:00Z", [Part("Email", 1.0, 9 * E)], currency="USD")
    lake.write_credits([row | {"customer_id": "eve"} for row in rows])
    found = valued(lake)
    assert (found.no_rate, [note.kind for note in found.frame.notes]) == (1, ["NO_RATE"])
    lake.write_rates("2026-03-20", USD=1_125_000)
    later = valued(lake, NOW_MS + MINUTE_MS)
    assert shown(later)["2026-03-01"][3] == [(28, True), (28, False)]


def test_the_route_answers_in_json(lake: TestLake) -> None:
    body = json.dumps({"period": "2026-01-01..2026-03-31"})
    path = f"/v1/sites/{lake.site_id}/cohort-value/query"
    status, found = answer(handler(request(path, lake.organization_id, method="POST", body=body), None))
    assert status == 200
    assert found["cohorts"][0]["key"] == "2026-01-01"
    assert found["cohorts"][0]["cells"][0] == {
        "month": 0,
        "revenue_micros": 160 * E,
        "per_person_micros": 80 * E,
        "complete": True,
    }
    assert found["average"][0] == 60 * E
    assert answer(handler(request(path, lake.organization_id, method="POST", body='{"by":"DAY"}'), None))[0] == 400
