"""Who is the same person, who is not, and how to take it back."""

from itertools import permutations
from typing import Any

import pytest
from optiq.journeys import api as journeys
from optiq.journeys.contracts import ConversionPath
from optiq.kernel.clock import DAY_MS, system_clock, to_rfc3339
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

from tests.functional.paths import paths_of
from tests.functional.pipeline import Pipeline
from tests.functional.senders import send_segment

pytestmark = pytest.mark.usefixtures("table")

NOW = system_clock()


@pytest.fixture
def site() -> NewSite:
    return tenancy.create_site(name="Shop", domains=["shop.example"])


@pytest.fixture
def pipeline() -> Pipeline:
    return Pipeline()


def _visit(message_id: str, device: str, source: str, days_ago: float, **who: object) -> dict[str, Any]:
    page = {"url": f"https://shop.example/?utm_source={source}&utm_medium=email"}
    return _at(days_ago, type="page", messageId=message_id, anonymousId=device, context={"page": page}) | who


def _login(message_id: str, days_ago: float, **who: object) -> dict[str, Any]:
    return _at(days_ago, type="identify", messageId=message_id) | who


def _order(message_id: str, **who: object) -> dict[str, Any]:
    order = {"type": "track", "event": "Order Completed", "messageId": message_id, "properties": {"revenue": 10}}
    return _at(0, **order) | who


def _at(days_ago: float, **said: object) -> dict[str, Any]:
    return {"timestamp": to_rfc3339(NOW - int(days_ago * DAY_MS))} | said


def _send(site: NewSite, pipeline: Pipeline, *messages: dict[str, Any]) -> None:
    for message in messages:
        assert send_segment(site, "batch", {"batch": [message]})["statusCode"] == 200
        pipeline.drain()


def _paths(site: NewSite) -> dict[str, ConversionPath]:
    return {path.conversion.event_id: path for path in paths_of(site)}


def _sources(site: NewSite) -> dict[str, list[str]]:
    return {event_id: [touch.source for touch in path.touches] for event_id, path in _paths(site).items()}


def test_two_devices_of_one_user_are_one_person(site: NewSite, pipeline: Pipeline) -> None:
    _send(
        site,
        pipeline,
        _visit("p1", "phone", "spring", 5),
        _login("i1", 4, anonymousId="phone", userId="u1"),
        _visit("p2", "laptop", "autumn", 3),
        _order("o1", anonymousId="laptop", userId="u1"),
    )

    assert _sources(site) == {"o1": ["spring", "autumn"]}


def test_two_users_with_one_address_are_one_person(site: NewSite, pipeline: Pipeline) -> None:
    _send(
        site,
        pipeline,
        _visit("p1", "phone", "spring", 5, userId="old-account"),
        _login("i1", 4, userId="old-account", traits={"email": "Ada@Example.com "}),
        _order("o1", userId="new-account"),
    )
    assert _sources(site) == {"o1": []}

    # When the new account says the same address, what its order is credited to changes.
    _send(site, pipeline, _login("i2", 1, userId="new-account", traits={"email": "ada@example.com"}))

    assert _sources(site) == {"o1": ["spring"]}


def test_people_who_share_a_device_stay_apart(site: NewSite, pipeline: Pipeline) -> None:
    _send(
        site,
        pipeline,
        _visit("p1", "tablet", "spring", 5),
        _login("i1", 4, anonymousId="tablet", userId="u1", traits={"email": "ada@example.com"}),
        _login("i2", 3, anonymousId="tablet", userId="u2", traits={"email": "bob@example.com"}),
        _order("o1", userId="u1"),
        _order("o2", userId="u2"),
    )

    assert _sources(site) == {"o1": ["spring"], "o2": []}


def test_an_id_that_everybody_has_is_nobodys(site: NewSite, pipeline: Pipeline) -> None:
    _send(
        site,
        pipeline,
        _visit("p1", "phone", "spring", 5, userId="null"),
        _visit("p2", "laptop", "autumn", 3, userId="undefined"),
        _order("o1", anonymousId="laptop", userId="null"),
    )

    assert _sources(site) == {"o1": ["autumn"]}


def test_a_merge_can_be_undone(site: NewSite, pipeline: Pipeline) -> None:
    organization_id, site_id = site.site.organization_id, site.site.site_id
    _send(
        site,
        pipeline,
        _visit("p1", "phone", "spring", 5, userId="ada"),
        _login("i1", 4, userId="ada", traits={"email": "family@example.com"}),
        _login("i2", 2, userId="bob", traits={"email": "family@example.com"}),
        _order("o1", userId="bob"),
    )
    assert _sources(site) == {"o1": ["spring"]}
    person = journeys.get_customer(organization_id, site_id, _paths(site)["o1"].conversion.customer_id)
    (link,) = [link for link in person.links if link.other_type == "email" and link.since_ms == NOW - 2 * DAY_MS]

    journeys.cut_link(organization_id, site_id, link.customer_id, link.other_customer_id)
    pipeline.drain()

    assert _sources(site) == {"o1": []}
    # An event that says the same again does not bring it back.
    _send(site, pipeline, _login("i3", 0, userId="bob", traits={"email": "family@example.com"}))
    assert _sources(site) == {"o1": []}


def test_any_order_of_arrival_gives_the_same_people(pipeline: Pipeline) -> None:
    messages = [
        _visit("p1", "tablet", "spring", 6),
        _login("i1", 5, anonymousId="tablet", userId="u1"),
        _login("i2", 4, anonymousId="tablet", userId="u2", traits={"email": "bob@example.com"}),
        _login("i3", 3, userId="u3", traits={"email": "bob@example.com"}),
        _order("o1", userId="u1"),
        _order("o3", userId="u3"),
    ]
    for shuffled in list(permutations(messages))[::97]:
        site = tenancy.create_site(name="Shop", domains=["shop.example"])
        _send(site, pipeline, *shuffled)

        assert _sources(site) == {"o1": ["spring"], "o3": []}, [message["messageId"] for message in shuffled]


def test_nothing_joins_across_sites(pipeline: Pipeline) -> None:
    one = tenancy.create_site(name="One", domains=["one.example"])
    two = tenancy.create_site(name="Two", domains=["two.example"])

    _send(one, pipeline, _visit("p1", "phone", "spring", 5, userId="u1"))
    _send(two, pipeline, _order("o1", userId="u1"))

    assert _sources(two) == {"o1": []}
