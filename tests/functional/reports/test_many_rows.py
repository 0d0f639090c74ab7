"""What somebody sends in many values changes no answer: the engine cuts the rows as they would be cut here."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from optiq.journeys.lake import SESSIONS, TOUCHES
from optiq.kernel.caller import Caller
from optiq.kernel.clock import from_rfc3339
from optiq.ports.lake_rows import arrow_table
from optiq.ports.query import Result
from optiq.ports.query_duckdb import DuckDBQuery
from optiq.reports import api as reports
from optiq.reports.contracts import Question
from optiq.reports.questions.answering import answer
from optiq.reports.questions.asked import checked
from optiq.reports.questions.contracts import Answer, Ask

from tests.functional.reports.conftest import SiteMaker
from tests.functional.reports.lake import Part, TestLake
from tests.support.examples import some_and_slow

NOW_MS = from_rfc3339("2026-01-31T12:00:00Z")
METRICS = ("visits", "people", "bounce_rate", "conversions", "revenue", "spend", "clicks", "roas")


@pytest.fixture
def lake(make_site: SiteMaker) -> TestLake:
    made = make_site(timezone="Europe/Berlin")
    random = Random(11)
    channels = ("Email", "Direct", "Paid Search", "Organic Social", "Referral")
    for number in range(80):
        started = datetime(2025, 12, 1, tzinfo=UTC) + timedelta(minutes=random.randrange(60 * 24 * 60))
        at_ms = int(started.timestamp() * 1000)
        own = {"site_id": made.site_id, "session_id": f"s{number}", "revision": 1, "deleted": False}
        visit = own | {"customer_id": f"c{random.randrange(20)}", "started_at": at_ms, "ended_at": at_ms + number}
        visit |= {"page_views": 1, "engaged": True, "bounced": number % 3 == 0, "device": "MOBILE", "bot": False}
        touch = own | {"touch_id": f"t{number}", "occurred_at": at_ms, "channel": random.choice(channels)}
        day = started.date().isoformat()
        made.lake.append("sessions", made.organization_id, day, f"s{number}", arrow_table(SESSIONS, [visit]))
        made.lake.append("touches", made.organization_id, day, f"t{number}", arrow_table(TOUCHES, [touch]))
        if number % 2:
            part = Part(random.choice(channels), 1.0, random.randrange(10**8))
            currency = "EUR" if number % 5 else "ISK"
            instant = started.isoformat().replace("+00:00", "Z")
            made.write_credits(made.credit(f"o{number}", instant, [part], currency=currency))
    for number, channel in enumerate((*channels, "Display")):
        for day in ("2025-12-15", "2026-01-15"):
            spent = {"day": day, "channel": channel, "clicks": number, "spend_micros": number * 10**6}
            made.write_metrics(spent | {"impressions": 10 * number, "currency": "EUR", "campaign": f"c{number}"})
    return made


def ask(lake: TestLake, **fields: Any) -> Answer:
    question = Ask(**({"metrics": METRICS, "period": "2026-01-01..2026-01-30"} | fields))
    return answer(checked(Caller.system(lake.organization_id), lake.site_id, question, NOW_MS), NOW_MS)


@pytest.mark.parametrize(
    ("dimensions", "compare"),
    some_and_slow(
        itertools.product(
            [("channel", "campaign"), ("channel", "week"), ("month", "channel"), ("channel", "day"), ("channel",)],
            ["PREVIOUS_PERIOD", "NONE"],
        ),
        2,
    ),
)
def test_rows_are_cut_as_if_all_were_read(
    lake: TestLake, monkeypatch: pytest.MonkeyPatch, dimensions: tuple[str, ...], compare: str
) -> None:
    metrics = METRICS if "campaign" not in dimensions else ("conversions", "revenue", "visits")
    asked = [
        {"dimensions": dimensions, "compare": compare, "metrics": metrics, "order": order, "limit": limit}
        for order, limit in (("", 100), ("-visits", 3), ("conversions", 2), ("channel", 4), ("-channel", 4))
    ]
    asked += [one | {"order": "-bounce_rate"} for one in asked[:1] if "bounce_rate" in metrics]
    whole = [ask(lake, **one) for one in asked]
    monkeypatch.setattr("optiq.reports.questions.answering.MOST_LINES", 1)

    for one, expected in zip(asked, whole, strict=True):
        assert ask(lake, **one) == expected


def test_no_more_lines_are_read_than_are_listed(lake: TestLake, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    run: Callable[..., Result] = DuckDBQuery.run

    def counted(self: DuckDBQuery, *asked: Any) -> Result:
        found = run(self, *asked)
        read.append(len(found.rows))
        return found

    monkeypatch.setattr("optiq.reports.questions.answering.MOST_LINES", 2)
    monkeypatch.setattr(DuckDBQuery, "run", counted)

    found = ask(lake, dimensions=("channel", "day"), limit=2, compare="PREVIOUS_PERIOD")

    assert max(read) == 3
    assert (len(found.rows), found.row_count > 20) == (2, True)
    assert "MORE_ROWS" in [note.kind for note in found.notes]


def test_older_reports_list_the_values_with_most_revenue_and_add_up_all(
    lake: TestLake, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller, days = Caller.system(lake.organization_id), Question("2025-12-01", "2026-01-30", "channel")
    whole = reports.attribution_report(caller, lake.site_id, days, model="LINEAR")
    compared = reports.compare_models(caller, lake.site_id, days, models=("LINEAR", "FIRST_TOUCH"))
    assert whole.missing_rates
    monkeypatch.setattr("optiq.reports.sql.MOST_VALUES", 2)

    found = reports.attribution_report(caller, lake.site_id, days, model="LINEAR")

    note = f"2 of {len(whole.rows)} values are listed, those with the most revenue; the totals are of all."
    assert found == replace(whole, rows=whole.rows[:2], note=note)
    cut = reports.compare_models(caller, lake.site_id, days, models=("LINEAR", "FIRST_TOUCH"))
    assert (cut.rows, cut.note) == (compared.rows[:2], note)


def test_comparison_then_and_now_lists_no_value_that_is_unknown_in_one(
    lake: TestLake, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = Caller.system(lake.organization_id)
    days = Question("2025-12-01", "2026-01-30", "channel", as_of="2026-03-01")
    whole = reports.compare_models(caller, lake.site_id, days, models=("LINEAR",))
    monkeypatch.setattr("optiq.reports.sql.MOST_VALUES", 3)

    found = reports.compare_models(caller, lake.site_id, days, models=("LINEAR",))

    assert found.rows
    assert set(found.rows) <= set(whole.rows)
