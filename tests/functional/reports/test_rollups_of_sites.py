"""Rollups of an organization with several sites: one count for all, and writes for those that changed."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from optiq.journeys.lake import SESSIONS, TOUCHES
from optiq.kernel.caller import Caller
from optiq.kernel.clock import from_rfc3339
from optiq.kernel.errors import NotFoundError
from optiq.ports.lake_rows import arrow_table, name_of
from optiq.reports import keys
from optiq.reports.overview.api import TILES, overview
from optiq.reports.questions.answering import answer
from optiq.reports.questions.asked import checked
from optiq.reports.questions.contracts import Ask, Row
from optiq.reports.rollups.building import ROLLUPS_JOB
from optiq.reports.rollups.records import packed
from optiq.reports.runs import Made, run_job
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import Site

from tests.functional.reports.conftest import SiteMaker
from tests.functional.reports.lake import Part, TestLake

pytestmark = pytest.mark.usefixtures("table")
NOW_MS = from_rfc3339("2026-01-12T12:00:00Z")
PERIOD = "2026-01-01..2026-01-12"


class Sites:
    """Sites of one organization, whose visits have the same ids and persons: only the site tells them apart."""

    def __init__(self, lake: TestLake, monkeypatch: pytest.MonkeyPatch) -> None:
        self.lake, self.number = lake, 0
        first = tenancy.get_site(lake.organization_id, lake.site_id)
        second = f"site_{'Z' * 26}"
        third = f"site_{'Y' * 26}"
        self.sites = [first, replace(first, site_id=second), replace(first, site_id=third, timezone="Asia/Tokyo")]

        def get_site(_organization: str, site_id: str) -> Site:
            found = [site for site in self.sites if site.site_id == site_id]
            if not found:
                raise NotFoundError("there is no such site")
            return found[0]

        monkeypatch.setattr(tenancy, "get_site", get_site)

    def visit(self, site: Site, number: int, at: str, person: str = "c1", channel: str = "Email") -> None:
        row = {"session_id": f"s{number}", "site_id": site.site_id, "customer_id": person}
        row |= {"started_at": from_rfc3339(at), "ended_at": from_rfc3339(at), "bot": False, "deleted": False}
        touch = {"touch_id": f"t{number}", "session_id": f"s{number}", "site_id": site.site_id, "channel": channel}
        touch |= {"occurred_at": from_rfc3339(at), "deleted": False}
        for table, values in ((SESSIONS, row), (TOUCHES, touch)):
            rows = [values | {"revision": 1}]
            name = name_of(f"p{self.number}", rows)
            self.lake.lake.append(table.name, self.lake.organization_id, at[:10], name, arrow_table(table, rows))
        self.number += 1

    def buy(self, site: Site, at: str, micros: int, currency: str = "EUR") -> None:
        parts = [Part("Email", 0.5, micros // 2), Part("Direct", 0.5, micros - micros // 2)]
        self.lake.write_credits(self.lake.credit("v1", at, parts, site_id=site.site_id, currency=currency))

    def roll_up(self) -> Made:
        every: Callable[[Sequence[Site]], str] = lambda _: "a"  # noqa: E731
        sites = {self.lake.organization_id: self.sites}
        return run_job(ROLLUPS_JOB, sites, every, lambda: NOW_MS, every=True, stop=lambda: False)

    def totals(self, site: Site) -> Row:
        found = overview(self.caller, site.site_id, period=PERIOD, compare="NONE", model="LINEAR", clock=lambda: NOW_MS)
        return found.totals

    def asked(self, site: Site, **fields: Any) -> Row:
        ask = Ask(TILES, period=PERIOD, model="LINEAR", **fields)
        return answer(checked(self.caller, site.site_id, ask, NOW_MS), NOW_MS).totals

    def spoil(self, site: Site, day: str) -> None:
        """Puts other visits into a site's rollup than were counted."""
        key = keys.rollup(self.lake.organization_id, site.site_id, "VISITS", day)
        packed(key, {"": {"": (1_000, 0)}}).save()

    @property
    def caller(self) -> Caller:
        return Caller.system(self.lake.organization_id)


