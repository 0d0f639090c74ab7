"""What the guard against credit thieves kept, over HTTP."""

from typing import Any

import pytest
from optiq.kernel.clock import HOUR_MS, MINUTE_MS, system_clock, to_rfc3339
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

from functions.journeys.routes import handler
from tests.functional.pipeline import Pipeline
from tests.functional.reports.http import answer, request
from tests.functional.senders import send_segment

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def site() -> NewSite:
    return tenancy.create_site(name="Shop", domains=["shop.example"], excluded_referrers=["bank.example"])


def _get(site: NewSite, query: str = "", organization_id: str = "") -> tuple[int, dict[str, Any]]:
    path = f"/v1/sites/{site.site.site_id}/credit-guard{query}"
    return answer(handler(request(path, organization_id or site.site.organization_id), None))


def _page(visitor: str, ago_ms: int, referrer: str = "", query: str = "") -> dict[str, Any]:
    page = {"url": f"https://shop.example/{query}", "referrer": referrer}
    when = to_rfc3339(system_clock() - ago_ms)
    return {"type": "page", "anonymousId": visitor, "timestamp": when, "context": {"page": page}}


def _page_at(visitor: str, when: str, referrer: str) -> dict[str, Any]:
    return _page(visitor, 0, referrer) | {"timestamp": when}


def test_returns_are_counted_by_referrer_and_session(site: NewSite) -> None:
    # GIVEN two visitors who paid, one of them twice in one session, and one who came from a shop next door
    pipeline = Pipeline()
    send_segment(site, "batch", {"batch": [
        _page("v1", HOUR_MS, query="?utm_source=n&utm_medium=email"),
        _page("v1", 50 * MINUTE_MS, "https://www.paypal.com/a"),
        _page("v1", 40 * MINUTE_MS, "https://www.paypal.com/b"),
        _page("v2", HOUR_MS),
        _page("v2", 50 * MINUTE_MS, "https://paypal.com/"),
        _page("v2", 45 * MINUTE_MS, "https://pay.bank.example/"),
        _page("v3", HOUR_MS),
        _page("v3", 1, "https://next.example/"),
    ]})  # fmt: skip
    pipeline.drain()

    # THEN each return stands by the page it came from
    status, said = _get(site)
    assert (status, said["rows"]) == (
        200,
        [
            {"referrer": "paypal.com", "returns": 3, "sessions": 2},
            {"referrer": "bank.example", "returns": 1, "sessions": 1},
        ],
    )
    assert _get(site, "?from=2026-01-01&to=2026-01-02") == (200, {"rows": [], "days": []})


def test_returns_are_counted_by_the_sites_own_days_too() -> None:
    # GIVEN a site in Nepal (UTC+05:45), where a day ends at 18:15 UTC
    site = tenancy.create_site(name="Shop", domains=["shop.example"], timezone="Asia/Kathmandu")
    pipeline = Pipeline()
    send_segment(site, "batch", {"batch": [
        _page_at(visitor, f"2026-03-05T{time}:00Z", referrer)
        for visitor, times in {"v1": ("17:50", "18:14"), "v2": ("18:15", "18:16"), "v3": ("18:20", "18:21")}.items()
        for time, referrer in zip(times, ("", "https://paypal.com/"), strict=True)
    ]})  # fmt: skip
    pipeline.drain()

    # THEN each return is of the day its session began
    _, said = _get(site, "?from=2026-03-01&to=2026-03-31")
    assert said == {
        "rows": [{"referrer": "paypal.com", "returns": 3, "sessions": 3}],
        "days": [
            {"day": "2026-03-05", "rows": [{"referrer": "paypal.com", "returns": 1, "sessions": 1}]},
            {"day": "2026-03-06", "rows": [{"referrer": "paypal.com", "returns": 2, "sessions": 2}]},
        ],
    }


def test_a_range_that_cannot_be_is_said(site: NewSite) -> None:
    for query in ("?from=2026-01-03&to=2026-01-02", "?from=2020-01-01&to=2026-01-02", "?from=yesterday"):
        assert _get(site, query)[0] == 400


def test_another_organization_sees_no_such_site(site: NewSite, organization_id: str) -> None:
    assert _get(site, organization_id=organization_id)[0] == 404
