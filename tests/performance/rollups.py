"""Rollups of many sites: counted together, beside one after another.

`python -m tests.performance.rollups --sites 500` measures another number of sites. CPU is of all threads.
"""

import argparse
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rich.console import Console

from infra.local.system import attach
from tests.performance.figures import Figure

if TYPE_CHECKING:
    from optiq.reports.rollups.planning import Planned

SITES = 200
_DAYS = 3
_VISITS = 50
_DAY_MS = 86_400_000
_CHANNELS = ("Email", "Direct", "Paid Search", "Organic Search", "Referral")


def measure(sites: int = SITES) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder, attach(folder, create=True):
        from optiq.kernel.clock import system_clock, utc_day
        from optiq.ports import wiring
        from optiq.reports.rollups.building import roll_up
        from optiq.reports.rollups.counting import statements
        from optiq.tenancy import api as tenancy

        site = tenancy.create_site(name="Bench", domains=["shop.example"], timezone="UTC").site
        site_ids = [f"site_{number:026d}" for number in range(sites)]
        today_ms = system_clock() // _DAY_MS * _DAY_MS
        starts = [today_ms - ago * _DAY_MS for ago in range(_DAYS)]
        for start_ms in starts:
            _write_visits(site.organization_id, site_ids, start_ms)
        planned = _planned(site_ids, utc_day(today_ms))

        def together(stamp: str) -> None:
            roll_up(site.organization_id, replace(planned, stamps=dict.fromkeys(planned.stamps, stamp)))

        def apart() -> None:
            # The statements alone: what was written came on top.
            for site_id in site_ids:
                for found in statements(planned, site_id):
                    wiring.query().run(found.sql, site.organization_id, found.parameters)

        first = _cpu(lambda: together("a"))
        one = _cpu(lambda: together("b"))
        each = _cpu(apart)
        return [
            Figure(f"a day of {sites} sites for the first time", first * 1000, "ms CPU"),
            Figure(f"a day of {sites} sites of which nothing changed", one * 1000, "ms CPU"),
            Figure("the same, site by site", each * 1000, "ms CPU", note=f"{each / one:.1f} x together"),
        ]


def _planned(site_ids: Sequence[str], day: str) -> "Planned":
    from zoneinfo import ZoneInfo

    from optiq.kernel.clock import parse_day
    from optiq.reports.domain import DayRange
    from optiq.reports.rollups.planning import Planned

    days = DayRange(parse_day(day), parse_day(day), ZoneInfo("UTC"))
    return Planned(frozenset(site_ids), True, "EUR", days, {day: ""})


def _cpu(act: object) -> float:
    assert callable(act)
    started = time.process_time()
    act()
    return time.process_time() - started


def _write_visits(organization_id: str, site_ids: Sequence[str], start_ms: int) -> None:
    """Visits, a tenth of which convert."""
    from optiq.attribution.lake import CREDIT_MODELS, CREDITS
    from optiq.journeys.lake import SESSIONS, TOUCHES
    from optiq.kernel.clock import utc_day
    from optiq.ports import wiring
    from optiq.ports.lake_rows import arrow_table

    sessions: list[dict[str, object]] = []
    touches: list[dict[str, object]] = []
    credited: list[dict[str, object]] = []
    earned = {f"{model}_weight": 1.0 for model in CREDIT_MODELS} | {f"{model}_micros": 5 for model in CREDIT_MODELS}
    for site_id in site_ids:
        for number in range(_VISITS):
            at_ms, name = start_ms + number * _DAY_MS // _VISITS, f"{site_id}-{start_ms}-{number}"
            row = {"site_id": site_id, "customer_id": f"c{number}", "revision": 1, "deleted": False}
            origin = {"channel": _CHANNELS[number % 5], "campaign": f"c{number % 10}"}
            sessions.append(row | {"session_id": name, "started_at": at_ms, "ended_at": at_ms, "bot": False})
            touches.append(row | origin | {"touch_id": name, "session_id": name, "occurred_at": at_ms})
            if number % 10 == 0:
                value = {"conversion_id": name, "conversion_at": at_ms, "touch_id": name, "touch_at": at_ms}
                value |= {"position": 1, "value_micros": 5, "currency": "EUR", "computed_at": at_ms, "name": "buy"}
                credited.append(row | origin | earned | value)
    for table, rows in ((SESSIONS, sessions), (TOUCHES, touches), (CREDITS, credited)):
        wiring.lake().append(table.name, organization_id, utc_day(start_ms), "bench", arrow_table(table, rows))


if __name__ == "__main__":
    from tests.performance.bench import figures_table

    parser = argparse.ArgumentParser(description="Measure rollups of many sites together, and site by site.")
    parser.add_argument("--sites", type=int, default=SITES)
    asked = parser.parse_args()
    Console(width=120).print(figures_table("Rollups", measure(asked.sites)))