@pytest.fixture
def sites(make_site: SiteMaker, monkeypatch: pytest.MonkeyPatch) -> Sites:
    made = Sites(make_site(timezone="UTC"), monkeypatch)
    made.lake.write_rates("2026-01-10", USD=1_250_000)
    first, second, third = made.sites
    for number, at in enumerate(("2026-01-10T10:00:00Z", "2026-01-10T20:00:00Z", "2026-01-11T10:00:00Z")):
        made.visit(first, number, at)
    made.visit(second, 0, "2026-01-10T10:00:00Z", channel="Direct")
    made.visit(third, 0, "2026-01-10T23:00:00Z")
    made.buy(first, "2026-01-10T12:00:00Z", 10_000_001, "USD")
    made.buy(second, "2026-01-11T12:00:00Z", 7)
    made.buy(third, "2026-01-12T00:00:00Z", 1_000_000)
    return made


def test_every_sites_rollups_are_its_own(sites: Sites) -> None:
    assert sites.roll_up().left == 0
    # Visits, revenue: 10.000001 USD at 1.25 a EUR, half up.
    expected = [(3, 8_000_001), (1, 7), (1, 1_000_000)]
    found = [sites.totals(site) for site in sites.sites]
    assert [(row.values[5], row.values[0]) for row in found] == expected
    assert found == [sites.asked(site) for site in sites.sites]


def test_all_sites_of_a_timezone_are_counted_by_three_statements(sites: Sites, monkeypatch: pytest.MonkeyPatch) -> None:
    works, asked = sites.lake.query.run, []

    def run(sql: str, *arguments: Any) -> Any:
        asked.append(sql)
        return works(sql, *arguments)

    monkeypatch.setattr(sites.lake.query, "run", run)
    sites.roll_up()
    assert len(asked) == 3 * 2


def test_only_sites_whose_figures_changed_are_written(sites: Sites) -> None:
    sites.roll_up()
    first, second, _ = sites.sites
    for site in (first, second):
        sites.spoil(site, "2026-01-10")
    sites.visit(first, 9, "2026-01-10T21:00:00Z")
    sites.roll_up()
    assert sites.totals(first) == sites.asked(first)
    assert sites.totals(second).values[5] == 1_000


def test_a_day_that_lost_its_figures_is_counted_as_nothing(sites: Sites) -> None:
    sites.roll_up()
    row = {"session_id": "s0", "site_id": sites.sites[1].site_id, "customer_id": "c1", "revision": 2, "deleted": True}
    rows = [row | {"started_at": from_rfc3339("2026-01-10T10:00:00Z"), "bot": False}]
    table = arrow_table(SESSIONS, rows)
    sites.lake.lake.append(SESSIONS.name, sites.lake.organization_id, "2026-01-10", "gone", table)
    sites.roll_up()
    assert [sites.totals(site).values[5] for site in sites.sites] == [3, 0, 1]


def test_a_site_in_another_timezone_has_its_days_counted_by_it(sites: Sites) -> None:
    sites.roll_up()
    first, _, third = sites.sites
    # 2026-01-12T00:00Z is the 11th in New York, and so is the visit of 23:00Z the 10th.
    sites.sites[2] = replace(third, timezone="America/New_York")
    assert sites.roll_up().left == 0
    by_day = {"dimensions": ("day",)}
    assert sites.totals(third) == sites.asked(sites.sites[2], **by_day)
    series = overview(
        sites.caller, third.site_id, period=PERIOD, compare="NONE", model="LINEAR", clock=lambda: NOW_MS
    ).series
    values = {row.keys[0]: (row.values[5], row.values[0]) for row in series}
    assert (values["2026-01-10"], values["2026-01-11"], values["2026-01-12"]) == ((1, 0), (0, 1_000_000), (0, 0))
    assert sites.totals(first) == sites.asked(first)


def test_a_stop_between_items_and_stamps_is_made_good(sites: Sites, monkeypatch: pytest.MonkeyPatch) -> None:
    from optiq.reports.rollups import building

    sites.roll_up()
    sites.visit(sites.sites[0], 9, "2026-01-10T21:00:00Z")
    works, calls = building.put_each, iter((False, True))

    class StopError(Exception):
        """The machine stops here."""

    def put_each(puts: Any) -> Any:
        if next(calls):
            sites.spoil(sites.sites[0], "2026-01-10")
            raise StopError
        return works(puts)

    monkeypatch.setattr(building, "put_each", put_each)
    with pytest.raises(StopError):
        sites.roll_up()
    monkeypatch.setattr(building, "put_each", works)
    sites.roll_up()
    assert sites.totals(sites.sites[0]) == sites.asked(sites.sites[0])
