"""Reports beside reading the same rows: funnel, retention, paths and live questions over `steps`, and the overview.

`python -m tests.performance.reports --events 10000000` measures the larger size of the goals. CPU is of all threads.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from rich.console import Console

from infra.local.system import attach
from tests.performance.figures import Figure

if TYPE_CHECKING:
    from optiq.kernel.caller import Caller

EVENTS = 1_000_000
_DAYS = 30
_RUNS = 3
_LOADS = 30
_DAY_MS = 86_400_000
_NAMES = (
    ("page_view", 0.70),
    ("Product Viewed", 0.18),
    ("Product Added", 0.07),
    ("Order Completed", 0.02),
    ("scroll", 0.03),
)
_CHANNELS = ("Email", "Direct", "Paid Search", "Organic Search", "Referral", "Paid Social")


@dataclass(frozen=True, slots=True)
class _Site:
    caller: "Caller"
    site_id: str
    now_ms: int


def measure(events: int = EVENTS) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder, attach(folder, create=True):
        from optiq.kernel.caller import Caller
        from optiq.kernel.clock import system_clock
        from optiq.tenancy import api as tenancy

        made = tenancy.create_site(name="Bench", domains=["shop.example"], timezone="UTC").site
        now_ms = system_clock()
        site = _Site(Caller.system(made.organization_id), made.site_id, now_ms // _DAY_MS * _DAY_MS - 1)
        _write_steps(site, events)
        scan = _cpu(lambda number: _scan(site, number), _RUNS)
        figures = [Figure(f"plain scan of {events:,} events", scan * 1000, "ms CPU")]
        figures += [_beside(name, goal, ask, scan) for name, goal, ask in _questions(site)]
        figures += _saved_funnel(site, scan)
        return [*figures, *_overview(site, events // 10)]


def _questions(site: _Site) -> Iterator[tuple[str, float | None, Callable[[int], object]]]:
    from optiq.reports.behaviour.api import funnel, paths, retention
    from optiq.reports.behaviour.contracts import FunnelAsk, Matcher, PathsAsk, RetentionAsk

    three = tuple(map(Matcher, ("Product Viewed", "Product Added", "Order Completed")))

    # Another question each time: the same one would be answered from memory.
    def of_funnel(number: int) -> object:
        return funnel(site.caller, site.site_id, FunnelAsk(three, window_minutes=10_080 + number))

    def of_retention(number: int) -> object:
        ask = RetentionAsk(Matcher("page_view"), Matcher(""), period=f"last{_DAYS + number}d")
        return retention(site.caller, site.site_id, ask)

    def of_paths(number: int) -> object:
        return paths(site.caller, site.site_id, PathsAsk(most_nodes=10 + number))

    yield "funnel of 3 steps", 12, of_funnel
    yield "retention by week", 14, of_retention
    yield "paths", None, of_paths


def _saved_funnel(site: _Site, scan: float) -> Iterator[Figure]:
    """A saved funnel: storing its attempts, its answer of them, and its answer after more came in today."""
    from dataclasses import replace

    from optiq.kernel.clock import utc_day
    from optiq.ports import wiring
    from optiq.reports.behaviour.api import funnel, store_saved_funnels
    from optiq.reports.behaviour.saved import saved_funnel
    from optiq.reports.lake import STEPS
    from optiq.reports.views.api import create_view

    names = ("Product Viewed", "Product Added", "Order Completed")
    question = {"steps": [{"event": name} for name in names]}
    create_view(site.caller, site.site_id, name="Bench", kind="FUNNEL", question=question)
    started = time.process_time()
    store_saved_funnels(stop=lambda: False)
    yield Figure("storing a saved funnel for the first time", (time.process_time() - started) * 1000, "ms CPU")
    saved = saved_funnel(question)

    # Another period each time: the same one would be answered from memory.
    def answer(number: int) -> object:
        return funnel(site.caller, site.site_id, replace(saved, period=f"last{_DAYS + number}d"))

    yield _beside("the same funnel saved", 1, answer, scan)
    organization_id = site.caller.organization_id
    [today] = wiring.lake().files(STEPS.name, organization_id, utc_day(site.now_ms), utc_day(site.now_ms))
    rows = wiring.lake().read(today)
    assert rows is not None
    wiring.lake().append(STEPS.name, organization_id, today.day, today.name, rows.slice(1))
    yield _beside("the same, as more came in today", None, lambda number: answer(number + 10), scan)


def _beside(name: str, goal: float | None, ask: Callable[[int], object], scan: float) -> Figure:
    used = _cpu(ask, _RUNS)
    return Figure(name, used / scan, "x the scan", goal, note=f"{used * 1000:,.0f} ms CPU")


def _cpu(act: Callable[[int], object], runs: int) -> float:
    """Seconds of CPU of the run in the middle, after one that is not counted."""
    act(0)
    used = []
    for number in range(1, runs + 1):
        started = time.process_time()
        act(number)
        used.append(time.process_time() - started)
    return median(used)


def _scan(site: _Site, number: int) -> object:
    from optiq.ports import wiring

    sql = """
