"""A site with rolled up days, asked by its overview and by the questions that say the same."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from optiq.journeys.lake import SESSIONS, TOUCHES
from optiq.kernel.caller import Caller
from optiq.kernel.clock import from_rfc3339
from optiq.ports.lake_rows import arrow_table
from optiq.reports.overview.api import TILES, overview
from optiq.reports.overview.contracts import Overview
from optiq.reports.questions.answering import answer
from optiq.reports.questions.asked import checked
from optiq.reports.questions.contracts import Answer, Ask
from optiq.reports.rollups.building import ROLLUPS_JOB
from optiq.reports.runs import Made, run_job
from optiq.tenancy import api as tenancy

from tests.functional.reports.lake import Part, TestLake

NOW_MS = from_rfc3339("2026-01-31T12:00:00Z")
CHANNELS = ("Email", "Direct", "Paid Search")


class Rolled:
    """A site with random visits, conversions and spend of the last days of January, rolled up."""

    def __init__(self, lake: TestLake, days: int = 31) -> None:
        self.lake, self.random, self.number = lake, Random(11), 0
        self.sites = [tenancy.get_site(lake.organization_id, lake.site_id)]
        if days:
            self._write(days)

    def _write(self, days: int) -> None:
        lake = self.lake
        first, minutes = datetime(2026, 2, 1, tzinfo=UTC) - timedelta(days), (days - 1) * 24 * 60 + 700
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
        for number in range(days):
            day = first.date() + timedelta(days=number)
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
