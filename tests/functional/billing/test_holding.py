"""Events beyond a limit are held, and taken in once with a larger plan. Case 25, with tens of events."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from optiq.billing import privacy
from optiq.billing.accounts.stored import account_of, change_account
from optiq.billing.plans.contracts import Overrides
from optiq.billing.plans.periods import calendar_month
from optiq.billing.usage import holding, waiting, watching
from optiq.billing.usage.api import held_batches, usage_of
from optiq.billing.usage.contracts import HeldEvent, Usage
from optiq.billing.usage.counting import known_here
from optiq.billing.usage.records import HeldBodiesRecord
from optiq.collect.api import hashes_of
from optiq.collect.ingest import api as ingest
from optiq.collect.ingest.contracts import IngestCounts
from optiq.deletion import api as deletion
from optiq.journeys import api as journeys
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, HOUR_MS, day_of, parse_timezone, system_clock
from optiq.kernel.events import decode
from optiq.kernel.person import Person
from optiq.kernel.table_ending import remove_ended
from optiq.reports.domain import DayRange
from optiq.reports.questions.notes import of_held
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

from functions.journeys import on_events
from tests.functional.billing.paying import Paying
from tests.functional.deletion.tenants import run as run_deletion
from tests.functional.pipeline import Pipeline
from tests.functional.senders import send_segment
from tests.performance.metering import Meter
from tests.support.killing import Killed, killing
from tests.support.replaying import replay, replayed

UTC = parse_timezone("UTC")


class _Shop:
    """A site whose organization may store 10 events of a month, and 12 with the grace."""

    def __init__(self, payer: Paying, site: NewSite, pipeline: Pipeline) -> None:
        self.payer, self.site, self.pipeline = payer, site, pipeline
        payer.organization_id, payer.now_ms = site.site.organization_id, system_clock()
        self.limit(10)

    @property
    def organization_id(self) -> str:
        return self.site.site.organization_id

    def limit(self, events: int) -> None:
        before = account_of(self.organization_id, self.payer.now_ms)
        change_account(self.payer.caller, before, replace(before, overrides=Overrides(monthly_events=events)))
        self.restart()

    def restart(self) -> None:
        """A new process knows nothing."""
        watching.known_here.clear()
        known_here.clear()

    def send(self, *names: str) -> None:
        for name in names:
            send_segment(self.site, "track", {"messageId": name, "anonymousId": "v1", "event": "E"})

    def take_in(self, size: int = 1_000) -> None:
        self.pipeline.drain(size, consumers=("journeys",))

    def take_in_held(self) -> int:
        return journeys.take_in_held(stop=lambda: False)

    @property
    def used(self) -> Usage:
        return usage_of(self.payer.caller)

    @property
    def counts(self) -> IngestCounts:
        today = day_of(system_clock(), UTC)
        return ingest.counts(Caller.system(self.organization_id), self.site.site.site_id, first=today, last=today)

    def stands(self, *, stored: int, held: int) -> None:
        used, counts = self.used, self.counts
        assert (used.events, used.held.events if used.held else 0) == (stored, held)
        assert (counts.accepted, counts.stored, counts.held) == (stored + held, stored, held)
        assert sum(one.events for one in waiting.batches(self.organization_id, system_clock())) == held

    def stands_besides_failed(self, *, stored: int, held: int) -> None:
        counts = self.counts
        assert (counts.stored, counts.held, counts.failed) == (stored, held, counts.accepted - stored - held)
        assert (self.used.events, self.used.held.events if self.used.held else 0) == (stored, held)


@pytest.fixture
def shop(payer: Paying, site: NewSite, pipeline: Pipeline) -> Iterator[_Shop]:
    found = _Shop(payer, site, pipeline)
    yield found
    found.restart()


def _names(count: int, prefix: str = "e") -> list[str]:
    return [f"{prefix}{number}" for number in range(count)]


def test_events_beyond_the_grace_are_held_and_taken_in_once_with_a_larger_limit(shop: _Shop) -> None:
    shop.send(*_names(30))
    shop.take_in(size=7)
    shop.stands(stored=12, held=18)
    assert shop.used.intake == "STOPPED"
    assert shop.take_in_held() == 0
    shop.limit(1_000)
    assert (shop.take_in_held(), shop.take_in_held()) == (18, 0)
    shop.stands(stored=30, held=0)
    assert shop.used.intake == "OPEN"


def test_report_says_how_many_events_are_held_and_since_when(shop: _Shop) -> None:
    shop.send(*_names(30))
    shop.take_in()
    days = DayRange(day_of(system_clock() - DAY_MS, UTC), day_of(system_clock(), UTC), UTC)
    part = SimpleNamespace(site_id=shop.site.site.site_id, days=days)
    asked: Any = SimpleNamespace(caller=shop.payer.caller, part=part)
    (note,) = of_held(asked)
    assert note.text.startswith(f"18 events since {days.last} are held")
    long_ago = day_of(system_clock() - 40 * DAY_MS, UTC)
    asked.part.days = DayRange(long_ago, long_ago, UTC)
    assert list(of_held(asked)) == []
    asked.part.days = days
    shop.limit(1_000)
    shop.take_in_held()
    assert list(of_held(asked)) == []


def test_held_events_of_a_person_are_found_given_out_and_erased(shop: _Shop) -> None:
    shop.send(*_names(12))
    shop.take_in()  # before the next: which of two visitors' events come first depends on their shards
    for number in range(8):
        visitor = "v2" if number % 2 else "v1"
        send_segment(shop.site, "track", {"messageId": f"h{number}", "anonymousId": visitor, "event": "Seen"})
    shop.take_in()
    shop.stands(stored=12, held=8)
    organization_id, site_id = shop.organization_id, shop.site.site.site_id
    hashes = tuple(hashes_of(organization_id, "v2"))
    person = Person(organization_id, ("v2",), hashes, (site_id,), (), system_clock())
    another = replace(person, organization_id=Caller.system("org_another").organization_id)
    assert (privacy.find(person), privacy.find(another)) == ({"held_events": 4}, {"held_events": 0})
    assert [row["event_id"] for _, row in privacy.export(person)] == ["h1", "h3", "h5", "h7"]
    privacy.erase(person, "ERASE")
    assert privacy.find(person) == {"held_events": 0}
    assert shop.used.held is not None
    assert shop.used.held.events == 4
    shop.limit(1_000)
    assert shop.take_in_held() == 4
    assert shop.used.events == 16


def test_batch_that_comes_again_splits_the_same_way_when_its_limit_changed_since(shop: _Shop) -> None:
    shop.send(*_names(20))
    (batch,) = shop.pipeline.batches("journeys")
    on_events.handler(batch, None)
    shop.stands(stored=12, held=8)
    for events in (1_000, 10, 5):
        shop.limit(events)
        on_events.handler(batch, None)
        shop.stands(stored=12, held=8)
    shop.limit(1_000)
    shop.take_in_held()
    on_events.handler(batch, None)
    shop.stands(stored=20, held=0)


@pytest.mark.parametrize("after", [False, True])
def test_consumer_that_is_killed_at_any_write_holds_and_stores_each_event_once(
    shop: _Shop, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    sent = 0
    for kill_at in range(1, 30):
        shop.limit(sent * 10 // 12 + 10)
        shop.send(*_names(4, f"k{kill_at}-{after}-"))
        (batch,) = shop.pipeline.batches("journeys")
        try:
            with killing(monkeypatch, kill_at, after) as writes:
                on_events.handler(batch, None)
        except Killed:
            pass
        shop.restart()
        shop.take_in()
        sent += 4
        used = shop.used
        assert used.events + (used.held.events if used.held else 0) == sent
        if writes.made < kill_at:
            break
    assert kill_at > 3
    assert (shop.counts.accepted, shop.counts.held) == (sent, used.held.events if used.held else 0)
    shop.limit(10_000)
    shop.take_in_held()
    shop.stands(stored=sent, held=0)


@pytest.mark.parametrize("after", [False, True])
def test_taking_in_that_is_killed_at_any_write_counts_each_event_once(
    shop: _Shop, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    shop.send(*_names(12))
    shop.take_in()
    for kill_at in range(1, 40):
        shop.limit(10)
        stored = shop.used.events
        shop.send(f"t{kill_at}-{after}-a", f"t{kill_at}-{after}-b")
        shop.take_in()
        shop.stands(stored=stored, held=2)
        shop.limit(10_000)
        try:
            with killing(monkeypatch, kill_at, after) as writes:
                shop.take_in_held()
        except Killed:
            pass
        shop.restart()
        shop.take_in_held()
        shop.stands(stored=stored + 2, held=0)
        if writes.made < kill_at:
            break
    assert kill_at > 4


def test_new_month_alone_takes_nothing_in(shop: _Shop) -> None:
    shop.send(*_names(15))
    shop.take_in()
    now_ms = system_clock()
    next_month_ms = calendar_month(now_ms).end_ms
    assert list(held_batches(lambda: min(next_month_ms, now_ms + 29 * DAY_MS))) == []
    shop.limit(11)
    assert [len(one.events) for one in held_batches()] == []
    shop.limit(13)
    assert [len(one.events) for one in held_batches()] == [3]


def test_held_bodies_are_sealed_and_end_after_thirty_days(shop: _Shop) -> None:
    shop.send(*_names(14))
    shop.take_in()
    (batch,) = waiting.batches(shop.organization_id, system_clock())
    key = holding.keys.held_bodies(shop.organization_id, batch.shard, batch.sequence)
    assert b"event" not in HeldBodiesRecord.get(*key).bodies
    later = system_clock() + 30 * DAY_MS + HOUR_MS
    assert list(waiting.batches(shop.organization_id, later)) == []
    remove_ended(later)
    with pytest.raises(HeldBodiesRecord.DoesNotExist):
        HeldBodiesRecord.get(*key)
    assert (shop.counts.accepted, shop.counts.held) == (14, 2)


def _hold(organization_id: str, numbers: range) -> None:
    """Each event is a batch."""
    for number in numbers:
        holding.hold(organization_id, "shard-0", [HeldEvent(number, system_clock(), b"x")], 10, system_clock())


@pytest.mark.parametrize("after", [False, True])
def test_erasing_that_is_killed_at_any_write_counts_what_is_held_once(
    shop: _Shop, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    shop.send(*_names(12))
    shop.take_in()
    for name in _names(3, "h"):
        shop.send(name)
        shop.take_in()
    for held, batch in zip((2, 1, 0), list(waiting.batches(shop.organization_id, system_clock())), strict=True):
        with contextlib.suppress(Killed), killing(monkeypatch, 1, after):
            waiting.leave_out(shop.organization_id, batch, lambda event: False, system_clock())
        again = next(
            one for one in waiting.batches(shop.organization_id, system_clock()) if one.sequence == batch.sequence
        )
        waiting.leave_out(shop.organization_id, again, lambda event: False, system_clock())
        assert (shop.used.held.events if shop.used.held else 0) == held


def test_what_is_read_stays_the_same_however_much_is_held(shop: _Shop) -> None:
    shop.send(*_names(12))
    shop.take_in()

    def reads(held: int) -> tuple[int, float]:
        meter = Meter()
        shop.restart()
        with meter:
            used = shop.used
            assert list(held_batches()) == []
            watching.look(shop.organization_id, system_clock)
        assert used.held is not None
        assert (used.held.events, used.intake) == (held, "STOPPED")
        return meter.calls, meter.read_units

    _hold(shop.organization_id, range(30))
    reads(30)
    few = reads(30)
    _hold(shop.organization_id, range(30, 250))
    assert reads(250) == few


def test_batch_that_nothing_is_left_of_holds_up_nothing_behind_it(shop: _Shop) -> None:
    shop.send(*_names(12))
    shop.take_in()
    for name in ("h1", "h2"):
        shop.send(name)
        shop.take_in()
    one, behind = waiting.batches(shop.organization_id, system_clock())
    assert one.shard == behind.shard
    waiting.leave_out(shop.organization_id, one, lambda event: False, system_clock())
    assert shop.used.held is not None
    assert shop.used.held.events == 1
    shop.limit(1_000)
    assert shop.take_in_held() == 1
    assert shop.used.held is None
    assert list(waiting.of_shard(shop.organization_id, one.shard)) == []


def test_batches_that_ended_are_counted_no_more_and_read_once(shop: _Shop) -> None:
    shop.send(*_names(14))
    shop.take_in()
    later = system_clock() + 30 * DAY_MS + HOUR_MS
    assert usage_of(shop.payer.caller, clock=lambda: later - 2 * HOUR_MS).held is not None
    assert usage_of(shop.payer.caller, clock=lambda: later).held is None
    (batch,) = waiting.batches(shop.organization_id, system_clock())
    assert list(waiting.of_shard(shop.organization_id, batch.shard)) == [batch]
    assert list(held_batches(lambda: later)) == []
    assert list(waiting.of_shard(shop.organization_id, batch.shard)) == []


def test_organizations_take_turns_when_several_may_take_in(shop: _Shop) -> None:
    shop.limit(1_000)
    names = {shop.organization_id, Caller.system("org_other").organization_id}
    for name in names:
        _hold(name, range(3))
    begun = []
    for one in held_batches():
        waiting.end(one, system_clock())
        begun.append(one.organization_id)
    assert [set(begun[place : place + 2]) for place in (0, 2, 4)] == [names] * 3


def test_held_events_of_a_site_go_with_it_and_are_never_taken_in(shop: _Shop) -> None:
    shop.send(*_names(12))
    shop.take_in()
    other = tenancy.create_site(name="Old", domains=["old.example"], organization_id=shop.organization_id)
    shop.send("h1", "h2")
    send_segment(other, "track", {"messageId": "h3", "anonymousId": "v1", "event": "E"})
    shop.take_in()
    assert shop.used.held is not None
    assert shop.used.held.events == 3

    asked = deletion.ask(Caller.system(shop.organization_id), "SITE", other.site.site_id, name="Old")
    done = run_deletion(asked, each_piece=True)

    assert done.status == "DONE"
    held = [
        decode(one.body)
        for batch in waiting.batches(shop.organization_id, system_clock())
        for one in waiting.opened(shop.organization_id, batch)
    ]
    assert {one.site_id for one in held} == {shop.site.site.site_id}
    assert shop.used.held is not None
    assert shop.used.held.events == 2
    shop.limit(1_000)
    assert shop.take_in_held() == 2


def test_another_organization_sees_nothing_of_what_is_held(shop: _Shop) -> None:
    shop.send(*_names(14))
    shop.take_in()
    shop.payer.begin()
    assert (shop.used.held, shop.used.events) == (None, 0)


def test_failed_event_that_is_replayed_is_stored_while_others_are_held(shop: _Shop) -> None:
    send_segment(shop.site, "track", {"userId": "undefined", "event": "E"})
    shop.take_in()
    (failed,) = ingest.failed_events(Caller.system(shop.organization_id), shop.site.site.site_id).items
    body = failed.body.decode().replace("undefined", "u1")
    shop.send(*_names(13))
    replayed(shop.site, {"events": [{"failed_event_id": failed.failed_event_id, "body": body}]})
    shop.send("later", "last")
    shop.take_in(size=5)
    held = shop.counts.held
    assert held >= 3
    assert shop.counts.failed == 0
    shop.stands(stored=16 - held, held=held)
    shop.limit(1_000)
    shop.take_in_held()
    shop.stands(stored=16, held=0)


def test_nothing_is_replayed_while_events_are_held(shop: _Shop) -> None:
    """Else who pauses a site, and replays what came meanwhile, would need no plan."""
    by, site_id = tenancy.operator(shop.organization_id), shop.site.site.site_id
    shop.send(*_names(13))
    shop.take_in()
    tenancy.change_site(by, site_id, {"status": "PAUSED"})
    shop.send("p1", "p2")
    shop.take_in()
    tenancy.change_site(by, site_id, {"status": "ACTIVE"})
    status, problem = replay(shop.site)
    assert status == 402
    assert "no room for more events" in problem["detail"]
    shop.take_in()
    shop.stands_besides_failed(stored=12, held=1)
    shop.limit(1_000)
    assert replayed(shop.site) == (2, 0)
