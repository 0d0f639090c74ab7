"""What everybody may send with a page's public key takes nothing from what a server sends."""

import pytest
from optiq.journeys import api as journeys
from optiq.kernel.caller import Caller
from optiq.kernel.clock import system_clock
from optiq.reports import api as reports
from optiq.reports.events.contracts import EventFilter
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

from tests.functional.pipeline import Pipeline
from tests.functional.senders import send_beacon, send_segment
from tests.functional.state import state_of
from tests.support.counting import around_today, counts_of

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def site() -> NewSite:
    return tenancy.create_site(name="Shop", domains=["shop.example"])


@pytest.fixture
def pipeline() -> Pipeline:
    return Pipeline()


def _server_order(site: NewSite, message_id: str = "order-90005", **said: object) -> None:
    properties = {"order_id": "90005", "revenue": "500.00", "currency": "EUR"}
    message = {"event": "Order Completed", "userId": "ada", "messageId": message_id, "properties": properties}
    assert send_segment(site, "track", message | said)["statusCode"] == 200


def _page_order(site: NewSite, **said: object) -> None:
    send_beacon(site, {"kind": "track", "name": "purchase", "properties": {"value": "1.00"}} | said)


def _values(site: NewSite) -> list[int]:
    found = journeys.list_conversions(site.site.organization_id, site.site.site_id, 100, None).items
    return sorted(conversion.value_micros for conversion in found)


@pytest.mark.parametrize("page_first", [True, False])
@pytest.mark.parametrize("visitor", ["v1", "ada", ""])
def test_page_cannot_use_up_the_id_of_a_servers_event(
    site: NewSite, pipeline: Pipeline, page_first: bool, visitor: str
) -> None:
    sends = [lambda: _page_order(site, event_id="order-90005", anonymous_id=visitor), lambda: _server_order(site)]
    for send in sends if page_first else sends[::-1]:
        send()
        pipeline.drain()

    assert _values(site) == [1_000_000, 500_000_000]
    assert counts_of(site).failed == 0


@pytest.mark.parametrize("page_first", [True, False])
@pytest.mark.parametrize(
    ("page_id", "server_id"),
    [
        ("mid-1", "page:mid-1"),
        ("v1.90005", "v1.90005"),
        ("server:v1.90005", "v1.90005"),
        ("v1.90005", "server:v1.90005"),
        ("page:v1.90005", "v1.90005"),
        ("mp.90005", "mp.90005"),
    ],
)
def test_no_id_of_a_page_is_one_of_a_server(
    site: NewSite, pipeline: Pipeline, page_id: str, server_id: str, page_first: bool
) -> None:
    visitor = page_id.rpartition(".")[0] or "v1"
    login = {"kind": "identify", "anonymous_id": visitor, "user_id": "ada", "event_id": page_id}
    sends = [lambda: send_beacon(site, login), lambda: _server_order(site, server_id, anonymousId=visitor)]
    for send in sends if page_first else sends[::-1]:
        send()
        pipeline.drain()

    assert _values(site) == [500_000_000]
    counts = counts_of(site)
    assert (counts.stored, counts.failed) == (2, 0)


def test_page_cannot_change_the_value_of_a_servers_order(site: NewSite, pipeline: Pipeline) -> None:
    _server_order(site, anonymousId="v1")
    for name in ("purchase", "Order Refunded", "Order Cancelled", "Order Updated"):
        _page_order(site, name=name, user_id="ada", properties={"order_id": "90005", "value": "1.00"})
    pipeline.drain()

    assert _values(site) == [500_000_000]


def _leaving_out(site: NewSite) -> None:
    tenancy.change_site(
        tenancy.operator(site.site.organization_id), site.site.site_id, {"unverified_conversions": "LEAVE_OUT"}
    )


def test_unverified_conversions_count_once_a_server_confirms_them(site: NewSite, pipeline: Pipeline) -> None:
    # GIVEN a site that counts only what servers report
    _leaving_out(site)

    # WHEN pages report an order, and a lead without a number
    _page_order(site, properties={"order_id": "90005", "value": "500.00", "currency": "EUR"})
    _page_order(site, name="Lead", properties={})
    pipeline.drain()

    # THEN nothing counts until the server reports the order
    assert _values(site) == []
    state = state_of(site, system_clock())
    assert (state["conversions"], state["credits"]) == ([], [])
    _server_order(site)
    pipeline.drain()
    assert _values(site) == [500_000_000]
    assert len(state_of(site, system_clock())["credits"]) == 1


def _left_out(site: NewSite) -> tuple[dict[str, str], dict[str, int]]:
    """Why each event of today is left out, by its name and order, and how many are for each reason."""
    first, last = around_today()
    days = EventFilter(first.isoformat(), last.isoformat())
    found = reports.list_events(
        Caller.system(site.site.organization_id), site.site.site_id, days, limit=100, cursor=None
    )
    return {one.name: one.left_out for one in found.items}, dict(counts_of(site).left_out)


@pytest.mark.parametrize("name", ["purchase", "Lead", "Order Completed", "sign_up"])
@pytest.mark.parametrize("properties", [{"order_id": "90005", "value": "500.00", "currency": "EUR"}, {}])
def test_event_of_an_order_that_only_a_page_reports_says_so(
    site: NewSite, pipeline: Pipeline, name: str, properties: dict[str, str]
) -> None:
    _leaving_out(site)
    _page_order(site, name=name, properties=properties)
    send_beacon(site, {"kind": "page", "url": "https://shop.example/"})
    _page_order(site, name="Order Refunded", properties={"order_id": "7"})
    pipeline.drain()

    listed = {name: "UNVERIFIED", "page_view": "", "Order Refunded": ""}
    assert _left_out(site) == (listed, {"UNVERIFIED": 1})


def test_event_of_an_order_that_a_server_reports_is_not_left_out(site: NewSite, pipeline: Pipeline) -> None:
    _leaving_out(site)
    _server_order(site)
    pipeline.drain()
    _page_order(site, properties={"order_id": "90005", "value": "500.00", "currency": "EUR"})
    # At another price, nothing shows that it is of the same buyer.
    _page_order(site, name="Lead", anonymous_id="v2", properties={"order_id": "90005", "value": "1.00"})
    pipeline.drain()

    listed = {"Order Completed": "", "purchase": "", "Lead": "UNVERIFIED"}
    assert _left_out(site) == (listed, {"UNVERIFIED": 1})


def test_event_that_was_left_out_keeps_saying_so_when_its_order_counts(site: NewSite, pipeline: Pipeline) -> None:
    _leaving_out(site)
    _page_order(site, properties={"order_id": "90005", "value": "500.00", "currency": "EUR"})
    pipeline.drain()
    _server_order(site)
    pipeline.drain()

    assert _values(site) == [500_000_000]
    assert _left_out(site) == ({"purchase": "UNVERIFIED", "Order Completed": ""}, {"UNVERIFIED": 1})


def test_no_event_is_left_out_where_unverified_conversions_count(site: NewSite, pipeline: Pipeline) -> None:
    _page_order(site, properties={"order_id": "90005", "value": "500.00"})
    _page_order(site, name="Lead", properties={})
    pipeline.drain()

    assert _left_out(site) == ({"purchase": "", "Lead": ""}, {})


def test_unverified_conversions_count_by_default_and_say_so(site: NewSite, pipeline: Pipeline) -> None:
    _page_order(site)
    _server_order(site)
    pipeline.drain()

    found = journeys.list_conversions(site.site.organization_id, site.site.site_id, 100, None).items
    assert {one.value_micros: one.verified for one in found} == {1_000_000: False, 500_000_000: True}
