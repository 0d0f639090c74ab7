"""What a sweep of alert rules costs: `python -m tests.performance.alerts`, beside the goals of its design.

Ten rules on each of a hundred sites, of every kind that judges days, in four scopes: all of the site, which is read of
rollups, and three parts of it, which are asked of the lake. CPU is that of this process, all threads; the table is
another process. The sweep of a night judges a day that has just ended; most sweeps of a day find nothing new.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console

from infra.local.system import attach
from tests.performance.bench import figures_table
from tests.performance.figures import Figure

if TYPE_CHECKING:
    from optiq.tenancy.contracts import Site

SITES, DAYS = 100, 120
_SWEEP_GOAL_SECONDS, _SITE_GOAL_MS, _RULES_OF_THE_GOAL = 60.0, 1_000.0, 1_000
_VISITS, _ORDERS = 20, 12
_DAY_MS, _HOUR_MS = 86_400_000, 3_600_000
_CHANNELS = ("Email", "Direct", "Paid Search", "Organic Search")


def _rules() -> list[dict[str, Any]]:
    from optiq.alerts.judging.contracts import Condition
    from optiq.reports.questions.api import Filter

    def of(channel: str) -> dict[str, Any]:
        return {"filters": ((Filter("channel", "is", (channel,)),),)}

    return [
        {"kind": "CONVERSION_DROP", "percent": 30},
        {"kind": "CONVERSION_DROP", "percent": 50, "periods": 2},
        {"kind": "CPA_SPIKE", "percent": 50},
        {"kind": "ROAS_DROP", "percent": 30},
        {"kind": "CLICK_ANOMALY"},
        {"kind": "SPEND_THRESHOLD", "spend_micros": 10**12, "period": "MONTH"},
        {"kind": "CUSTOM", "conditions": (Condition("visits", "ODD"), Condition("revenue", "CHANGE_BELOW", 30))},
        {"kind": "CONVERSION_DROP", "percent": 30} | of("Email"),
        {"kind": "CUSTOM", "conditions": (Condition("conversions", "CHANGE_BELOW", 40, 7),)} | of("Direct"),
        {"kind": "CUSTOM", "conditions": (Condition("conversion_rate", "BELOW", 0.01, 7),)} | of("Paid Search"),
    ]


def measure(sites: int = SITES) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder, attach(folder, create=True):
        from optiq.alerts.planning import api as planning
        from optiq.alerts.sweeping import api as sweeping
        from optiq.kernel.clock import system_clock
        from optiq.reports.rollups import api as rollups

        made = _sites(sites)
        today_ms = system_clock() // _DAY_MS * _DAY_MS
        for back in range(DAYS):
            _write_day(made, today_ms - back * _DAY_MS)
        rollups.roll_up_all(stop=lambda: False)
        planned = _cpu(planning.watched_sites)
        now_ms = today_ms - 16 * _HOUR_MS

        def sweep() -> None:
            for site in made:
                sweeping.sweep_site(site.organization_id, site.site_id, clock=lambda: now_ms)

        first = _cpu(sweep)
        nothing = _cpu(sweep)
        now_ms += _DAY_MS
        night = _cpu(sweep)
    rules = sites * len(_rules())
    part = rules / _RULES_OF_THE_GOAL
    return [
        Figure("the first sweep", first, "s CPU", _SWEEP_GOAL_SECONDS * part, note=f"{rules:,} rules"),
        Figure("a sweep of a night", night, "s CPU", _SWEEP_GOAL_SECONDS * part, f"{night / nothing:.1f} x the next"),
        Figure("a sweep that finds nothing new", nothing, "s CPU", _SWEEP_GOAL_SECONDS * part),
        Figure("the same, of a site", night / sites * 1_000, "ms CPU", _SITE_GOAL_MS, note="of a night"),
        Figure("the plan of a sweep", planned * 1_000, "ms CPU"),
    ]


def _sites(count: int) -> "list[Site]":
    from optiq.alerts.rules import api as rules
    from optiq.tenancy import api as tenancy

    first = tenancy.create_site(name="Bench", domains=["shop.example"], timezone="UTC").site
    by = tenancy.operator(first.organization_id)
    made = [first]
    made += [tenancy.add_site(by, name=f"Bench {n}", domains=[f"shop-{n}.example"]) for n in range(count - 1)]
    for site in made:
        for number, rule in enumerate(_rules()):
            rules.create_rule(by, site.site_id, name=f"Rule {number}", **rule)
    return made


def _cpu(act: Callable[[], object]) -> float:
    started = time.process_time()
    act()
    return time.process_time() - started


def _write_day(sites: "Sequence[Site]", start_ms: int) -> None:
    """Visits, orders and costs of a day of every site."""
    from optiq.ads.lake import AD_METRICS
    from optiq.attribution.lake import CREDIT_MODELS, CREDITS
    from optiq.journeys.lake import SESSIONS, TOUCHES
    from optiq.kernel.clock import utc_day
    from optiq.ports import wiring
    from optiq.ports.lake_rows import arrow_table

    day = utc_day(start_ms)
    sessions: list[dict[str, object]] = []
    touches: list[dict[str, object]] = []
    credited: list[dict[str, object]] = []
    costs: list[dict[str, object]] = []
    earned: dict[str, object] = {f"{model}_weight": 1.0 for model in CREDIT_MODELS}
    earned |= {f"{model}_micros": 50_000_000 for model in CREDIT_MODELS}
    for site in sites:
        for number in range(_VISITS):
            at_ms, name = start_ms + number * _DAY_MS // _VISITS, f"{site.site_id}-{start_ms}-{number}"
            row = {"site_id": site.site_id, "customer_id": f"c{number}", "revision": 1, "deleted": False}
            origin = {"channel": _CHANNELS[number % 4], "campaign": f"c{number % 5}"}
            sessions.append(row | {"session_id": name, "started_at": at_ms, "ended_at": at_ms, "bot": False})
            touches.append(row | origin | {"touch_id": name, "session_id": name, "occurred_at": at_ms})
            if number < _ORDERS:
                value = {"conversion_id": name, "conversion_at": at_ms, "touch_id": name, "touch_at": at_ms}
                value |= {"position": 1, "value_micros": 50_000_000, "currency": "EUR", "computed_at": at_ms}
                credited.append(row | origin | earned | value | {"name": "Order Completed"})
        cost = {
            "site_id": site.site_id,
            "day": day,
            "source": "google",
            "medium": "cpc",
            "campaign": "c2",
            "revision": 1,
        }
        costs.append(cost | {"impressions": 1_000, "clicks": 50, "spend_micros": 40_000_000, "currency": "EUR"})
    organization_id = sites[0].organization_id
    for table, rows in ((SESSIONS, sessions), (TOUCHES, touches), (CREDITS, credited), (AD_METRICS, costs)):
        wiring.lake().append(table.name, organization_id, day, "bench", arrow_table(table, rows))


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure what sweeps of alert rules cost.")
    parser.add_argument("--sites", type=int, default=SITES)
    asked = parser.parse_args()
    Console(width=120).print(figures_table("Sweeps of alert rules", measure(asked.sites)))


if __name__ == "__main__":
    main()
