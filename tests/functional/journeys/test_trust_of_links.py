"""What pages say of who is one person takes nothing from what a server says of it."""

from collections.abc import Callable

import pytest
from optiq.journeys import api as journeys
from optiq.journeys.contracts import Conversion
from optiq.kernel.clock import DAY_MS, HOUR_MS, system_clock, to_rfc3339
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

from tests.functional.paths import channels_of
from tests.functional.pipeline import Pipeline
from tests.functional.senders import send_beacon, send_segment

pytestmark = pytest.mark.usefixtures("table")

NOW = system_clock()


@pytest.fixture
def site() -> NewSite:
    return tenancy.create_site(name="Shop", domains=["shop.example"], currency="EUR")


def _visit(site: NewSite, visitor: str) -> None:
    url = "https://shop.example/?utm_source=n&utm_medium=email"
    send_beacon(site, {"anonymous_id": visitor, "url": url, "timestamp": to_rfc3339(NOW - 3 * HOUR_MS)})


def _login(site: NewSite) -> None:
    said = {"userId": "ada", "anonymousId": "phone", "timestamp": to_rfc3339(NOW - 2 * HOUR_MS)}
    send_segment(site, "identify", said)


def _order(site: NewSite, user: str = "ada") -> None:
    said = {"userId": user, "event": "Order Completed", "timestamp": to_rfc3339(NOW - HOUR_MS)}
    send_segment(site, "track", said | {"properties": {"order_id": user, "total": "100.00"}})


def _pages_name(site: NewSite, user: str, *visitors: str) -> None:
    """Events of pages, from before what the server says."""
    said = {"kind": "track", "name": "hi", "user_id": user, "timestamp": to_rfc3339(NOW - 20 * DAY_MS)}
    send_beacon(site, *(said | {"anonymous_id": visitor} for visitor in visitors))


def _conversion(site: NewSite) -> Conversion:
    (found,) = journeys.list_conversions(site.site.organization_id, site.site.site_id, 10, None).items
    return found


