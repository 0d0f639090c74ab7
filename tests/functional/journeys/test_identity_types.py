"""Every kind of identifier joins people, says why it did, and nothing more."""

from collections.abc import Callable
from typing import Any

import pytest
from optiq.journeys import api as journeys
from optiq.journeys.customer_contracts import Customer
from optiq.kernel.clock import DAY_MS, system_clock, to_rfc3339
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

from tests.functional.collect.posting import post_measurement
from tests.functional.paths import paths_of
from tests.functional.pipeline import Pipeline
from tests.functional.senders import send_segment

pytestmark = pytest.mark.usefixtures("table")

NOW = system_clock()
SPRING = {"page": {"url": "https://shop.example/?utm_source=spring&utm_medium=email"}}


@pytest.fixture
def site() -> NewSite:
    return tenancy.create_site(name="Shop", domains=["shop.example"])


@pytest.fixture
def pipeline() -> Pipeline:
    return Pipeline()


def _send(site: NewSite, kind: str, days_ago: int, **said: Any) -> None:
    message = {"timestamp": to_rfc3339(NOW - days_ago * DAY_MS), "sentAt": to_rfc3339(NOW)} | said
    assert send_segment(site, kind, message)["statusCode"] == 200


def _external(kind: str, value: str) -> dict[str, object]:
    return {"externalIds": [{"type": kind, "id": value, "collection": "users", "encoding": "none"}]}


def _buyer(site: NewSite) -> tuple[Customer, list[str]]:
    """Who made the one order, and the sources of the touches that brought it."""
    at = (site.site.organization_id, site.site.site_id)
    (order,) = journeys.list_conversions(*at, 10, None).items
    (path,) = paths_of(site)
    return journeys.get_customer(*at, order.customer_id), [touch.source for touch in path.touches]


@pytest.mark.parametrize(
    ("identity_type", "before", "after"),
    [
        ("phone", {"traits": {"phone": "+49 30 1234567"}}, {"traits": {"phone": "0049301234567"}}),
        ("email", {"traits": {"email": "ada@example.com"}}, {"context": {"traits": {"email": "Ada@Example.com"}}}),
        ("custom", {"context": _external("loyalty_card", "77")}, {"context": _external("loyalty_card", "77")}),
    ],
)
def test_two_devices_that_name_the_same_are_one_person(
    site: NewSite, pipeline: Pipeline, identity_type: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    _send(site, "page", 5, anonymousId="phone", context=SPRING)
    _send(site, "identify", 4, anonymousId="phone", **before)
    _send(site, "identify", 1, anonymousId="laptop", **after)
    _send(site, "track", 0, anonymousId="laptop", event="Order Completed", properties={"revenue": 10})
    pipeline.drain()

    person, sources = _buyer(site)
    assert sources == ["spring"]
    assert sorted(one.type for one in person.identities) == sorted(["anonymous_id", "anonymous_id", identity_type])


@pytest.mark.parametrize(
    "shared",
    [
        {"traits": {"email": "noemail@shop.example"}},
        {"traits": {"email": "No-Reply@null.com", "phone": "+10000000000"}},
        {"context": {"traits": {"phone": "+49 1111 1111"}}},
        {"context": _external("email", "test@test.com")},
        {"userId": "Guest User"},
        {"userId": "noemail@shop.example"},
    ],
)
def test_what_stands_for_nobody_joins_nobody(site: NewSite, pipeline: Pipeline, shared: dict[str, Any]) -> None:
    for device in ("phone", "laptop", "tablet"):
        _send(site, "page", 1, anonymousId=device, context=SPRING)
        _send(site, "identify", 1, anonymousId=device, **shared)
    pipeline.drain()

    found = journeys.list_customers(site.site.organization_id, site.site.site_id, 10, None).items
    assert len(found) == 3
    answer = send_segment(site, "track", {"event": "Opened", "userId": "noemail@shop.example"})
    assert answer["statusCode"] == 400


@pytest.mark.parametrize("days_ago", [1, 0])
def test_what_google_is_told_joins_what_segment_is_told(site: NewSite, pipeline: Pipeline, days_ago: int) -> None:
    # GIVEN a visit known to Google too, and a purchase that Google alone is told of, whichever came first
    _send(site, "page", 1, anonymousId="v1", context=SPRING)
    _send(site, "track", days_ago, anonymousId="v1", event="Opened", context=_external("ga_client_id", "1.2"))
    purchase = {"name": "purchase", "params": {"transaction_id": "A-1", "value": 10}}
    login = {"name": "login", "timestamp_micros": (NOW - DAY_MS // 2) * 1_000}
    for event in (login, purchase):
        assert post_measurement(site.write_key, {"client_id": "1.2", "events": [event]})["statusCode"] == 204
    pipeline.drain()

    assert _buyer(site)[1] == ["spring"]


@pytest.mark.parametrize(
    ("other", "spoil"),
    [
        ({"traits": {"phone": "+49301234567"}}, lambda said: {"traits": {"phone": "+49301234568"}}),
        ({"context": _external("crm", "77")}, lambda said: {"context": _external("loyalty_card", "77")}),
        ({"context": _external("crm", "null")}, lambda said: said),
        # Google's id outlives a visitor: the device may have changed hands.
        ({"context": _external("ga_client_id", "1.2")}, lambda said: said),
    ],
)
def test_what_is_not_the_same_joins_nobody(
    site: NewSite, pipeline: Pipeline, other: dict[str, Any], spoil: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    _send(site, "page", 5, anonymousId="phone", context=SPRING)
    _send(site, "identify", 4, anonymousId="phone", **other)
    _send(site, "identify", 1, anonymousId="laptop", **spoil(other))
    _send(site, "track", 0, anonymousId="laptop", event="Order Completed", properties={"revenue": 10})
    pipeline.drain()

    assert _buyer(site)[1] == []


def test_a_link_says_how_sure_it_is_and_who_said_so(site: NewSite, pipeline: Pipeline) -> None:
    _send(site, "identify", 3, anonymousId="v1", userId="u1", traits={"email": "ada@example.com"})
    _send(site, "track", 2, anonymousId="v2", userId="u1", event="Opened")
    _send(site, "track", 0, userId="u1", event="Order Completed", properties={"revenue": 10})
    pipeline.drain()

    links = _buyer(site)[0].links
    told = {link.since_ms: link for link in links if {link.type, link.other_type} == {"user_id", "anonymous_id"}}
    assert [told[day].source for day in sorted(told)] == ["login", "sdk"]
    assert all(0 < link.confidence <= 1 and link.counts and not link.cut for link in links)
    # A mailbox may be shared.
    sure = {frozenset((link.type, link.other_type)): link.confidence for link in links}
    assert sure[frozenset(("user_id", "email"))] < sure[frozenset(("user_id", "anonymous_id"))] == 1
