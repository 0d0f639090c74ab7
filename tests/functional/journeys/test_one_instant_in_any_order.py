"""Visits, leads, orders and refunds of one instant: each conversion has what its sender put before it, and no more.

Live and after a recompute, in any order of arrival, doubled, replayed, with identifiers that are joined and parted.
"""

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from optiq.attribution import api as attribution
from optiq.attribution.lake import CREDITS
from optiq.journeys import api as journeys
from optiq.journeys import service
from optiq.journeys.customers import table as customer_table
from optiq.journeys.lake import TOUCHES
from optiq.journeys.publishing import publish
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, SECOND_MS, day_of, parse_timezone, system_clock, to_rfc3339
from optiq.kernel.errors import UpstreamError
from optiq.kernel.lake_tables import latest_rows
from optiq.ports import wiring
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

from functions.collect import delivery
from infra.local.workflow_runner import WorkflowRunner
from tests.functional.pipeline import Pipeline
from tests.functional.senders import send_segment
from tests.support.examples import SHUFFLES, some_and_slow
from tests.support.workflows import call_here, own_runner

pytestmark = [pytest.mark.usefixtures("table"), pytest.mark.any_order]

NOW = system_clock() // SECOND_MS * SECOND_MS
MIDNIGHT = NOW // DAY_MS * DAY_MS
INSTANTS = [NOW - 3_600_000, NOW - 3_600_000 + 1, MIDNIGHT, MIDNIGHT - 1, MIDNIGHT - DAY_MS]
"""A whole second and the millisecond after it; a date alone; the last millisecond of a UTC day; the day before."""
DEVICE, USER = {"anonymousId": "tablet"}, {"userId": "ada"}
JOINING = {"type": "identify", "messageId": "joins", **DEVICE, **USER}


@dataclass(frozen=True)
class Sent:
    """One event. `turn` numbers the requests by their receipt."""

    instant_ms: int
    turn: int
    position: int
    letter: str
    """N: a visit. O: an order with its number, R: the same number again. L: a lead. F: a refund of the order before."""
    number: int
    of_device: bool

    @property
    def name(self) -> str:
        return f"{self.letter}{self.number}"

    @property
    def message(self) -> dict[str, Any]:
        who = DEVICE if self.of_device else USER
        message = {"messageId": self.name, "timestamp": to_rfc3339(self.instant_ms), **who}
        match self.letter:
            case "N":
                url = f"https://shop.example/?utm_source=nl&utm_medium=email&utm_campaign={self.name}"
                return message | {"type": "page", "context": {"page": {"url": url}}}
            case "L":
                return message | {"type": "track", "event": "Lead"}
        names = {"O": "Order Completed", "R": "purchase", "F": "Order Refunded"}
        order = {"order_id": f"A-{self.number}", "total": "3.00" if self.letter == "F" else "10.00"}
        return message | {"type": "track", "event": names[self.letter], "properties": order}


def _sent(chance: random.Random, events: int) -> list[list[Sent]]:
    """Requests in the order of their receipt, each of several events, many of one instant."""
    requests: list[list[Sent]] = []
    orders: list[tuple[int, bool]] = []
    number = 0
    while number < events:
        request: list[Sent] = []
        for position in range(chance.randint(1, 6)):
            letter = chance.choice("NNNNOOLRF")
            number += 1
            which, of_device = number, chance.random() < 0.5
            if letter in "RF" and orders:
                which, of_device = chance.choice(orders)
                orders.remove((which, of_device))
            elif letter in "RF":
                letter = "N"
            if letter == "O":
                orders.append((which, of_device))
            instant_ms = chance.choice(INSTANTS[:2] if chance.random() < 0.6 else INSTANTS)
            request.append(Sent(instant_ms, len(requests), position, letter, which, of_device))
        requests.append(request)
    return requests