SELECT sum(t), max(event_id), count_if(name = 'Order Completed'), min(customer_id)
FROM steps WHERE site_id = ? AND t > ? AND dt BETWEEN ? AND ?"""
    days = ("2000-01-01", "2999-12-31")
    return wiring.query().run(sql, site.caller.organization_id, (site.site_id, number, *days)).rows


def _write_steps(site: _Site, events: int) -> None:
    """Days of events of people who come for some days, their rows in the order that `steps` has them."""
    from optiq.ports import wiring
    from optiq.ports.lake_rows import arrow_schema
    from optiq.reports import keys
    from optiq.reports.lake import STEPS
    from optiq.reports.records import RunStateRecord

    per_day = events // _DAYS
    for day, start_ms in _days(site, _DAYS):
        rows = _generated(site, day, start_ms, per_day, events // 12).select(list(STEPS.columns))
        table = rows.cast(arrow_schema(STEPS)).sort_by(
            [("site_id", "ascending"), ("customer_id", "ascending"), ("t", "ascending")]
        )
        wiring.lake().append(STEPS.name, site.caller.organization_id, day, "steps", table)
    state = RunStateRecord(*keys.steps_state(site.caller.organization_id))
    state.until_ms = site.now_ms
    state.save()


def _days(site: _Site, count: int) -> Iterator[tuple[str, int]]:
    from optiq.kernel.clock import utc_day

    for ago in range(count - 1, -1, -1):
        instant = site.now_ms - ago * _DAY_MS
        yield utc_day(instant), instant // _DAY_MS * _DAY_MS


def _generated(site: _Site, day: str, start_ms: int, rows: int, people: int) -> Any:
    import duckdb
    from optiq.reports.questions.catalogue import SLOTS

    bounds, share = [], 0.0
    for name, part in _NAMES:
        share += part
        bounds.append(f"WHEN dice < {share:.2f} THEN '{name}'")
    channels = ", ".join(f"'{channel}'" for channel in _CHANNELS)
    sql = f"""
SELECT '{site.site_id}' AS site_id, 'c' || person AS customer_id, 's' || person || '-{day}' AS session_id,
    'e{day}-' || n AS event_id, CAST({start_ms} + hash(n, 3) % {_DAY_MS} AS BIGINT) AS t,
    CAST(hash(n, 6) % 25 AS BIGINT) AS turn,
    CASE {" ".join(bounds)} ELSE 'scroll' END AS name, CASE WHEN dice < 0.70 THEN 'PAGE' ELSE 'TRACK' END AS kind,
    '/p/' || (hash(n, 4) % 500) AS path, 'shop.example' AS hostname,
    [{channels}][CAST(1 + hash(person) % 6 AS BIGINT)] AS channel,
    'google' AS source, 'cpc' AS medium, 'c' || (hash(person, 5) % 40) AS campaign, NULL AS content, NULL AS term,
    '/' AS landing_page, '' AS referrer_domain, 'MOBILE' AS device, 'Safari' AS browser, 'iOS' AS os, 'DE' AS country,
    NULL AS value_micros, 'EUR' AS currency, dice >= 0.95 AND dice < 0.97 AS conversion,
    '' AS declared, {", ".join(f"NULL AS {slot}" for slot in SLOTS)}
