"""Of a number that many report, an event looks at its own person alone; no order of arrival matters."""

import random
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from optiq.journeys import api as journeys
from optiq.journeys.customers import table as customer_table
from optiq.journeys.customers.customer import Customer
from optiq.kernel.clock import DAY_MS, HOUR_MS, MINUTE_MS, system_clock, to_rfc3339
from optiq.kernel.events import IdentityType
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

from tests.functional.pipeline import Pipeline
from tests.functional.senders import send_beacon, send_segment
from tests.functional.state import state_of
from tests.support.examples import SHUFFLES

pytestmark = pytest.mark.usefixtures("table")

NOW = system_clock()
Send = Callable[[NewSite], object]


def page_order(ago_ms: int, visitor: str, value: str = "", user: str = "") -> Send:
    properties = {"order_id": "1", "currency": "EUR"} | ({"value": value} if value else {})
    event = {"kind": "track", "name": "purchase", "anonymous_id": visitor, "user_id": user, "properties": properties}
    said = event | {"event_id": f"{visitor}.{ago_ms}", "timestamp": to_rfc3339(NOW - ago_ms)}
    return lambda site: send_beacon(site, said)


def login(ago_ms: int, visitor: str, user: str) -> Send:
    said = {"kind": "identify", "anonymous_id": visitor, "user_id": user, "event_id": f"{visitor}.in"}
    return lambda site: send_beacon(site, said | {"timestamp": to_rfc3339(NOW - ago_ms)})


def server(ago_ms: int, user: str, value: str, event: str = "Order Completed") -> Send:
    said = {"event": event, "userId": user, "messageId": f"{event}-{user}", "timestamp": to_rfc3339(NOW - ago_ms)}
    return lambda site: send_segment(
        site, "track", said | {"properties": {"order_id": "1", "total": value, "currency": "EUR"}}
    )


def _site() -> NewSite:
    return tenancy.create_site(name="Shop", domains=["shop.example"], currency="EUR")


def _result(sends: list[Send], chance: random.Random) -> dict[str, Any]:
    site, pipeline = _site(), Pipeline()
    for send in sends:
        send(site)
        if chance.random() < 0.5:
            pipeline.drain(size=chance.randint(1, 4))
    pipeline.drain()
    state = state_of(site, NOW)
    state["touches"] = [touch for touch in state["touches"] if not touch[-1]]
    return state


@pytest.mark.any_order
@pytest.mark.parametrize(
    ("limit", "robots", "values"),
    [(2, [], [20, 20, 30, 40]), (3, ["7", "8"], [7, 8, 20, 20, 30, 40])],
    ids=["shared by all", "shared by pages"],
)
def test_number_that_many_report_comes_out_alike_in_any_order(
    monkeypatch: pytest.MonkeyPatch, limit: int, robots: list[str], values: list[int]
) -> None:
    monkeypatch.setattr("optiq.journeys.orders.table.MAX_REPORTERS", limit)
    sends = [
        # One person by a login: page and server are one order, though the page names no value.
        login(9 * DAY_MS, "phone", "ada"),
        page_order(5 * DAY_MS, "phone"),
        server(5 * DAY_MS - MINUTE_MS, "ada", "50.00"),
        server(4 * DAY_MS, "ada", "10.00", "Order Refunded"),
        # Equal values of strangers, and a refund by nobody that buys.
        page_order(3 * DAY_MS, "one", "20.00"),
        page_order(3 * DAY_MS - HOUR_MS, "two", "20.00", user="bob"),
        server(2 * DAY_MS, "office", "20.00", "Order Refunded"),
        server(DAY_MS, "eve", "30.00"),
        *(page_order(6 * DAY_MS, f"robot-{value}", value) for value in robots),
    ]
    chance = random.Random(31)
    expected = _result(sends, chance)

    assert sorted(value // 1_000_000 for _, value in expected["conversions"] if value) == values
    for _ in range(2 * SHUFFLES):
        chance.shuffle(sends)
        assert _result(sends, chance) == expected


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every identifier that is read from the table, again and again."""
    seen: list[str] = []
    usual = customer_table.read_customers

    def read_customers(site: tuple[str, str], wanted: Mapping[str, IdentityType]) -> dict[str, Customer]:
        seen.extend(wanted)
        return usual(site, wanted)

    monkeypatch.setattr(customer_table, "read_customers", read_customers)
    return seen


def _hubs(site: NewSite, hubs: int, devices: int, pipeline: Pipeline) -> None:
    for hub in range(hubs):
        for device in range(devices):
            login(9 * DAY_MS, f"d{hub}-{device}", f"hub-{hub}")(site)
    pipeline.drain()


@pytest.mark.parametrize(("reporters", "behind"), [(4, 1_000), (20, 12)])
def test_work_for_a_report_does_not_grow_with_who_reported_the_number(
    monkeypatch: pytest.MonkeyPatch, read: list[str], reporters: int, behind: int
) -> None:
    monkeypatch.setattr("optiq.journeys.orders.table.MAX_REPORTERS", reporters)
    monkeypatch.setattr("optiq.journeys.order_buyers.MAX_BEHIND", behind)
    site, pipeline = _site(), Pipeline()
    _hubs(site, hubs=6, devices=5, pipeline=pipeline)
    for hub in range(6):
        page_order(HOUR_MS + hub, f"d{hub}-0", f"{hub + 1}.00", user=f"hub-{hub}")(site)
        pipeline.drain()

    read.clear()
    page_order(HOUR_MS, "stranger", "9.00")(site)
    pipeline.drain()

    # Once to take it in, and once more to credit it.
    assert len(read) <= 3
    found = journeys.list_conversions(site.site.organization_id, site.site.site_id, 10, None).items
    assert sorted(one.value_micros // 1_000_000 for one in found) == [1, 2, 3, 4, 5, 6, 9]
    read.clear()
    _, background = journeys.conversion_background(
        site.site.organization_id, site.site.site_id, min(one.conversion_id for one in found)
    )
    assert background.limits == ("MANY_REPORTERS",)
    assert len(set(read)) <= 6


def test_pages_reports_take_no_servers_refund_from_its_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optiq.journeys.orders.table.MAX_REPORTERS", 2)
    site, pipeline = _site(), Pipeline()
    server(DAY_MS, "ada", "50.00")(site)
    page_order(DAY_MS, "phone", "50.00")(site)
    for robot in range(5):
        page_order(HOUR_MS, f"robot-{robot}", f"{robot + 1}.00")(site)
        pipeline.drain()

    # WHEN the back office refunds it, under an id of its own
    server(MINUTE_MS, "office", "20.00", "Order Refunded")(site)
    pipeline.drain()

    found = journeys.list_conversions(site.site.organization_id, site.site.site_id, 10, None).items
    assert sorted(one.value_micros // 1_000_000 for one in found) == [1, 2, 3, 4, 5, 30]
    assert journeys.waiting_corrections(site.site.organization_id, site.site.site_id, 10, None).items == ()


def test_one_persons_many_identifiers_do_not_make_a_number_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optiq.journeys.order_buyers.MAX_BEHIND", 5)
    site, pipeline = _site(), Pipeline()
    _hubs(site, hubs=1, devices=9, pipeline=pipeline)
    page_order(HOUR_MS, "lone", "7.00")(site)
    server(MINUTE_MS, "hub-0", "7.00")(site)
    pipeline.drain()

    # THEN both are one order, for they agree
    (found,) = journeys.list_conversions(site.site.organization_id, site.site.site_id, 10, None).items
    assert found.value_micros == 7_000_000