def _by_hand(requests: Sequence[Sequence[Sent]], *, apart: bool) -> dict[str, list[str]]:
    """The visits before each conversion, by its event: of the same person, as they were sent."""
    events = sorted(
        (event for request in requests for event in request),
        key=lambda one: (one.instant_ms, one.turn, one.position),
    )
    paths: dict[str, list[str]] = {}
    reported: set[int] = set()
    for place, event in enumerate(events):
        if event.letter not in "ORL" or (event.letter in "OR" and event.number in reported):
            continue
        reported |= {event.number} if event.letter in "OR" else set()
        paths[event.name] = [
            one.name for one in events[:place] if one.letter == "N" and (one.of_device == event.of_device or not apart)
        ]
    return paths


class World:
    """A site of its own, and a clock that gives each request its own receipt, whenever it comes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.site: NewSite = tenancy.create_site(name="Shop", domains=["shop.example"], currency="EUR")
        self.where = (self.site.site.organization_id, self.site.site.site_id)
        self._received_ms = NOW
        monkeypatch.setattr(delivery, "system_clock", lambda: self._received_ms)

    def send(self, turn: int, messages: Sequence[dict[str, Any]]) -> None:
        self._received_ms = NOW + turn
        assert send_segment(self.site, "batch", {"batch": messages})["statusCode"] == 200

    def names(self) -> dict[str, str]:
        """The event of each conversion that stands."""
        return {one.conversion_id: one.event_id for one in journeys.list_conversions(*self.where, 100, None).items}

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return wiring.query().run(sql, self.where[0], [self.where[1]]).rows

    def found(self) -> dict[str, dict[str, list[str]]]:
        """The paths by event, as each reader tells them."""
        names = self.names()
        credited = self.rows(f"""
            SELECT conversion_id, campaign, touch_id FROM ({latest_rows(CREDITS, "site_id = ?")})
            WHERE NOT coalesce(deleted, false) ORDER BY conversion_id, position""")
        explained = {
            event: attribution.explain_conversion(Caller.system(self.where[0]), self.where[1], conversion_id)
            for conversion_id, event in names.items()
        }
        for explanation in explained.values():
            seen = {touch.touch_id for touch in explanation.path.touches}
            assert not seen & {left.touch.touch_id for left in explanation.left_out}
        return {
            "credited": {
                event: [campaign for one, campaign, touch_id in credited if one == conversion_id and touch_id]
                for conversion_id, event in names.items()
            },
            "explained": {event: [t.campaign for t in one.path.touches] for event, one in explained.items()},
        }

    def journeys(self) -> list[tuple[str, int]]:
        """Of each conversion's journey its event and how many touches it has, as list and customer tell them alike."""
        names = self.names() | {"": ""}
        found = journeys.list_journeys(*self.where, None, 100, None).items
        listed = sorted((names[one.conversion_id], one.touches) for one in found)
        people = {one.customer_id for one in found}
        shown = [one for person in people for one in journeys.get_customer(*self.where, person).journeys]
        # What a customer did without a visit is in progress too; a list of touches does not know it.
        assert sorted((names[one.conversion_id], one.touches) for one in shown if one.conversion_id or one.touches) == [
            one for one in listed if one[0] or one[1]
        ]
        return [one for one in listed if one[0]]


@pytest.fixture
def runner() -> Iterator[WorkflowRunner]:
    runner = own_runner(call=call_here)
    yield runner
    runner.close()


@pytest.fixture
def pipeline() -> Pipeline:
    return Pipeline()


def _recompute(world: World, runner: WorkflowRunner) -> None:
    today = day_of(system_clock(), parse_timezone("UTC"))
    first, last = ((today + timedelta(days=days)).isoformat() for days in (-3, 1))
    attribution.start_recompute(Caller.system(world.where[0]), world.where[1], from_day=first, to_day=last, whole=True)
    while runner.run_next():
        pass


def _assert_is(world: World, expected: dict[str, list[str]]) -> None:
    for reader, paths in world.found().items():
        assert paths == expected, reader


