"""Consumers of several shards that take turns, stop amid a batch and get it again: the lake has what the facts say."""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zlib import crc32

import pytest
from optiq.collect.contracts import Delivery, Sender
from optiq.collect.dialects import of_segment
from optiq.collect.normalise import accept
from optiq.journeys.customers import table as customer_table
from optiq.journeys.customers.person import Person
from optiq.journeys.customers.table import Customers
from optiq.journeys.journey import derive
from optiq.journeys.lake import CONVERSIONS, SESSIONS, TOUCHES
from optiq.journeys.publishing import publish
from optiq.journeys.recording import Recorded, record
from optiq.kernel.clock import MINUTE_MS, system_clock, to_rfc3339
from optiq.kernel.errors import UpstreamError
from optiq.kernel.events import EventAccepted
from optiq.kernel.lake_tables import LakeTable, latest_rows
from optiq.ports import wiring
from optiq.ports.lake_folder import FolderLake
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

from tests.support.examples import some_and_slow

pytestmark = pytest.mark.usefixtures("table")

NOW = system_clock()
HOME = "https://shop.example/"
Said = Mapping[str, Any]


def _scenario(chance: random.Random, events: int) -> list[Said]:
    """Visits, sign-ins, orders and refunds of devices, users and mailboxes that share numbers and prices."""
    said: list[Said] = []
    for minute in chance.sample(range(1, 175), events):
        device, user = {"anonymousId": chance.choice("ABCD")}, {"userId": chance.choice(["u1", "u2", "u3"])}
        traits = {"email": chance.choice(["a@x.example", "b@x.example"])}
        number = {"order_id": chance.choice(["1001", "1002", "1003"]), "revenue": chance.choice([10, 20])}
        page = {"page": {"url": HOME + chance.choice(["", "?utm_source=nl&utm_medium=email"])}}
        order = {"type": "track", "event": "Order Completed", "properties": number}
        kinds: list[tuple[int, Said]] = [
            (6, {"type": "page", "context": page} | device),
            (5, order | {"context": page} | device),
            (4, order | user),
            (2, order | {"context": {"traits": traits}} | device),
            (3, {"type": "identify"} | device | user),
            (2, {"type": "identify", "traits": traits} | device),
            (2, {"type": "identify", "traits": traits} | user),
            (2, {"type": "track", "event": "Order Refunded", "properties": number | {"total": 2}} | user),
        ]
        (kind,) = chance.choices([kind for _, kind in kinds], [weight for weight, _ in kinds])
        said.append({"messageId": f"m{minute}", "timestamp": to_rfc3339(NOW - (180 - minute) * MINUTE_MS)} | kind)
    return said


def _event(site: NewSite, said: Said) -> EventAccepted:
    sender = Sender(site.site.organization_id, site.site.site_id, trusted_clock=True)
    delivery = Delivery("POST /v1/batch", b"", "", "", NOW)
    return accept(of_segment(said, None, []), sender, delivery, wiring.platform_secret())


def _owner(event: EventAccepted) -> str:
    return f"cus_{event.identities[0].hash}"


def _take_in(site: NewSite, events: Sequence[EventAccepted], chance: random.Random, shards: int) -> None:
    """Each shard's batches in order. One may be stored, and written only after others stored theirs; one that is not
    written comes again, cut otherwise."""
    waiting: dict[int, list[EventAccepted]] = defaultdict(list)
    for event in events:
        waiting[crc32(_owner(event).encode()) % shards].append(event)
    stored: dict[int, tuple[int, Recorded]] = {}
    while any(waiting.values()):
        shard = chance.choice([shard for shard, left in waiting.items() if left])
        if shard not in stored:
            batch = waiting[shard][: chance.choice([1, 2, 3, 4, 1_000])]
            stored[shard] = len(batch), record(site.site, batch)
            if shards > 1 and chance.random() < 0.5:
                continue
        size, recorded = stored.pop(shard)
        try:
            publish(site.site, recorded)
        except UpstreamError:
            continue
        del waiting[shard][:size]


def _persons(site: NewSite, events: Sequence[EventAccepted]) -> Customers:
    customers = Customers(site.site.organization_id, site.site.site_id)
    customers.load({f"cus_{one.hash}": one.type for event in events for one in event.identities})
    return customers


def _visits_of(site: NewSite, person: Person, customers: Customers) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The sessions and touches that follow from all facts of a person."""
    facts = customers.facts_between(person, 0, NOW)
    history = derive(facts, site.site, person.first_ms)
    for session in history.sessions:
        yield session.session_id, (person.customer_id, session.events, session.conversions)
    for touch in history.touches:
        yield touch.touch_id, (person.customer_id, touch.channel, touch.evidence)


def _rows(site: NewSite, table: LakeTable, columns: str) -> list[tuple[Any, ...]]:
    sql = f"SELECT {columns} FROM ({latest_rows(table, 'site_id = ?')}) WHERE NOT coalesce(deleted, false)"
    return sorted(wiring.query().run(sql, site.site.organization_id, [site.site.site_id]).rows)


def _conversions(site: NewSite, events: Sequence[EventAccepted]) -> list[tuple[str, int]]:
    """Every conversion with its value. Each goes by the person who first reported it."""
    customers = _persons(site, events)
    holders = {event.event_id: customers.person_of(_owner(event)).customer_id for event in events}
    rows = _rows(site, CONVERSIONS, "event_id, value_micros, customer_id")
    assert [holders[event_id] for event_id, _, _ in rows] == [name for _, _, name in rows]
    return [(event_id, value) for event_id, value, _ in rows]


@pytest.mark.parametrize("seed", some_and_slow(range(6), 2))
@pytest.mark.parametrize(("shards", "stops"), [(1, 0.0), (1, 0.1), (3, 0.0), (3, 0.1)])
def test_lake_holds_what_the_facts_say_however_consumers_take_turns(
    monkeypatch: pytest.MonkeyPatch, seed: int, shards: int, stops: float
) -> None:
    chance = random.Random(seed)
    said = _scenario(chance, 20)
    if seed % 2:
        monkeypatch.setattr(customer_table, "SEAL_AT_BYTES", 200)
    undisturbed = tenancy.create_site(name="Shop", domains=["shop.example"], currency="EUR")
    in_order = [_event(undisturbed, one) for one in said]
    _take_in(undisturbed, in_order, random.Random(seed), 1)

    append = FolderLake.append

    def stopping(self: FolderLake, *file: Any) -> None:
        if chance.random() < stops:
            raise UpstreamError("the consumer stops", retryable=True)
        append(self, *file)

    monkeypatch.setattr(FolderLake, "append", stopping)
    site = tenancy.create_site(name="Shop", domains=["shop.example"], currency="EUR")
    chance.shuffle(said)
    events = [_event(site, one) for one in said]
    _take_in(site, events, chance, shards)

    # THEN every visit is written as it follows from all facts, and under the name of its person
    customers = _persons(site, events)
    names = {person.customer_id: person for person in customers.persons()}
    expected = dict(row for person in names.values() for row in _visits_of(site, person, customers))
    written = {one: row for one, *row in _rows(site, SESSIONS, "session_id, customer_id, events, conversions")}
    written |= {one: row for one, *row in _rows(site, TOUCHES, "touch_id, customer_id, channel, evidence")}
    assert {one: tuple(row) for one, row in written.items()} == expected
    # AND every order counts as if nothing had been interrupted
    assert _conversions(site, events) == _conversions(undisturbed, in_order)
