"""Visits by links and referrers as people write them: the touch that the order is credited to."""

from collections.abc import Mapping

import pytest
from optiq.journeys import api as journeys
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

from functions.collect import beacon
from tests.functional.pipeline import Pipeline
from tests.functional.senders import request, send_beacon

pytestmark = pytest.mark.usefixtures("table")

SPRING = ("newsletter", "email", "spring", "Email")
PAID = ("Google", "CPC", "(not set)", "Paid Search")
LINK = "utm_source=newsletter&utm_medium=email&utm_campaign=spring"


@pytest.fixture
def site() -> NewSite:
    return tenancy.create_site(name="Shop", domains=["shop.example"])


def _touches(site: NewSite) -> list[tuple[str, str, str, str]]:
    ids = (site.site.organization_id, site.site.site_id)
    (listed,) = journeys.list_customers(*ids, 10, None).items
    timeline = journeys.get_customer(*ids, listed.customer_id).timeline
    touches = [event.touch for event in timeline if event.touch]
    return [(touch.source, touch.medium, touch.campaign, touch.channel) for touch in touches]


@pytest.mark.parametrize(
    ("page", "touch"),
    [
        ({"url": "https://shop.example/?UTM_SOURCE=Google&UTM_MEDIUM=CPC"}, PAID),
        ({"url": "https://shop.example/?Utm_Source=Google&Utm_Medium=CPC"}, PAID),
        ({"url": "https://shop.example/?utm_source=Google&UTM_MEDIUM=CPC"}, PAID),
        ({"url": f"https://shop.example/#{LINK}"}, SPRING),
        ({"url": f"https://shop.example/#/landing?{LINK}"}, SPRING),
        ({"url": f"https://shop.example/?{LINK}#/landing"}, SPRING),
        ({"url": f"https://shop.example/?{LINK.replace('&', '&amp;')}"}, SPRING),
        ({"url": f"https://shop.example/?size=3?{LINK}"}, SPRING),
        (
            {"url": "https://shop.example/#/x?GCLID=1", "referrer": "https://www.google.com/"},
            ("google", "cpc", "(not set)", "Paid Search"),
        ),
        (
            {"url": "https://shop.example/", "referrer": "android-app://com.google.android.gm/"},
            ("gmail", "email", "(not set)", "Email"),
        ),
        (
            {"url": "https://shop.example/?utm_source=firebase&utm_medium=notify"},
            ("firebase", "notify", "(not set)", "Mobile Push"),
        ),
    ],
)
def test_a_visit_has_the_origin_that_its_page_view_names(
    site: NewSite, page: Mapping[str, str], touch: tuple[str, str, str, str]
) -> None:
    pipeline = Pipeline()
    send_beacon(site, dict(page))
    pipeline.drain()

    assert _touches(site) == [touch]


@pytest.mark.parametrize(
    "addresses",
    [
        ("::ffff:203.0.113.10", "::ffff:198.51.100.20"),
        ("::ffff:cb00:710a", "::ffff:c633:6414"),
        ("203.0.113.10", "::ffff:198.51.100.20"),
        ("64:ff9b::cb00:710a", "64:ff9b::c633:6414"),
    ],
)
def test_cookieless_visitors_of_two_networks_are_two(site: NewSite, addresses: tuple[str, str]) -> None:
    pipeline = Pipeline()
    now = "2026-02-02T10:00:00Z"
    for number, ip in enumerate((*addresses, addresses[0])):
        event = f'{{"event_id":"e{number}","kind":"page","timestamp":"{now}","url":"https://shop.example/"}}'
        sent = request("POST", "/b", f'{{"k":"{site.public_key}","events":[{event}]}}')
        sent["requestContext"]["http"]["sourceIp"] = ip
        beacon.handler(sent, None)
    pipeline.drain()

    found = journeys.list_customers(site.site.organization_id, site.site.site_id, 10, None).items
    assert len(found) == 2