def _touches_between(paths: dict[str, list[str]], requests: Sequence[Sequence[Sent]]) -> list[tuple[str, int]]:
    """How many visits each conversion has since the one before."""
    found, before = [], 0
    events = {event.name: event for request in requests for event in request}
    in_order = sorted(paths, key=lambda one: (events[one].instant_ms, events[one].turn, events[one].position))
    for name in in_order:
        found.append((name, len(paths[name]) - before))
        before = len(paths[name])
    return sorted(found)


@pytest.mark.parametrize(
    ("seed", "seal_at"), some_and_slow(itertools.product(range(8), [200, customer_table.SEAL_AT_BYTES]), 1)
)
def test_conversions_of_one_instant_have_what_was_sent_before_them(
    seed: int, seal_at: int, runner: WorkflowRunner, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customer_table, "SEAL_AT_BYTES", seal_at)
    chance = random.Random(seed)
    requests = _sent(chance, chance.choice([12, 25, 40]))
    joined, apart = _by_hand(requests, apart=False), _by_hand(requests, apart=True)
    for shuffle in range(SHUFFLES):
        # GIVEN the requests arrive in any order, some twice, and the identifiers are joined at any time
        world = World(monkeypatch)
        arriving: list[tuple[int, list[dict[str, Any]]]] = [
            (turn, [event.message for event in request]) for turn, request in enumerate(requests)
        ]
        if shuffle:
            arriving += chance.sample(arriving, len(arriving) // 2)
            chance.shuffle(arriving)
        arriving.insert(chance.randint(0, len(arriving)), (len(requests), [JOINING]))
        for turn, messages in arriving:
            world.send(turn, messages)
            if chance.random() < 0.6:
                pipeline.drain(size=chance.randint(1, 4))
        pipeline.drain()

        # THEN every reader tells the paths as they were sent, live and after a recompute
        _assert_is(world, joined)
        assert world.journeys() == _touches_between(joined, requests)
        _recompute(world, runner)
        _assert_is(world, joined)

        # AND once the identifiers are parted each has its own
        person = next(iter(journeys.list_customers(*world.where, 100, None).items)).customer_id
        (link,) = [one for one in journeys.get_customer(*world.where, person).links if one.source == "login"]
        journeys.cut_link(*world.where, link.customer_id, link.other_customer_id)
        pipeline.drain()
        _assert_is(world, apart)
        _recompute(world, runner)
        _assert_is(world, apart)


def test_batches_that_come_again_after_a_crash_tell_the_same(
    runner: WorkflowRunner, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(5)
    requests = _sent(chance, 25)
    world = World(monkeypatch)

    def interrupted(*batch: Any) -> None:
        if chance.random() < 0.3:
            raise UpstreamError("the lake is away", retryable=True)
        publish(*batch)

    monkeypatch.setattr(service, "publish", interrupted)
    for turn, request in chance.sample(list(enumerate(requests)), len(requests)):
        world.send(turn, [event.message for event in request])
    world.send(len(requests), [JOINING])
    while True:
        try:
            pipeline.drain(size=chance.randint(1, 4))
            break
        except UpstreamError:
            continue

    _assert_is(world, _by_hand(requests, apart=False))
    _recompute(world, runner)
    _assert_is(world, _by_hand(requests, apart=False))


def test_touches_keep_their_time_and_their_day(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also in the last millisecond of a UTC day, where a later time would be of another partition."""
    world = World(monkeypatch)
    letters = enumerate("ONNON")
    world.send(0, [Sent(MIDNIGHT - 1, 0, place, letter, place, of_device=False).message for place, letter in letters])
    pipeline.drain()

    rows = world.rows(
        f"SELECT campaign, occurred_at, dt FROM ({latest_rows(TOUCHES, 'site_id = ?')}) ORDER BY campaign"
    )
    last_ms = to_rfc3339(MIDNIGHT - 1)
    assert [name for name, *_ in rows] == ["N1", "N2", "N4"]
    assert {(str(at)[:23].replace(" ", "T") + "Z", str(dt)) for _, at, dt in rows} == {(last_ms, last_ms[:10])}
    _assert_is(world, {"O0": [], "O3": ["N1", "N2"]})