FROM (
    SELECT n, hash(n, '{day}') % {people} AS person, (hash(n, 2, '{day}') % 10000) / 10000.0 AS dice
    FROM range({rows}) AS found(n)
)"""
    return duckdb.connect(":memory:").sql(sql).to_arrow_table()


def _overview(site: _Site, visits: int) -> Sequence[Figure]:
    """The overview of 30 days beside the 30 before, of `visits` visits and a twentieth as many conversions."""
    from optiq.reports.overview.api import overview
    from optiq.reports.rollups.api import roll_up_all

    _write_visits(site, visits)
    started = time.process_time()
    made = roll_up_all(stop=lambda: False)
    rolled = time.process_time() - started
    used, walls = [], []
    for _ in range(_LOADS):
        wall, cpu = time.monotonic(), time.process_time()
        overview(site.caller, site.site_id, period="last30d", compare="PREVIOUS_PERIOD", model="LINEAR")
        used.append((time.process_time() - cpu) * 1000)
        walls.append((time.monotonic() - wall) * 1000)
    return [
        Figure(f"rolling {made.days} days up, {visits:,} visits, all models", rolled * 1000, "ms CPU"),
        Figure(
            "overview of 30 days beside the 30 before",
            median(used),
            "ms CPU",
            30,
            note=f"{median(walls):.0f} ms in all",
        ),
    ]


def _write_visits(site: _Site, visits: int) -> None:
    from optiq.attribution.lake import CREDIT_MODELS, CREDITS
    from optiq.journeys.lake import SESSIONS, TOUCHES
    from optiq.ports import wiring
    from optiq.ports.lake_rows import arrow_table

    per_day, owner = max(20, visits // 60), site.caller.organization_id
    for day, start_ms in _days(site, 60):
        sessions: list[dict[str, object]] = []
        touches: list[dict[str, object]] = []
        credited: list[dict[str, object]] = []
        for number in range(per_day):
            at_ms, person = start_ms + number * _DAY_MS // per_day, f"c{hash((day, number)) % max(10, visits // 3)}"
            of_row = {"site_id": site.site_id, "customer_id": person, "revision": 1, "deleted": False}
            origin = {"channel": _CHANNELS[number % 6], "campaign": f"c{number % 40}"}
            name = f"{day}-{number}"
            sessions.append(of_row | {"session_id": name, "started_at": at_ms, "ended_at": at_ms, "bot": False})
            touches.append(of_row | origin | {"touch_id": name, "session_id": name, "occurred_at": at_ms})
            if number % 20 == 0:
                earned = {f"{model}_weight": 1.0 for model in CREDIT_MODELS}
                earned |= {f"{model}_micros": 50_000_000 for model in CREDIT_MODELS}
                value = {
                    "conversion_id": name,
                    "conversion_at": at_ms,
                    "touch_id": name,
                    "touch_at": at_ms,
                    "position": 1,
                }
                value |= {
                    "value_micros": 50_000_000,
                    "currency": "EUR",
                    "computed_at": at_ms,
                    "name": "Order Completed",
                }
                credited.append(of_row | origin | earned | value)
        for table, rows in ((SESSIONS, sessions), (TOUCHES, touches), (CREDITS, credited)):
            wiring.lake().append(table.name, owner, day, "bench", arrow_table(table, rows))


if __name__ == "__main__":
    from tests.performance.bench import figures_table

    parser = argparse.ArgumentParser(description="Measure reports beside reading the same rows.")
    parser.add_argument("--events", type=int, default=EVENTS)
    asked = parser.parse_args()
    Console(width=120).print(figures_table("Reports", measure(asked.events)))
