"""What anybody may report of an order with a page's public key changes nothing of what a server reports of it."""

from collections.abc import Callable

import pytest
from optiq.journeys import api as journeys
from optiq.journeys.contracts import Conversion
from optiq.kernel.clock import DAY_MS, HOUR_MS, MINUTE_MS, system_clock, to_rfc3339
from optiq.kernel.money import MICROS
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite, UnverifiedConversions

from tests.functional.paths import paths_of
from tests.functional.pipeline import Pipeline
from tests.functional.senders import send_beacon, send_segment
from tests.support.counting import counts_of

pytestmark = pytest.mark.usefixtures("table")

NOW = system_clock()
HOME = "https://shop.example/"
Send = Callable[[NewSite], object]


@pytest.fixture
def site() -> NewSite:
    return tenancy.create_site(name="Shop", domains=["shop.example"], currency="EUR")


def server(event: str, ago_ms: int, user: str = "ada", **properties: object) -> Send:
    said = {
        "event": event,
        "userId": user,
        "timestamp": to_rfc3339(NOW - ago_ms),
        "messageId": f"{event}{ago_ms}{user}",
    }
    return lambda site: send_segment(site, "track", said | {"properties": {"order_id": "A-1"} | properties})


def page(ago_ms: int, visitor: str, user: str = "", name: str = "purchase", **properties: object) -> Send:
    said = {"kind": "track", "name": name, "anonymous_id": visitor, "timestamp": to_rfc3339(NOW - ago_ms)}
    said |= {"user_id": user} if user else {}
    return lambda site: send_beacon(site, said | {"properties": {"order_id": "A-1"} | properties})


def visit(ago_ms: int, visitor: str, medium: str) -> Send:
    said = {"anonymous_id": visitor, "timestamp": to_rfc3339(NOW - ago_ms)}
    return lambda site: send_beacon(site, said | {"url": f"{HOME}?utm_source=n&utm_medium={medium}"})


def conversions_after(site: NewSite, sends: list[Send], *, page_first: bool = False) -> list[Conversion]:
    """What counts once each was taken in: first what servers confirm, the dearest first."""
    pipeline = Pipeline()
    for send in sends[::-1] if page_first else sends:
        send(site)
        pipeline.drain()
    return conversions(site)


def conversions(site: NewSite) -> list[Conversion]:
    found = journeys.list_conversions(site.site.organization_id, site.site.site_id, 100, None).items
    return sorted(found, key=lambda one: (not one.verified, -one.value_micros))


def sold(found: list[Conversion]) -> list[tuple[float, str, bool]]:
    return [(one.value_micros / MICROS, one.currency, one.verified) for one in found]


both_orders = pytest.mark.parametrize("page_first", [False, True])


@both_orders
def test_drafts_update_stays_one_when_a_page_reports_the_order_before_it(site: NewSite, page_first: bool) -> None:
    eur = {"currency": "EUR"}
    sends = [
        server("Order Updated", 2 * HOUR_MS, total="10.00", **eur),
        server("Order Completed", HOUR_MS, total="100.00", **eur),
        page(3 * HOUR_MS, "robot", total="100.00", **eur),
    ]
    assert sold(conversions_after(site, sends, page_first=page_first)) == [(100.0, "EUR", True)]


@both_orders
def test_page_moves_no_servers_order_to_another_time(site: NewSite, page_first: bool) -> None:
    sends = [
        server("Order Completed", HOUR_MS, total="100.00", currency="EUR"),
        visit(20 * DAY_MS + MINUTE_MS, "robot", "affiliate"),
        page(20 * DAY_MS, "robot", total="100.00", currency="EUR"),
    ]
    found = conversions_after(site, sends, page_first=page_first)
    assert [(one.name, one.occurred_ms) for one in found] == [("Order Completed", NOW - HOUR_MS)]


@both_orders
@pytest.mark.parametrize("user", ["", "ada"])
def test_page_names_no_currency_of_a_servers_order(site: NewSite, user: str, page_first: bool) -> None:
    sends = [
        server("Order Completed", HOUR_MS, total="50000.00"),
        page(2 * HOUR_MS, "robot", user, total="50000.00", currency="VND"),
    ]
    assert sold(conversions_after(site, sends, page_first=page_first)) == [(50_000.0, "EUR", True)]


@both_orders
@pytest.mark.parametrize(
    ("setting", "expected"), [("COUNT", (999_999.0, "EUR", False)), ("LEAVE_OUT", (0.0, "EUR", True))]
)
def test_value_that_only_a_page_names_is_unverified(
    site: NewSite, setting: UnverifiedConversions, expected: tuple[float, str, bool], page_first: bool
) -> None:
    operator = tenancy.operator(site.site.organization_id)
    tenancy.change_site(operator, site.site.site_id, {"unverified_conversions": setting})
    sends = [server("Order Completed", HOUR_MS), page(HOUR_MS - 1, "robot", "ada", total="999999", currency="EUR")]
    assert sold(conversions_after(site, sends, page_first=page_first)) == [expected]


@both_orders
def test_value_of_a_servers_update_outweighs_a_pages(site: NewSite, page_first: bool) -> None:
    sends = [
        server("Order Updated", 2 * HOUR_MS, total="10.00"),
        server("Order Completed", HOUR_MS),
        page(HOUR_MS, "robot", "ada", total="999999"),
    ]
    assert sold(conversions_after(site, sends, page_first=page_first)) == [(10.0, "EUR", True)]


def _of_a_device() -> list[Send]:
    return [
        visit(2 * HOUR_MS, "phone", "email"),
        page(HOUR_MS + 1_000, "phone", total="100.00", currency="EUR"),
        server("Order Completed", HOUR_MS, total="100.00", currency="EUR"),
    ]


