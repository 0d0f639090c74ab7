"""The live view over a lake."""

from pathlib import Path

import pytest
from optiq.journeys.lake import CONVERSIONS, TOUCHES
from optiq.kernel.caller import Caller
from optiq.kernel.clock import MINUTE_MS, from_rfc3339
from optiq.reports.live.api import live
from optiq.reports.live.contracts import Top

from tests.functional.reports.conftest import SiteMaker
from tests.functional.reports.test_steps import Days

pytestmark = pytest.mark.usefixtures("table")
NOW = "2026-01-11T00:10:30Z"


@pytest.fixture
def days(make_site: SiteMaker, tmp_path: Path) -> Days:
    return Days(make_site(), tmp_path)


def test_the_last_half_hour_across_midnight(days: Days) -> None:
    days.visit("s1", "2026-01-10T23:30:00Z", "2026-01-11T00:09:00Z", country="DE")
    days.write(
        TOUCHES, "2026-01-10T23:30:00Z", touch_id="t1", session_id="s1", customer_id="c1", channel="Email", source="nl"
    )
    days.event("old", "2026-01-10T23:40:59Z")
    days.event("e1", "2026-01-10T23:41:00Z")
    days.event("e2", "2026-01-11T00:05:59Z")
    days.event("e3", "2026-01-11T00:06:00Z", kind="TRACK", name="buy", value_micros=5, currency="EUR")
    days.write(CONVERSIONS, "2026-01-11T00:06:00Z", conversion_id="v1", customer_id="c1", event_id="e3")
    days.event("e4", "2026-01-11T00:10:20Z", "c2", url="https://shop.example/new")
    days.event("bot", "2026-01-11T00:10:21Z", "c3", left_out="BOT")
    found = live(Caller.system(days.lake.organization_id), days.lake.site_id, clock=lambda: from_rfc3339(NOW))

    assert found.people == 2
    assert [one.event for one in found.latest] == ["page_view", "buy", "page_view", "page_view"]
    minutes = {one.minute_ms: (one.people, one.events) for one in found.minutes}
    assert len(minutes) == 30
    first, last = from_rfc3339("2026-01-10T23:41:00Z"), from_rfc3339("2026-01-11T00:10:00Z")
    assert (min(minutes), max(minutes), minutes[first], minutes[last]) == (first, last, (1, 1), (1, 1))
    assert minutes[last - 4 * MINUTE_MS] == (1, 1)
    assert found.pages == (Top("/cart", 1), Top("/new", 1))
    assert found.sources == (Top("", 1), Top("nl", 1))
    assert found.countries == (Top("", 1), Top("DE", 1))
    (conversion,) = found.conversions
    assert (conversion.event, conversion.channel, conversion.country, conversion.value_micros) == (
        "buy",
        "Email",
        "DE",
        5,
    )


@pytest.mark.parametrize("name", ["Order Refunded", "refund", "order_updated", "ORDER-CANCELLED"])
def test_who_corrects_an_order_is_not_on_the_site(days: Days, name: str) -> None:
    days.event("e1", "2026-01-11T00:09:00Z")
    days.event("c1", "2026-01-11T00:10:00Z", "c2", kind="TRACK", name=name, from_server=True, url="")
    found = live(Caller.system(days.lake.organization_id), days.lake.site_id, clock=lambda: from_rfc3339(NOW))
    assert found.people == 1
    assert (sum(one.people for one in found.minutes), sum(one.events for one in found.minutes)) == (1, 1)
    assert (found.pages, found.sources, found.countries) == ((Top("/cart", 1),), (Top("", 1),), (Top("", 1),))
    # What happened is shown all the same.
    assert [one.event for one in found.latest] == [name, "page_view"]
