"""Saved funnels: an answer of stored attempts is the answer of all events, whatever changed since they were stored."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from optiq.journeys.lake import PEOPLE
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, HOUR_MS, MINUTE_MS, from_rfc3339, utc_day
from optiq.ports.lake_rows import arrow_table
from optiq.reports import keys
from optiq.reports.behaviour.api import funnel
from optiq.reports.behaviour.contracts import Exclusion, FunnelAnswer, FunnelAsk, Matcher
from optiq.reports.behaviour.saved import saved_funnel
from optiq.reports.behaviour.storing import WHOLE_AFTER_MS, funnels_job
from optiq.reports.lake import FUNNEL_ATTEMPTS, STEPS
from optiq.reports.questions.filters import Filter
from optiq.reports.records import RunStateRecord
from optiq.reports.runs import Made, run_job
from optiq.reports.views.api import create_view, remove_view
from optiq.tenancy import api as tenancy

from functions.reports.schemas_views import checked_question
from tests.functional.reports.conftest import SiteMaker
from tests.functional.reports.lake import TestLake
from tests.support.examples import some_and_slow

pytestmark = pytest.mark.usefixtures("table")
NOW_MS = from_rfc3339("2026-03-20T12:00:00Z")
FIRST_MS = from_rfc3339("2026-02-10T00:00:00Z")
CHANNELS = ("Email", "Direct", "Paid Search")
TWO = {"steps": [{"event": "A"}, {"event": "B"}], "window_minutes": 2 * 24 * 60}


class World:
    """Days of events and links of people, changed at random; and funnels that are saved."""

    def __init__(self, lake: TestLake, seed: int = 1) -> None:
        self.lake, self.random, self.now_ms = lake, Random(seed), NOW_MS
        self.days: dict[str, list[dict[str, Any]]] = {}
        self.number = 0
        self.asked: list[str] = []
        record = RunStateRecord(*keys.steps_state(lake.organization_id))
        record.until_ms = NOW_MS
        record.save()

    @property
    def caller(self) -> Caller:
        return Caller(self.lake.organization_id, "user_ada", "user_ada")

    def event(self, person: str, name: str, t: int, **more: Any) -> None:
        self.number += 1
        row = {"site_id": self.lake.site_id, "customer_id": person, "name": name, "t": t, "kind": "TRACK"}
        row |= {"event_id": f"e{self.random.randrange(10**6)}-{self.number}", "session_id": f"s-{person}"}
        self.days.setdefault(utc_day(t), []).append(row | more)
        self.write(utc_day(t))

    def write(self, day: str) -> None:
        table = arrow_table(STEPS, self.days[day])
        self.lake.lake.append(STEPS.name, self.lake.organization_id, day, "steps", table)

    def events(self, count: int, first_ms: int, last_ms: int, people: int = 25) -> None:
        touched = set()
        for _ in range(count):
            # Whole hours, so that ties are common.
            t = self.random.randrange(first_ms // HOUR_MS, last_ms // HOUR_MS) * HOUR_MS
            self.number += 1
            row = {"site_id": self.lake.site_id, "customer_id": f"c{self.random.randrange(people)}", "kind": "TRACK"}
            row |= {"name": self.random.choice("AABBCX"), "t": t, "channel": self.random.choice(CHANNELS)}
            row |= {"event_id": f"e{self.random.randrange(10**6)}-{self.number}", "session_id": "s"}
            row |= {"turn": self.random.randrange(3)}
            self.days.setdefault(utc_day(t), []).append(row)
            touched.add(utc_day(t))
        for day in touched:
            self.write(day)

    def link(self, customers: dict[str, str]) -> None:
        """Says whose each customer is now."""
        self.number += 1
        rows = [
            {"site_id": self.lake.site_id, "customer_id": customer, "person_id": person, "revision": self.number}
            | {"changed_at": self.now_ms}
            for customer, person in customers.items()
        ]
        day = utc_day(self.now_ms)
        self.lake.lake.append(PEOPLE.name, self.lake.organization_id, day, f"p{self.number}", arrow_table(PEOPLE, rows))

    def store(self) -> Made:
        site = tenancy.get_site(self.lake.organization_id, self.lake.site_id)
        sites = {self.lake.organization_id: [site]}
        job = funnels_job(lambda: self.now_ms)
        return run_job(job, sites, lambda _: "a", lambda: self.now_ms, every=True, stop=lambda: False)

    def save(self, question: dict[str, Any]) -> str:
        checked = checked_question("FUNNEL", question)
        view = create_view(self.caller, self.lake.site_id, name="Saved", kind="FUNNEL", question=checked)
        return view.view_id

    def ask(self, question: FunnelAsk) -> FunnelAnswer:
        self.now_ms += MINUTE_MS
        return funnel(self.caller, self.lake.site_id, question, clock=lambda: self.now_ms)

    def both(self, question: FunnelAsk) -> tuple[FunnelAnswer, FunnelAnswer, bool]:
        """The answer as it is given, the answer without anything stored, and whether the first used what is."""
        self.asked.clear()
        given = self.ask(question)
        used = any(FUNNEL_ATTEMPTS.name in sql for sql in self.asked)
        digestless = replace(question, steps=(*question.steps[:-1], _same_as(question.steps[-1])))
        self.asked.clear()
        direct = self.ask(digestless)
        assert not any(FUNNEL_ATTEMPTS.name in sql for sql in self.asked)
        return given, direct, used


def _same_as(matcher: Matcher) -> Matcher:
    """Another matcher of the same events: no funnel with it is saved."""
    return replace(matcher, filters=(*matcher.filters, (Filter("event", "is_set"),)))


@pytest.fixture
def world(make_site: SiteMaker, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World(make_site(timezone="Europe/Berlin"))
    works = made.lake.query.run

    def run(sql: str, *arguments: Any) -> Any:
        made.asked.append(sql)
        return works(sql, *arguments)

    monkeypatch.setattr(made.lake.query, "run", run)
    return made


def _changes(world: World) -> Iterator[Callable[[], object]]:
    """What happens between two answers."""
    random = world.random
    yield lambda: world.events(10, NOW_MS - 6 * HOUR_MS, NOW_MS)
    yield lambda: world.link({"c1": "c1", "c2": "c1"})
    yield lambda: world.events(5, NOW_MS - 10 * DAY_MS, NOW_MS - 9 * DAY_MS)
    yield world.store
    yield lambda: world.link({"c1": "c0", "c2": "c0", "c0": "c0"})
    yield lambda: world.events(10, NOW_MS - 2 * DAY_MS, NOW_MS)
    yield world.store
    yield lambda: world.link({"c2": "c2"})
    yield lambda: world.events(3, NOW_MS - 4 * DAY_MS, NOW_MS - 3 * DAY_MS)
    yield lambda: world.link({f"c{random.randrange(25)}": f"c{random.randrange(25)}" for _ in range(4)})
    yield world.store
    yield lambda: world.events(4, NOW_MS - 30 * HOUR_MS, NOW_MS)


QUESTIONS: dict[str, dict[str, Any]] = {
    "loose": TWO | {"steps": [{"event": "A"}, {"event": "B"}, {"event": "C"}]},
    "strict": TWO | {"step_order": "STRICT"},
    "any": TWO | {"step_order": "ANY", "steps": [{"event": "A"}, {"event": "B"}, {"event": "C"}]},
    "excluded": TWO | {"exclusions": [{"event": {"event": "X"}, "after": 1, "before": 2}]},
    "deepest": TWO | {"breakdown": "channel", "breakdown_event": "DEEPEST", "interval": "MONTH"},
    "repeated": TWO
    | {
        "steps": [{"event": "A"}, {"event": ""}, {"event": "A"}],
        "filters": [{"dimension": "channel", "operator": "is_not", "values": ["Email"]}],
        "breakdown": "channel",
    },
}


@pytest.mark.parametrize("name", some_and_slow(reversed(QUESTIONS), 2))
def test_stored_attempts_give_the_answer_of_all_events(world: World, name: str) -> None:
    question = QUESTIONS[name]
    world.save(question)
    world.events(300, FIRST_MS, NOW_MS)
    assert world.store().left == 0
    periods = ("last60d", "2026-03-01..2026-03-31")
    uses = []
    # Each change is followed by both periods, in one question or the next.
    for number, change in enumerate((lambda: None, *_changes(world)), list(QUESTIONS).index(name)):
        change()
        ask = replace(saved_funnel(question), period=periods[number % 2])
        given, direct, used = world.both(ask)
        assert given == direct
        uses.append(used)
    # The rest are answers that were kept, for nothing of their days changed.
    assert sum(uses) > len(uses) * 0.6


def test_a_funnel_that_nobody_saved_is_counted_of_its_events(world: World) -> None:
    world.events(50, FIRST_MS, NOW_MS)
    world.store()
    world.ask(saved_funnel(TWO))
    assert not any(FUNNEL_ATTEMPTS.name in sql for sql in world.asked)


def test_what_did_not_change_is_not_stored_again(world: World) -> None:
    world.events(100, FIRST_MS, NOW_MS)
    world.save(TWO)
    assert world.store().days > 1
    assert world.store() == Made(0, 0)
    world.events(1, NOW_MS - HOUR_MS, NOW_MS)
    # Today's event goes back two days: March alone is written.
    assert world.store() == Made(1, 0)
    world.now_ms += WHOLE_AFTER_MS
    assert world.store().days > 1


def test_a_removed_funnel_leaves_nothing(world: World) -> None:
    world.events(50, FIRST_MS, NOW_MS)
    view_id = world.save(TWO)
    world.store()
    rows = f"SELECT count(*) FROM {FUNNEL_ATTEMPTS.name}"
    assert world.lake.query.run(rows, world.lake.organization_id).rows != [(0,)]
    remove_view(world.caller, world.lake.site_id, view_id)
    world.store()
    assert world.lake.query.run(rows, world.lake.organization_id).rows == [(0,)]
    assert not world.both(saved_funnel(TWO))[2]


@pytest.mark.parametrize("how", ["damaged", "gone"])
def test_an_answer_does_not_rely_on_files_that_are_not_whole(world: World, how: str) -> None:
    world.events(200, FIRST_MS, NOW_MS)
    world.save(TWO)
    world.store()
    ask = replace(saved_funnel(TWO), period="last60d")
    assert world.both(ask)[2]
    folder = world.lake.query._root / FUNNEL_ATTEMPTS.name
    file = max(folder.glob("org=*/dt=*/*.parquet"))
    if how == "gone":
        file.unlink()
    else:
        content = file.read_bytes()
        file.write_bytes(content[: len(content) // 2] + bytes(len(content) - len(content) // 2))
    given, direct, used = world.both(replace(ask, interval="WEEK"))
    assert (given, used) == (direct, False)


def test_another_organizations_attempts_are_not_read(world: World) -> None:
    world.events(50, FIRST_MS, NOW_MS)
    world.save(TWO)
    world.store()
    files = list(world.lake.lake.files(FUNNEL_ATTEMPTS.name, world.lake.organization_id))
    assert {file.organization_id for file in files} == {world.lake.organization_id}
    exclusion = Exclusion(Matcher("X"), 1, 2)
    assert saved_funnel(QUESTIONS["excluded"]).exclusions == (exclusion,)
