"""Who is one person, and what their orders are credited to: one result in any order, and after a recompute."""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from optiq.attribution import api as attribution
from optiq.journeys import api as journeys
from optiq.journeys import service
from optiq.journeys.customers import table as customer_table
from optiq.journeys.lake import CONVERSIONS, SESSIONS, TOUCHES
from optiq.journeys.publishing import publish
from optiq.kernel.caller import Caller
from optiq.kernel.clock import MINUTE_MS, day_of, parse_timezone, system_clock, to_rfc3339
from optiq.kernel.errors import UpstreamError
from optiq.kernel.lake_tables import latest_rows
from optiq.kernel.money import MICROS
from optiq.ports import wiring
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

from infra.local.workflow_runner import WorkflowRunner
from tests.functional.paths import paths_of
from tests.functional.pipeline import Pipeline
from tests.functional.senders import send_beacon, send_segment
from tests.functional.state import state_of
from tests.support.examples import SHUFFLES, some_and_slow
from tests.support.workflows import call_here, own_runner

pytestmark = [pytest.mark.usefixtures("table"), pytest.mark.any_order]

NOW = system_clock()
HOME = "https://shop.example/"
EMAIL = f"{HOME}?utm_source=nl&utm_medium=email"
PAID = f"{HOME}?utm_source=google&utm_medium=cpc"

Send = Callable[[NewSite], None]