@both_orders
def test_pages_that_name_others_take_no_device_from_a_servers_order(site: NewSite, page_first: bool) -> None:
    others = [page(HOUR_MS, "other", "eve", total="100.00", currency="EUR")]
    # More than may be one buyer's.
    others += [page(3 * HOUR_MS, f"robot-{number}", total="100.00", currency="EUR") for number in range(6)]

    found = conversions_after(site, [*_of_a_device(), *others], page_first=page_first)

    (order,) = [one for one in found if one.verified]
    paths = {path.conversion.conversion_id: path.touches for path in paths_of(site)}
    assert [touch.channel for touch in paths[order.conversion_id]] == ["Email"]
    # The other user's is another order; so are those of the robots that are too many.
    assert sold(found) == [(100.0, "EUR", True), *[(100.0, "EUR", False)] * 4]


@both_orders
def test_page_does_not_make_two_servers_orders_one(site: NewSite, page_first: bool) -> None:
    def guest(visitor: str, total: str) -> Send:
        said = {"event": "Order Completed", "anonymousId": visitor, "messageId": visitor}
        return lambda site: send_segment(site, "track", said | {"properties": {"order_id": "A-1", "total": total}})

    sends = [guest("a", "20.00"), guest("b", "35.00"), page(0, "robot", total="20.00"), page(0, "robot", total="35.00")]
    verified = [one for one in sold(conversions_after(site, sends, page_first=page_first)) if one[2]]
    assert verified == [(35.0, "EUR", True), (20.0, "EUR", True)]


@both_orders
@pytest.mark.parametrize("visitor", ["robot", "back-office"])
def test_page_draws_no_servers_refund_off_the_order(site: NewSite, visitor: str, page_first: bool) -> None:
    refund = {"anonymousId": "back-office", "event": "Order Refunded", "messageId": "r"}
    sends: list[Send] = [
        server("Order Completed", HOUR_MS, total="100.00"),
        lambda site: send_segment(site, "track", refund | {"properties": {"order_id": "A-1", "total": "30.00"}}),
        page(HOUR_MS, visitor, total="1.00"),
    ]
    found = conversions_after(site, sends, page_first=page_first)
    assert sold(found) == [(70.0, "EUR", True), (1.0, "EUR", False)]


@both_orders
@pytest.mark.parametrize(
    "said",
    [
        {"name": "Order Updated", "total": "1.00"},
        {"name": "Order Cancelled"},
        {"name": "Order Refunded", "total": "0.01", "refund_id": "r-1"},
    ],
)
def test_page_overrides_no_correction_of_a_server(site: NewSite, said: dict[str, str], page_first: bool) -> None:
    sends = [
        page(3 * HOUR_MS, "phone", "ada", total="100.00"),
        server("Order Updated", 2 * HOUR_MS, total="80.00"),
        server("Order Refunded", HOUR_MS, total="30.00", refund_id="r-1"),
        page(90 * MINUTE_MS, "robot", "ada", **said),
    ]
    assert sold(conversions_after(site, sends, page_first=page_first)) == [(50.0, "EUR", False)]


@both_orders
def test_lines_that_a_page_lists_bound_no_refund_of_a_servers_order(site: NewSite, page_first: bool) -> None:
    mug = {"product_id": "mug", "price": "10.00", "quantity": 3}
    sends = [
        server("Order Completed", HOUR_MS, total="100.00"),
        server("Order Refunded", MINUTE_MS, products=[mug]),
        page(HOUR_MS, "robot", "ada", total="100.00", products=[mug | {"quantity": 1}]),
    ]
    assert sold(conversions_after(site, sends, page_first=page_first)) == [(70.0, "EUR", True)]


@pytest.mark.parametrize("act", ["refund", "adjustment"])
def test_no_sender_claims_the_id_of_what_the_api_does(site: NewSite, act: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # GIVEN ids that are claimed, for a day has more events than are kept
    monkeypatch.setattr("optiq.journeys.visits.MAX_DAY_FACTS", 0)
    (order,) = conversions_after(site, [server("Order Completed", HOUR_MS, total="80.00")])
    wanted = f"{act}.{order.conversion_id}.r-1"
    pipeline = Pipeline()
    for mark in ("", "page:", "server:", "api:"):
        said = {"kind": "track", "name": "x", "anonymous_id": mark + act}
        send_beacon(site, said, said | {"event_id": mark + wanted})
        send_segment(site, "track", {"event": "x", "userId": "eve", "messageId": mark + wanted})
    pipeline.drain()

    where = (order.organization_id, order.site_id, order.conversion_id)
    if act == "refund":
        journeys.refund_conversion(*where, 30 * MICROS, "r-1")
    else:
        journeys.adjust_conversion(*where, 50 * MICROS, "r-1")
    pipeline.drain()

    assert sold(conversions(site)) == [(50.0, "EUR", True)]
    assert counts_of(site).failed == 0


def test_no_sender_reports_an_order_under_the_number_of_a_conversion_without_one(site: NewSite) -> None:
    pipeline = Pipeline()
    send_segment(site, "track", {"event": "Order Completed", "userId": "ada", "properties": {"total": "80.00"}})
    pipeline.drain()
    (order,) = conversions(site)

    page(0, "robot", order_id=f"conversion:{order.conversion_id}", total="1.00")(site)
    pipeline.drain()
    journeys.refund_conversion(order.organization_id, order.site_id, order.conversion_id, 30 * MICROS, "r-1")
    pipeline.drain()

    assert sold(conversions(site)) == [(50.0, "EUR", True), (1.0, "EUR", False)]
