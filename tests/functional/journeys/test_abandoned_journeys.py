"""The nightly sweep: what it records of abandoned journeys, beside what is worked out when somebody asks."""

from typing import Any

import pytest
from optiq.journeys import abandonment
from optiq.journeys import api as journeys
from optiq.journeys.customer_contracts import JourneySweep
from optiq.journeys.lake import ABANDONED_JOURNEYS
from optiq.kernel.clock import DAY_MS, system_clock, to_rfc3339
from optiq.kernel.errors import UpstreamError
from optiq.kernel.lake_tables import latest_rows
from optiq.ports import wiring
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

from tests.functional.pipeline import Pipeline
from tests.functional.senders import send_segment

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def site() -> NewSite:
    return tenancy.create_site(name="Shop", domains=["shop.example"])


def _visit(site: NewSite, who: str, days_ago: float, query: str = "", **said: object) -> None:
    message: dict[str, Any] = {
        "type": "page",
        "anonymousId": who,
        "messageId": f"{who}.{days_ago}{said.get('event', '')}",
        "timestamp": to_rfc3339(system_clock() - int(days_ago * DAY_MS)),
        "context": {"page": {"url": f"https://shop.example/{query}"}},
    }
    pipeline = Pipeline()
    send_segment(site, "batch", {"batch": [message | said]})
    pipeline.drain()


def _sweep(*sites: NewSite) -> JourneySweep:
    return abandonment.sweep(
        [tenancy.current_site(s.site.organization_id, s.site.site_id) for s in sites], system_clock()
    )


def _listed(site: NewSite) -> list[tuple[str, bool]]:
    """Status of each journey, and whether a sweep has recorded it; the one that moved last comes first."""
    found = journeys.list_journeys(site.site.organization_id, site.site.site_id, None, 100, None).items
    return [(journey.status, journey.abandonment_recorded_ms is not None) for journey in found]


def _standing(site: NewSite) -> list[tuple[object, ...]]:
    sql = f"""SELECT touches, first_channel, last_channel FROM
        ({latest_rows(ABANDONED_JOURNEYS, "site_id = ?")}) WHERE NOT deleted ORDER BY last_activity_at"""
    return wiring.query().run(sql, site.site.organization_id, [site.site.site_id]).rows


def test_a_sweep_records_what_is_abandoned_once(site: NewSite) -> None:
    # GIVEN one who came twice and no more, one who is still about, and one who bought
    _visit(site, "gone", 50, "?utm_source=news&utm_medium=email")
    _visit(site, "gone", 45)
    _visit(site, "about", 7)
    _visit(site, "buyer", 60)
    _visit(site, "buyer", 59, type="track", event="Order Completed")
    assert _listed(site) == [("IN_PROGRESS", False), ("ABANDONED", False), ("CONVERTED", False)]

    # WHEN the sweep runs, and again
    assert [_sweep(site), _sweep(site)] == [JourneySweep(1, 0), JourneySweep(0, 0)]

    # THEN it told the one that ended, once
    assert _listed(site) == [("IN_PROGRESS", False), ("ABANDONED", True), ("CONVERTED", False)]
    assert _standing(site) == [(2, "Email", "Direct")]


@pytest.mark.parametrize("event", [None, "Order Completed"])
def test_a_journey_that_moves_on_is_abandoned_no_more(site: NewSite, event: str | None) -> None:
    # GIVEN a journey recorded as abandoned
    _visit(site, "v1", 45)
    _sweep(site)

    # WHEN the customer comes back, or buys
    _visit(site, "v1", 1, **({"type": "track", "event": event} if event else {}))

    # THEN that is so at once, and the next sweep takes back what it recorded
    status = "CONVERTED" if event else "IN_PROGRESS"
    assert _listed(site) == [(status, False)]
    assert _sweep(site) == JourneySweep(0, 1)
    assert _standing(site) == []
    assert _sweep(site) == JourneySweep(0, 0)


def test_the_window_is_the_sites_own(site: NewSite) -> None:
    ids = (site.site.organization_id, site.site.site_id)
    _visit(site, "v1", 10)
    assert _sweep(site) == JourneySweep(0, 0)

    tenancy.change_site(tenancy.operator(ids[0]), ids[1], {"journey_window_days": 7})
    assert _listed(site) == [("ABANDONED", False)]
    assert _sweep(site) == JourneySweep(1, 0)

    tenancy.change_site(tenancy.operator(ids[0]), ids[1], {"journey_window_days": 14})
    assert _listed(site) == [("IN_PROGRESS", False)]
    assert _sweep(site) == JourneySweep(0, 1)


def test_a_long_visit_is_activity_to_its_end(site: NewSite) -> None:
    tenancy.change_site(tenancy.operator(site.site.organization_id), site.site.site_id, {"journey_window_days": 1})
    _visit(site, "v1", 1.01)
    _visit(site, "v1", 0.995)

    assert _listed(site) == [("IN_PROGRESS", False)]


def test_a_sweep_that_broke_off_goes_on_where_it_stopped(site: NewSite, monkeypatch: pytest.MonkeyPatch) -> None:
    # GIVEN more journeys than a page holds, and a lake that fails after the first page
    monkeypatch.setattr(abandonment, "PAGE_ROWS", 2)
    monkeypatch.setattr(abandonment, "DIFFERING", abandonment.DIFFERING.replace("LIMIT 5000", "LIMIT 2"))
    for number in range(5):
        _visit(site, f"v{number}", 40 + number)
    append, pages = abandonment.append, []

    def once(*arguments: Any) -> None:
        pages.append(arguments)
        if len(pages) == 2:
            raise UpstreamError("the lake does not answer", retryable=True)
        append(*arguments)

    monkeypatch.setattr(abandonment, "append", once)

    # WHEN it is run again
    with pytest.raises(UpstreamError):
        _sweep(site)
    assert _sweep(site) == JourneySweep(3, 0)

    # THEN each is recorded once, and no page was larger than it may be
    assert len(_standing(site)) == 5
    assert max(len(rows) for _, rows in pages) == 2


def test_a_site_that_fails_does_not_keep_the_others_waiting(site: NewSite, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tenancy.create_site(name="Other", domains=["shop.example"])
    _visit(site, "v1", 45)
    _visit(other, "v1", 45)
    differing = abandonment.differing

    def fail_first(of_site: Any, now_ms: int) -> Any:
        if of_site.site_id == site.site.site_id:
            raise UpstreamError("the lake does not answer", retryable=True)
        return differing(of_site, now_ms)

    monkeypatch.setattr(abandonment, "differing", fail_first)
    with pytest.raises(UpstreamError, match="1 of 2 sites"):
        _sweep(site, other)

    assert (len(_standing(site)), len(_standing(other))) == (0, 1)


def test_the_schedule_sweeps_every_site(site: NewSite, monkeypatch: pytest.MonkeyPatch) -> None:
    from functions.journeys.sweep import handler

    _visit(site, "v1", 45)
    # The other sites of this table are other tests'.
    monkeypatch.setattr(tenancy, "all_sites", lambda: [site.site])

    assert handler({}, None) == {"recorded": 1, "taken_back": 0}
    assert _listed(site) == [("ABANDONED", True)]