@pytest.fixture(params=[customer_table.SEAL_AT_BYTES, 200], ids=["one item", "sealed pages"])
def _seal(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(customer_table, "SEAL_AT_BYTES", request.param)


@pytest.fixture
def runner() -> Iterator[WorkflowRunner]:
    runner = own_runner(call=call_here)
    yield runner
    runner.close()


def at(minute: int) -> str:
    """An instant of a scenario that began three hours ago."""
    return to_rfc3339(NOW - (180 - minute) * MINUTE_MS)


def page(minute: int, visitor: str, url: str = HOME, **said: Any) -> Send:
    """What the tracker of a visitor sends."""
    event = {"event_id": f"{visitor}.{minute}", "timestamp": at(minute), "anonymous_id": visitor, "url": url} | said
    return lambda site: _accepted(send_beacon(site, event))


def page_order(minute: int, visitor: str, number: str, value: float, **properties: Any) -> Send:
    said = {"transaction_id": number, "value": value} | properties
    return page(minute, visitor, f"{HOME}thanks", kind="track", name="purchase", properties=said)


def call(minute: int, kind: str, **said: Any) -> Send:
    """What a server sends with Segment's API."""
    message = {"messageId": f"m{minute}", "timestamp": at(minute), "type": kind} | said
    return lambda site: _accepted(send_segment(site, "batch", {"batch": [message]}))


def server_order(minute: int, user: str, number: str, value: float, **properties: Any) -> Send:
    said = {"order_id": number, "revenue": value} | properties
    return call(minute, "track", event="Order Completed", userId=user, properties=said)


def _accepted(answer: dict[str, Any]) -> None:
    assert answer["statusCode"] in (200, 202), answer


def _people_and_credits(site: NewSite) -> dict[str, Any]:
    where = (site.site.organization_id, site.site.site_id)
    for name in _names(site):
        assert journeys.get_customer(*where, name).customer_id == name
    state = state_of(site, NOW)
    state["touches"] = [touch for touch in state["touches"] if not touch[-1]]
    state["people"] = sorted((one.touches, one.conversions) for one in journeys.list_customers(*where, 100, None).items)
    state["paths"] = sorted(
        (path.conversion.event_id, path.conversion.value_micros, [touch.channel for touch in path.touches])
        for path in paths_of(site)
    )
    return state


def _names(site: NewSite) -> set[str]:
    """The persons that touches, sessions and conversions go by."""
    sqls = [
        f"SELECT customer_id FROM ({latest_rows(table, 'site_id = ?')}) WHERE NOT coalesce(deleted, false)"
        for table in (TOUCHES, SESSIONS, CONVERSIONS)
    ]
    found = [wiring.query().run(sql, site.site.organization_id, [site.site.site_id]).rows for sql in sqls]
    return {name for rows in found for (name,) in rows}


def _drain(pipeline: Pipeline, chance: random.Random, size: int) -> None:
    """Delivers what waits. A batch that fails comes again, perhaps cut otherwise."""
    while True:
        try:
            return pipeline.drain(size)
        except UpstreamError:
            size = chance.randint(1, 4)


def _result(sends: Sequence[Send], chance: random.Random, runner: WorkflowRunner | None = None) -> dict[str, Any]:
    """What stands once everything has arrived. With a runner, a recompute must change nothing of it."""
    site = tenancy.create_site(name="Shop", domains=["shop.example"], currency="EUR")
    pipeline = Pipeline()
    for send in sends:
        send(site)
        if chance.random() < 0.6:
            _drain(pipeline, chance, chance.randint(1, 4))
    _drain(pipeline, chance, 1000)
    live = _people_and_credits(site)
    if runner is not None:
        today = day_of(system_clock(), parse_timezone("UTC"))
        first, last = ((today + timedelta(days=days)).isoformat() for days in (-2, 1))
        attribution.start_recompute(
            Caller.system(site.site.organization_id), site.site.site_id, from_day=first, to_day=last, whole=True
        )
        while runner.run_next():
            pass
        assert _people_and_credits(site) == live
    return live


ALIAS = [
    call(10, "page", userId="new", context={"page": {"url": PAID}}),
    call(48, "track", event="Order Completed", userId="new", properties={"order_id": "X", "revenue": 10}),
    call(20, "alias", previousId="old", userId="new"),
    call(4, "page", userId="old", context={"page": {"url": EMAIL}}),
]
TWO_VISITORS = [
    page_order(48, "visitorA1", "X", 10),
    page_order(37, "visitorB1", "X", 10),
    page(4, "visitorA1", EMAIL),
]
TWO_MAILBOXES = [
    call(30, "identify", userId="ann", traits={"email": "ann@work.example"}),
    call(40, "identify", anonymousId="phone0001", traits={"email": "ann@home.example"}),
    call(50, "identify", anonymousId="phone0001", userId="ann"),
    page(5, "phone0001", EMAIL),
    server_order(60, "ann", "X", 10),
]


@pytest.mark.parametrize("sends", some_and_slow([ALIAS, TWO_VISITORS, TWO_MAILBOXES], 1))
def test_late_event_renames_nobody(sends: list[Send], runner: WorkflowRunner) -> None:
    chance = random.Random(31)

    # GIVEN the visits come first
    expected = _result(sorted(sends, key=sends.index, reverse=True), chance, runner)

    # THEN the order is credited to them; and in whatever order the events arrive
    ((_, value, path),) = (one for one in expected["paths"] if one[1])
    assert (value, path[0]) == (10 * MICROS, "Email")
    for arrived in chance.sample(list(permutations(sends)), SHUFFLES):
        assert _result(arrived, chance, runner) == expected


TWO_USERS = [
    page_order(10, "visitorB1", "X", 20),
    server_order(20, "u2", "X", 20),
    page_order(30, "visitorA1", "X", 20),
    call(40, "identify", anonymousId="visitorB1", userId="u1"),
    server_order(50, "u1", "Y", 20),
    server_order(60, "u2", "Y", 30),
]
TWO_ADDRESSES = [
    page_order(10, "visitorB1", "X", 20),
    call(20, "track", event="Order Completed", context={"traits": {"email": "b@x.example"}}, anonymousId="till00001",
         properties={"order_id": "X", "revenue": 20}),
    page_order(30, "visitorA1", "X", 20),
    call(40, "identify", anonymousId="visitorB1", traits={"email": "a@x.example"}),
    call(50, "track", event="Order Completed", context={"traits": {"email": "a@x.example"}}, anonymousId="till00002",
         properties={"order_id": "Y", "revenue": 20}),
    call(60, "track", event="Order Completed", context={"traits": {"email": "b@x.example"}}, anonymousId="till00003",
         properties={"order_id": "Y", "revenue": 30}),
]  # fmt: skip
SIGNED_IN_LATER = [
    page_order(10, "visitorA1", "X", 20),
    server_order(20, "u1", "X", 20),
    page_order(30, "visitorB1", "X", 20),
    page(35, "visitorB1", EMAIL),
    call(40, "identify", anonymousId="visitorB1", userId="u2"),
    server_order(50, "u2", "Z", 50),
]

DEVICE_OF_ANOTHER = [
    call(5, "identify", anonymousId="visitorB1", userId="u2"),
    server_order(20, "u1", "X", 20),
    page_order(30, "visitorB1", "X", 20),
]
TWO_DEVICES = [
    page_order(10, "visitorA1", "X", 20),
    page_order(20, "visitorB1", "X", 20),
    call(30, "identify", anonymousId="visitorA1", traits={"email": "a@x.example"}),
    call(40, "identify", anonymousId="visitorB1", traits={"email": "b@x.example"}),
]


@pytest.mark.parametrize(
    ("sends", "revenue", "people"),
    [
        (TWO_USERS, 90, 2),
        (TWO_ADDRESSES, 70, 3),
        (SIGNED_IN_LATER, 90, 2),
        (DEVICE_OF_ANOTHER, 40, 2),
        (TWO_DEVICES, 40, 2),
    ],
    ids=["users", "mail addresses", "signed in later", "device of another", "two devices"],
)
def test_two_users_stay_two_people_whatever_orders_suggest(sends: list[Send], revenue: int, people: int) -> None:
    chance = random.Random(37)
    expected = _result(sends, chance)

    assert sum(value for _, value, _ in expected["paths"]) == revenue * MICROS
    assert len(expected["people"]) == people
    for arrived in [sends[::-1], *(chance.sample(sends, len(sends)) for _ in range(SHUFFLES - 1))]:
        assert _result(arrived, chance) == expected


def test_link_that_two_orders_suggest_outlives_one_of_them() -> None:
    """Two users report X, so nobody's link follows from it; Y alone still joins page and server."""
    sends = [
        page(1, "visitorA1", EMAIL),
        *(page_order(10 * n, "visitorA1", number, 20) for n, number in ((1, "X"), (2, "Y"))),
        *(server_order(10 * n + 1, "u1", number, 20) for n, number in ((1, "X"), (2, "Y"))),
        server_order(30, "u2", "X", 20),
    ]
    chance = random.Random(41)
    expected = _result(sends, chance)

    assert sorted(value for _, value, _ in expected["paths"]) == [20 * MICROS] * 3
    for arrived in [sends[::-1], *(chance.sample(sends, len(sends)) for _ in range(SHUFFLES - 1))]:
        assert _result(arrived, chance) == expected


def _scenario(chance: random.Random, events: int) -> list[Send]:
    """Visits, sign-ins, orders and refunds of three visitors and two users, who share numbers and prices."""
    sends: list[Send] = []
    for minute in chance.sample(range(1, 170), events):
        visitor, user = chance.choice(["visitorA1", "visitorB1", "visitorC1"]), chance.choice(["u1", "u2"])
        number, value = chance.choice(["1001", "1002"]), chance.choice([10, 20])
        currency = chance.choice([{}, {"currency": "EUR"}, {"currency": "EUR"}, {"currency": "USD"}])
        kind = chance.choices(
            ["visit", "page", "server", "sign in", "refund", "cancel", "update"], [4, 5, 5, 2, 3, 1, 1]
        )
        match kind[0]:
            case "visit":
                sends.append(page(minute, visitor, chance.choice([EMAIL, PAID, HOME])))
            case "page":
                sends.append(page_order(minute, visitor, number, value, **currency))
            case "server":
                sends.append(server_order(minute, user, number, value, **currency))
            case "sign in":
                sends.append(call(minute, "identify", anonymousId=visitor, userId=user))
            case other:
                name = {"refund": "Order Refunded", "cancel": "Order Cancelled", "update": "Order Updated"}[other]
                said = {"order_id": number, "total": chance.choice([2, 7])}
                who = chance.choice([{"userId": user}, {"anonymousId": visitor}, {"userId": "clerk"}])
                sends.append(call(minute, "track", event=name, properties=said, **who))
    return sends


@pytest.mark.usefixtures("_seal")
@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 4))])
def test_people_orders_and_credits_are_one_in_any_order(seed: int, runner: WorkflowRunner) -> None:
    chance = random.Random(seed)
    sends = _scenario(chance, chance.choice([8, 14, 20]))
    expected = _result(sends, chance, runner)

    for _ in range(SHUFFLES):
        chance.shuffle(sends)
        assert _result(sends, chance) == expected
    doubled = sends + chance.sample(sends, len(sends) // 2)
    chance.shuffle(doubled)
    result = _result(doubled, chance, runner)
    result.pop("counts")
    assert result == {name: rows for name, rows in expected.items() if name != "counts"}


@pytest.mark.parametrize("seed", range(2))
def test_batches_that_are_stored_but_not_told_of_come_out_alike_when_they_come_again(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    sends = _scenario(chance, 20)
    expected = _result(sends, chance)

    def interrupted(*batch: Any) -> None:
        if chance.random() < 0.3:
            raise UpstreamError("the lake is away", retryable=True)
        publish(*batch)

    monkeypatch.setattr(service, "publish", interrupted)
    chance.shuffle(sends)

    assert _result(sends, chance) == expected