@pytest.mark.parametrize("page_first", [False, True])
def test_pages_push_no_servers_login_out_of_the_links_that_are_kept(
    site: NewSite, page_first: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optiq.journeys.links.MAX_LINKS", 5)
    pipeline = Pipeline()
    _visit(site, "phone")
    robots = [f"robot-{number}" for number in range(6)]
    says: list[Callable[[], None]] = [lambda: _login(site), lambda: _pages_name(site, "ada", *robots)]
    for say in says[::-1] if page_first else says:
        say()
        pipeline.drain()
    _order(site)
    pipeline.drain()

    assert channels_of(site) == {100_000_000: ["Email"]}
    customer = journeys.get_customer(site.site.organization_id, site.site.site_id, _conversion(site).customer_id)
    assert len(customer.links) == 5
    assert customer.limits == ("MANY_IDENTIFIERS",)


@pytest.mark.parametrize("page_first", [False, True])
def test_pages_earlier_login_takes_no_device_from_the_user_that_a_server_names(site: NewSite, page_first: bool) -> None:
    pipeline = Pipeline()
    _visit(site, "phone")
    says: list[Callable[[], None]] = [lambda: _login(site), lambda: _pages_name(site, "eve", "phone")]
    for say in says[::-1] if page_first else says:
        say()
        pipeline.drain()
    _order(site)
    pipeline.drain()

    assert channels_of(site) == {100_000_000: ["Email"]}


def test_conversion_says_that_a_day_before_it_is_crowded(site: NewSite, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = Pipeline()
    _order(site)
    pipeline.drain()
    assert _limits(site) == ()

    # WHEN pages name the buyer in more events than a day may have
    monkeypatch.setattr("optiq.journeys.visits.MAX_DAY_FACTS", 2)
    _pages_name(site, "ada", "a", "b", "c")
    pipeline.drain()

    assert _limits(site) == ("CROWDED_DAY",)


def _limits(site: NewSite) -> tuple[str, ...]:
    organization_id, site_id = site.site.organization_id, site.site.site_id
    _, background = journeys.conversion_background(organization_id, site_id, _conversion(site).conversion_id)
    return background.limits


@pytest.mark.parametrize("page_first", [False, True])
def test_pages_do_not_make_one_person_of_two_users_that_servers_named(site: NewSite, page_first: bool) -> None:
    pipeline = Pipeline()

    def servers() -> None:
        for user in ("ada", "ben"):
            send_segment(site, "identify", {"userId": user, "traits": {"email": f"{user}@shop.example"}})

    def pages() -> None:
        for number, user in enumerate(("ada", "ben")):
            said = {"kind": "identify", "user_id": "eve", "anonymous_id": f"robot-{number}"}
            send_beacon(site, said | {"properties": {"email": f"{user}@shop.example"}})
            pipeline.drain()

    for say in (pages, servers) if page_first else (servers, pages):
        say()
        pipeline.drain()
    for user in ("ada", "ben"):
        _order(site, user)
    pipeline.drain()

    found = journeys.list_conversions(site.site.organization_id, site.site.site_id, 10, None).items
    assert len({conversion.customer_id for conversion in found}) == 2


@pytest.mark.parametrize("page_first", [False, True])
@pytest.mark.parametrize("kind", ["identify", "track"])
def test_pages_do_not_join_users_that_servers_name_by_id_alone(site: NewSite, page_first: bool, kind: str) -> None:
    pipeline = Pipeline()

    def servers() -> None:
        for user in ("ada", "ben"):
            _order(site, user)

    def pages() -> None:
        for user in ("ada", "ben"):
            said = {"kind": kind, "name": "hi", "user_id": user, "anonymous_id": f"of-{user}"}
            send_beacon(site, said | {"properties": {"email": "shared@shop.example"}})
            pipeline.drain()

    for say in (pages, servers) if page_first else (servers, pages):
        say()
        pipeline.drain()

    found = journeys.list_conversions(site.site.organization_id, site.site.site_id, 10, None).items
    assert len({conversion.customer_id for conversion in found}) == 2


@pytest.mark.parametrize("page_first", [False, True])
def test_pages_crowd_out_no_link_of_a_server(site: NewSite, page_first: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optiq.journeys.customers.graph.MAX_IDENTIFIERS", 5)
    pipeline = Pipeline()
    _visit(site, "phone")
    robots = [f"robot-{number}" for number in range(8)]
    says: list[Callable[[], None]] = [lambda: _login(site), lambda: _pages_name(site, "ada", *robots)]
    for say in says[::-1] if page_first else says:
        say()
        pipeline.drain()
    _order(site)
    pipeline.drain()

    # THEN the user is still the device's that a server named, and nobody's that pages named
    assert channels_of(site) == {100_000_000: ["Email"]}
    customer = journeys.get_customer(site.site.organization_id, site.site.site_id, _conversion(site).customer_id)
    assert len(customer.identities) == 2
    assert customer.limits == ("MANY_IDENTIFIERS",)


def test_links_of_servers_alone_are_crowded_out_by_too_many_of_them(
    site: NewSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optiq.journeys.customers.graph.MAX_IDENTIFIERS", 5)
    pipeline = Pipeline()
    _visit(site, "phone")
    for device in ("phone", *(f"kiosk-{number}" for number in range(8))):
        said = {"userId": "ada", "anonymousId": device, "timestamp": to_rfc3339(NOW - 2 * HOUR_MS)}
        send_segment(site, "identify", said)
        pipeline.drain()
    _order(site)
    pipeline.drain()

    assert channels_of(site) == {100_000_000: []}
    customer = journeys.get_customer(site.site.organization_id, site.site.site_id, _conversion(site).customer_id)
    assert len(customer.identities) == 1


@pytest.mark.parametrize("page_first", [False, True])
@pytest.mark.parametrize(("floods", "limit"), [(5, 3), (0, 1_000)], ids=["too many events", "no pause"])
def test_pages_crowd_no_visit_out_that_a_server_sent(
    site: NewSite, page_first: bool, floods: int, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optiq.journeys.visits.MAX_DAY_FACTS", limit)
    pipeline = Pipeline()
    midnight = NOW // DAY_MS * DAY_MS - DAY_MS

    def servers() -> None:
        page = {"url": "https://shop.example/?utm_source=n&utm_medium=email"}
        at_ms = midnight + 10 * HOUR_MS
        send_segment(site, "page", {"userId": "ada", "timestamp": to_rfc3339(at_ms), "context": {"page": page}})
        said = {"userId": "ada", "event": "Order Completed", "timestamp": to_rfc3339(at_ms + 60_000)}
        send_segment(site, "track", said | {"properties": {"order_id": "ada", "total": "100.00"}})

    def pages() -> None:
        said = {"kind": "track", "name": "hi", "user_id": "ada", "anonymous_id": "robot"}
        times = [12 * HOUR_MS + n for n in range(floods)] or [n * HOUR_MS // 2 for n in range(48)]
        send_beacon(site, *(said | {"timestamp": to_rfc3339(midnight + at_ms)} for at_ms in times))

    for say in (pages, servers) if page_first else (servers, pages):
        say()
        pipeline.drain()

    assert channels_of(site) == {100_000_000: ["Email"]}
    assert _limits(site) == ("CROWDED_DAY",)
