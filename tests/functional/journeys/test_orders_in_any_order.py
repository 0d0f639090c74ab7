"""Orders, refunds and events of one instant: late, early, doubled, in any order and any batches, one result."""

import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from optiq.journeys import visits
from optiq.journeys.customers import table as customer_table
from optiq.kernel.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, system_clock, to_rfc3339
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

from tests.functional.pipeline import Pipeline
from tests.functional.senders import send_beacon, send_segment
from tests.functional.state import state_of
from tests.support.examples import SHUFFLES, THOROUGH, some_and_slow

pytestmark = [pytest.mark.usefixtures("table"), pytest.mark.any_order]

NOW = system_clock() // SECOND_MS * SECOND_MS
HOME = "https://shop.example/"
EMAIL = f"{HOME}?utm_source=newsletter&utm_medium=email"

Send = Callable[[NewSite], None]


@pytest.fixture(params=[customer_table.SEAL_AT_BYTES, 200], ids=["one item", "sealed pages"])
def _seal(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(customer_table, "SEAL_AT_BYTES", request.param)


def page(event_id: str, ago_ms: int, visitor: str, **said: Any) -> Send:
    event = {"event_id": f"{visitor}.{event_id}", "timestamp": to_rfc3339(NOW - ago_ms), "anonymous_id": visitor}
    return lambda site: _accepted(send_beacon(site, event | {"url": HOME} | said))


def pages_of_one_second(ago_ms: int, visitor: str, *said: dict[str, Any]) -> Send:
    """One request; the ids say nothing of the order."""
    shared = {"timestamp": to_rfc3339(NOW - ago_ms), "anonymous_id": visitor, "url": HOME, "referrer": HOME}
    events = [shared | {"event_id": f"{visitor}.{9 - number}"} | one for number, one in enumerate(said)]
    return lambda site: _accepted(send_beacon(site, *events))


def order_page(event_id: str, ago_ms: int, visitor: str, **properties: object) -> Send:
    return page(event_id, ago_ms, visitor, kind="track", name="purchase", url=f"{HOME}thanks", properties=properties)


def server(message_id: str, ago_ms: int, event: str, user: str, **properties: object) -> Send:
    message = {"type": "track", "event": event, "messageId": message_id, "userId": user, "properties": properties}
    return lambda site: _accepted(
        send_segment(site, "batch", {"batch": [message | {"timestamp": to_rfc3339(NOW - ago_ms)}]})
    )


def _accepted(answer: dict[str, Any]) -> None:
    assert answer["statusCode"] in (200, 202), answer


def _sends() -> list[Send]:
    eur = {"currency": "EUR"}
    return [
        # An order that page and server report, the page twice, before the server names the buyer's device.
        page("v", 5 * DAY_MS, "phone", url=EMAIL),
        order_page("o", 5 * DAY_MS - MINUTE_MS, "phone", transaction_id="A-1", value="49.90", **eur),
        order_page("again", 3 * DAY_MS, "phone", transaction_id="A-1", value="49.90", **eur),
        server("so", 5 * DAY_MS - 2 * MINUTE_MS, "Order Completed", "ada", order_id="A-1", revenue=49.9, **eur),
        # The same number of somebody else, at another price.
        order_page("o", 4 * DAY_MS, "other", transaction_id="A-1", value="20", **eur),
        # Corrections: in part by products, by amount, twice by two tools, and of an order that nothing reports.
        server("r1", 2 * DAY_MS, "Order Refunded", "ada", order_id="A-1", total="9.90"),
        server("r2", 2 * DAY_MS - MINUTE_MS, "refund", "ada", order_id="A-1", value="9.90"),
        server("r3", DAY_MS, "Order Refunded", "nobody", order_id="B-9", total="5.00"),
        # An order under two names by its server, cancelled later; another that changes.
        server("c1", 6 * HOUR_MS, "Order Completed", "bob", order_id=1010, revenue="10.00"),
        server("c2", 6 * HOUR_MS - SECOND_MS, "purchase", "bob", order_id="1010", revenue="10.00"),
        server("c3", 5 * HOUR_MS, "Order Cancelled", "bob", order_id="1010"),
        server("u1", 4 * HOUR_MS, "Order Completed", "eve", order_id="E-1", revenue="30.00"),
        server("u2", 3 * HOUR_MS, "Order Updated", "eve", order_id="E-1", revenue="33.00"),
        pages_of_one_second(
            HOUR_MS,
            "tablet",
            {"url": f"{HOME}?gclid=1", "referrer": ""},
            {},
            {"kind": "track", "name": "purchase", "properties": {"value": "7"}},
        ),
    ]


def _result(sends: list[Send], chance: random.Random, pauses: float = 0.5) -> dict[str, Any]:
    """What comes of the events; after each, with the chance of `pauses`, all so far are taken in, a few at a time."""
    site = tenancy.create_site(name="Shop", domains=["shop.example"], currency="EUR")
    pipeline = Pipeline()
    for send in sends:
        send(site)
        if chance.random() < pauses:
            pipeline.drain(size=chance.randint(1, 4))
    pipeline.drain()
    state = state_of(site, NOW)
    state["touches"] = [touch for touch in state["touches"] if not touch[-1]]
    return state


@pytest.mark.usefixtures("_seal")
def test_orders_come_out_alike_in_any_order() -> None:
    chance = random.Random(17)
    sends = _sends()
    expected = _result(sends, chance)

    values = {event_id: value for event_id, value in expected["conversions"] if value}
    assert values == {"so": 40_000_000, "other.o": 20_000_000, "u1": 33_000_000, "tablet.7": 7_000_000}
    events = len(sends) + 2
    assert expected["counts"] == (events, events, 0, 0)
    assert expected["conversions"] == expected["listed"]
    for _ in range(SHUFFLES):
        chance.shuffle(sends)
        assert _result(sends, chance) == expected


@pytest.mark.usefixtures("_seal")
def test_doubled_reports_change_only_the_count_of_duplicates() -> None:
    chance = random.Random(19)
    sends = _sends()
    expected = _result(sends, chance)
    doubled = sends * 2
    chance.shuffle(doubled)

    result = _result(doubled, chance)

    events = len(sends) + 2
    assert result.pop("counts") == (2 * events, events, events, 0)
    assert result == {name: rows for name, rows in expected.items() if name != "counts"}


FEW = {(True, False): 2, (True, True): 2, (False, False): 3, (False, True): 2}
"""Places of a number, so that a test fills them soon."""


def _flood(values: Sequence[str]) -> list[Send]:
    """An order of a server with its refund, among the reports and refunds of pages, before and after."""
    sends = [
        server("so", 5 * DAY_MS, "Order Completed", "ada", order_id="A-1", revenue="49.90", currency="EUR"),
        server("r1", 4 * DAY_MS, "Order Refunded", "ada", order_id="A-1", total="9.90", currency="EUR"),
    ]
    for number, value in enumerate(values):
        ago_ms = 9 * DAY_MS - number * DAY_MS
        sends.append(order_page("o", ago_ms, f"robot-{number}", transaction_id="A-1", value=value, currency="EUR"))
        refund = {"kind": "track", "name": "refund", "properties": {"transaction_id": "A-1", "value": "2.00"}}
        sends.append(page("r", ago_ms, f"thief-{number}", **refund))
    # One visitor again and again, with and without other places.
    again = {"transaction_id": "A-1", "value": values[0], "currency": "EUR"}
    return sends + [order_page(f"o{n}", 9 * DAY_MS - n - 1, "robot-0", **again) for n in range(9)]


@pytest.mark.parametrize(
    ("values", "orders"),
    some_and_slow(
        [
            # Those of the first two agree, so they are of one buyer; others agree with the server only without a place.
            (["1", "49.90", "2", "2", "49.90", "49.90"], [1, 2, 2, 40, 49.9, 49.9]),
            (["1", "1", "1", "1", "49.90", "49.90"], [1, 1, 1, 40, 49.9, 49.9]),
            (["1", "2", "3", "4", "5", "6"], [1, 2, 3, 4, 5, 6, 40]),
        ],
        1,
    ),
)
def test_pages_take_no_place_of_a_server_in_any_order(
    monkeypatch: pytest.MonkeyPatch, values: list[str], orders: list[float]
) -> None:
    monkeypatch.setattr("optiq.journeys.orders.places.PLACES", FEW)
    monkeypatch.setattr("optiq.journeys.orders.places.MAX_OF_VISITOR", 2)
    chance = random.Random(29)
    sends = _flood(values)

    expected = _result(sends, chance)

    # THEN the server's order stands once, less its refund; each robot's counts by itself and once
    assert sorted(value / 1_000_000 for _, value in expected["conversions"] if value) == orders
    assert expected["conversions"] == expected["listed"]
    for _ in range(SHUFFLES):
        chance.shuffle(sends)
        assert _result(sends, chance) == expected


def _busy(days: int, a_day: int, gap_ms: int) -> list[Send]:
    """A visitor's pages, each day so many, so far apart; now and then an order, and a visit by a campaign."""
    sends: list[Send] = []
    midnight = NOW // DAY_MS * DAY_MS
    for day in range(days):
        for n in range(a_day):
            at_ms = midnight - (day + 1) * DAY_MS + n * gap_ms
            event_id = f"{day}-{n}"
            if n % 7 == 3:
                sends.append(order_page(event_id, NOW - at_ms, "robot", transaction_id=event_id, value="1"))
            else:
                sends.append(page(event_id, NOW - at_ms, "robot", url=EMAIL if n % 5 == 0 else HOME))
    return sends


@pytest.mark.usefixtures("_seal")
@pytest.mark.parametrize(
    ("a_day", "gap_ms", "limit", "visits"),
    [
        # Below the limit, above it, and a day without a pause.
        (12, HOUR_MS, 12, True),
        (12, HOUR_MS, 11, False),
        pytest.param(48, 30 * MINUTE_MS, 1_000, False, marks=pytest.mark.slow),
    ],
)
def test_crowded_days_make_no_visits_whatever_the_order(
    monkeypatch: pytest.MonkeyPatch, a_day: int, gap_ms: int, limit: int, visits: bool
) -> None:
    monkeypatch.setattr("optiq.journeys.visits.MAX_DAY_FACTS", limit)
    chance = random.Random(23)
    sends = [*_busy(2, a_day, gap_ms), page("person", 12 * DAY_MS, "robot", url=EMAIL)]

    # Each pause works through the whole crowded day again.
    pauses = 0.5 if THOROUGH else 6 / len(sends)

    expected = _result(sends, chance, pauses)

    # THEN every event is stored and every order counts; only the visits are missing
    orders = 2 * len([n for n in range(a_day) if n % 7 == 3])
    assert expected["counts"] == (len(sends), len(sends), 0, 0)
    assert sum(value for _, value in expected["conversions"]) == orders * 1_000_000
    assert (len(expected["touches"]) > 1) == visits
    chance.shuffle(sends)
    assert _result(sends, chance, pauses) == expected
    doubled = sends * 2
    chance.shuffle(doubled)
    result = _result(doubled, chance, pauses)
    assert result.pop("counts") == (2 * len(sends), len(sends), len(sends), 0)
    assert result == {name: rows for name, rows in expected.items() if name != "counts"}


def test_limit_is_of_a_day_not_of_a_history() -> None:
    assert visits.MAX_DAY_FACTS == 1_000
