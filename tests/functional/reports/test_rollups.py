"""Rollups and the overview, against the questions that say the same."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from optiq.journeys.lake import SESSIONS, TOUCHES
from optiq.kernel.caller import Caller
from optiq.kernel.clock import HOUR_MS, from_rfc3339
from optiq.ports.lake_rows import arrow_table
from optiq.reports.overview.api import OF_CUSTOMERS, TILES, overview
from optiq.reports.overview.contracts import Overview
from optiq.reports.questions.answering import answer
from optiq.reports.questions.asked import checked
from optiq.reports.questions.contracts import Answer, Ask
from optiq.reports.rollups.building import ROLLUPS_JOB
from optiq.reports.rollups.parts import OTHER
from optiq.reports.runs import Made, run_job
from optiq.tenancy import api as tenancy

from tests.functional.reports.conftest import SiteMaker
from tests.functional.reports.lake import Part, TestLake

pytestmark = pytest.mark.usefixtures("table")
NOW_MS = from_rfc3339("2026-01-31T12:00:00Z")
CHANNELS = ("Email", "Direct", "Paid Search")


class Rolled:
    """A site with random visits, conversions and spend, rolled up."""

    def __init__(self, lake: TestLake) -> None:
        self.lake, self.random, self.number = lake, Random(11), 0
        self.sites = [tenancy.get_site(lake.organization_id, lake.site_id)]
        first, minutes = datetime(2026, 1, 1, tzinfo=UTC), 30 * 24 * 60 + 700
        self.visit(*(first + timedelta(minutes=self.random.randrange(minutes)) for _ in range(150)))
        conversions = []
        for number in range(40):
            at = first + timedelta(minutes=self.random.randrange(minutes))
            channels = self.random.sample(CHANNELS, self.random.randrange(1, 4))
            parts = [Part(channel, 1 / len(channels), self.random.randrange(9_000_000)) for channel in channels]
            currency = "USD" if number % 3 == 0 else "EUR"
            instant = at.strftime("%Y-%m-%dT%H:%M:%SZ")
            # Ids sort by time.
            rows = lake.credit(f"{instant}-{number}", instant, parts, currency=currency)
            conversions.append([row | {"customer_id": f"c{number % 15}"} for row in rows])
        lake.write_credits(*conversions)
        for number in range(31):
            day = date(2026, 1, 1) + timedelta(days=number)
            lake.write_rates(day.isoformat(), USD=1_100_000 + number)
            lake.write_metrics(
                {
                    "day": day.isoformat(),
                    "channel": "Paid Search",
                    "spend_micros": 1_000_003 * number,
                    "currency": "USD",
                }
            )

    def visit(self, *starts: datetime) -> None:
        """Visits with a touch each, in one file for each day."""
        sessions: dict[str, list[dict[str, Any]]] = {}
        touches: dict[str, list[dict[str, Any]]] = {}
        for started in starts:
            day = started.date().isoformat()
            visit, touch = self._visit(int(started.timestamp() * 1000))
            sessions.setdefault(day, []).append(visit)
            touches.setdefault(day, []).append(touch)
        for table, days in ((SESSIONS, sessions), (TOUCHES, touches)):
            for day, rows in days.items():
                name = str(rows[0]["session_id"])
                self.lake.lake.append(table.name, self.lake.organization_id, day, name, arrow_table(table, rows))

    def _visit(self, started_ms: int) -> tuple[dict[str, Any], dict[str, Any]]:
        self.number += 1
        name = f"{started_ms}-s{self.number}"  # sorts by time, as ids do
        visit = {
            "session_id": name,
            "site_id": self.lake.site_id,
            "customer_id": f"c{self.random.randrange(60)}",
            "started_at": started_ms,
            "ended_at": started_ms + 1,
            "bot": False,
            "revision": 2,
            "deleted": self.number % 10 == 0,
        }
        touch = {
            "touch_id": f"t{name}",
            "site_id": self.lake.site_id,
            "session_id": name,
            "occurred_at": started_ms,
            "channel": self.random.choice(CHANNELS),
            "campaign": self.random.choice(("", "spring", "summer")),
            "revision": 1,
            "deleted": False,
        }
        return visit, touch

    def roll_up(self, now_ms: int = NOW_MS, **how: Any) -> Made:
        stop = how.get("stop", lambda: False)
        return run_job(
            ROLLUPS_JOB,
            {self.lake.organization_id: self.sites},
            lambda _: "a",
            lambda: now_ms,
            every=True,
            stop=stop,
        )

    def overview(
        self, period: str = "last14d", compare: str = "PREVIOUS_PERIOD", model: str = "", interval: str = "day"
    ) -> Overview:
        asked = {"period": period, "compare": compare, "model": model, "interval": interval}
        return overview(Caller.system(self.lake.organization_id), self.lake.site_id, clock=lambda: NOW_MS, **asked)

    def ask(self, *metrics: str, **fields: Any) -> Answer:
        question = Ask(metrics or TILES, **({"period": "last14d", "compare": "PREVIOUS_PERIOD"} | fields))
        return answer(checked(Caller.system(self.lake.organization_id), self.lake.site_id, question, NOW_MS), NOW_MS)


@pytest.fixture
def rolled(make_site: SiteMaker) -> Rolled:
    return Rolled(make_site(timezone="Europe/Berlin"))


@pytest.mark.parametrize(
    ("period", "compare", "model"),
    [
        ("last14d", "PREVIOUS_PERIOD", ""),
        ("today", "SAME_WEEKDAYS", "LINEAR"),
        ("2026-01-10..2026-01-20", "2026-01-01..2026-01-05", ""),
        ("last30d", "NONE", "FIRST_TOUCH"),
    ],
)
def test_the_overview_has_the_numbers_of_questions(rolled: Rolled, period: str, compare: str, model: str) -> None:
    rolled.roll_up()
    found = rolled.overview(period, compare, model)
    asked = {"period": period, "compare": compare, "model": model}
    assert found.totals == rolled.ask(**asked).totals
    for name, rows in (("channel", found.channels), ("campaign", found.campaigns)):
        expected = {row.keys: row for row in rolled.ask(dimensions=(name,), **asked).rows}
        assert rows
        assert [expected[row.keys] for row in rows] == list(rows)
    assert found.series == rolled.ask(dimensions=("day",), **asked).rows
    for name, rows, metrics in (
        ("visitor", found.visitors, ("visits",)),
        ("customer", found.customers, OF_CUSTOMERS),
    ):
        of_question = {row.keys[0]: row for row in rolled.ask(*metrics, dimensions=(name,), **asked).rows}
        assert {row.keys[0]: row for row in rows if row.keys[0] in of_question} == of_question
    kinds = {"WHOLE_DAYS_COMPARED"} if compare in ("PREVIOUS_PERIOD", "SAME_WEEKDAYS") else set()
    assert {note.kind for note in found.notes} == kinds


def test_days_of_many_campaigns_add_up_to_the_same_totals(rolled: Rolled, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optiq.reports.rollups.counting.MOST_READ", 1)
    rolled.roll_up()
    found = rolled.overview()
    asked = rolled.ask()
    assert (found.totals, found.series) == (asked.totals, rolled.ask(dimensions=("day",)).rows)
    channels = {row.keys: row for row in rolled.ask(dimensions=("channel",)).rows}
    assert [channels[row.keys] for row in found.channels] == list(found.channels)
    assert OTHER in {row.keys[0] for row in found.campaigns}


def test_the_overviews_series_by_week_or_month_adds_up_to_its_total(rolled: Rolled) -> None:
    rolled.roll_up()
    for interval in ("week", "month"):
        found = rolled.overview("last30d", interval=interval)
        assert found.series == rolled.ask(dimensions=(interval,), period="last30d").rows
        assert sum(one.values[5] or 0 for one in found.series) == found.totals.values[5]


def test_the_overview_names_what_changed_most_even_if_it_is_gone(rolled: Rolled) -> None:
    rolled.lake.write_credits(
        rolled.lake.credit("gone", "2026-01-05T10:00:00Z", [Part("Affiliates", 1.0, 900_000_000)], currency="EUR")
    )
    rolled.roll_up()
    found = rolled.overview("last14d")
    assert "Affiliates" not in {one.keys[0] for one in found.channels if one.values[0]}
    assert (found.changed_channels[0].keys, found.changed_channels[0].before[0]) == (("Affiliates",), 900_000_000)
    assert rolled.overview("last14d", "NONE").changed_channels == ()


def test_a_replay_changes_nothing_and_a_late_row_its_day_alone(rolled: Rolled) -> None:
    assert rolled.roll_up().left == 0
    before = rolled.overview()
    assert rolled.roll_up() == Made(0, 0)
    rolled.lake.write_metrics(
        {"day": "2026-01-25", "channel": "Email", "spend_micros": 7, "currency": "EUR", "ad": "b"}
    )
    assert rolled.roll_up() == Made(1, 0)
    assert (rolled.overview().totals.values[1] or 0) == (before.totals.values[1] or 0) + 7
    rolled.visit(datetime(2026, 1, 20, 12, tzinfo=UTC))
    # The day itself and those after it, to that on which the last UTC day ends: other visits may be the first now.
    assert rolled.roll_up() == Made(13, 0)
    assert (rolled.overview().totals.values[5] or 0) == (before.totals.values[5] or 0) + 1


def test_numbers_that_are_not_counted_yet_are_told_apart_from_none(rolled: Rolled) -> None:
    found = rolled.overview()
    assert (found.data_until_ms, next(note.kind for note in found.notes)) == (0, "NOT_COUNTED_YET")


def test_a_stopped_run_is_continued(rolled: Rolled) -> None:
    assert rolled.roll_up(stop=lambda: True) == Made(0, 1)
    assert rolled.overview().data_until_ms == 0
    assert rolled.roll_up(NOW_MS + HOUR_MS).left == 0


def test_a_site_made_after_the_last_run_is_not_counted_yet(rolled: Rolled) -> None:
    # GIVEN an organization whose sites were counted at a time before one of them was made
    made_ms = tenancy.get_site(rolled.lake.organization_id, rolled.lake.site_id).created_ms
    rolled.roll_up(made_ms - 1)

    # THEN its overview says so, and no number of 0 looks counted
    found = rolled.overview()
    assert (found.data_until_ms, next(note.kind for note in found.notes)) == (0, "NOT_COUNTED_YET")
    rolled.roll_up(made_ms + 1)
    assert rolled.overview().data_until_ms == made_ms + 1
