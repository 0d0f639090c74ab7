"""Days of `steps`: what is in them, when they are made, and what a stop leaves."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from optiq.journeys.history import delay_of
from optiq.journeys.lake import CONVERSIONS, EVENTS, PEOPLE, SESSIONS, TOUCHES
from optiq.kernel.clock import MINUTE_MS, from_rfc3339
from optiq.kernel.errors import UpstreamError
from optiq.kernel.events import EventAccepted
from optiq.kernel.ids import id_in_order, moment, moment_of
from optiq.kernel.lake_tables import LakeTable
from optiq.ports import wiring
from optiq.ports.lake_rows import arrow_table, name_of
from optiq.reports.lake import STEPS
from optiq.reports.runs import Made, run_job
from optiq.reports.steps import planning
from optiq.reports.steps.building import STEPS_JOB, make_day
from optiq.reports.steps.planning import changed_days
from optiq.reports.steps.watermark import complete_until, damaged_sources
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import CustomDimension, Site

from tests.functional.reports.conftest import SiteMaker
from tests.functional.reports.lake import TestLake

pytestmark = pytest.mark.usefixtures("table")
DAY = "2026-01-10"
NOW_MS = from_rfc3339("2026-01-20T12:00:00Z")
_INSTANTS = {SESSIONS.name: "started_at", PEOPLE.name: "changed_at"}


class Days:
    """Writes what journeys would, and makes days of steps of it."""

    def __init__(self, lake: TestLake, root: Path) -> None:
        self.lake, self.root, self.now_ms = lake, root, NOW_MS
        self.traffic = "a"
        self.sites: tuple[Site, ...] = ()

    def write(self, table: LakeTable, at: str, **values: Any) -> str:
        """One row, at an instant; the file's name."""
        instant = _INSTANTS.get(table.name, "occurred_at")
        row = {"site_id": self.lake.site_id, instant: from_rfc3339(at), "revision": 1, "deleted": False} | values
        row = {name: value for name, value in row.items() if name in table.columns}
        name = name_of("part", [row])
        self.lake.lake.append(table.name, self.lake.organization_id, at[:10], name, arrow_table(table, [row]))
        return name

    def event(self, event_id: str, at: str, customer_id: str = "c1", **values: Any) -> str:
        said = {"event_id": event_id, "customer_id": customer_id, "kind": "PAGE", "name": "page_view"}
        said |= {"left_out": "", "from_server": False, "url": "https://Shop.Example/cart?a=1", "received_at": 1}
        return self.write(EVENTS, at, **(said | values))

    def visit(self, session_id: str, start: str, end: str, customer_id: str = "c1", **values: Any) -> None:
        said = {"session_id": session_id, "customer_id": customer_id, "ended_at": from_rfc3339(end)}
        self.write(SESSIONS, start, **(said | values))

    def make(self, *, every: bool = False, stop: Callable[[], bool] = lambda: False) -> Made:
        return run_job(
            STEPS_JOB,
            {self.lake.organization_id: self.sites},
            lambda _: self.traffic,
            lambda: self.now_ms,
            every=every,
            stop=stop,
        )

    def make_after(self, minutes: int = 6, **how: Any) -> Made:
        """The next run, of what came in since."""
        self.now_ms += minutes * MINUTE_MS
        self.traffic += "."
        return self.make(**how)

    @property
    def rows(self) -> dict[str, dict[str, Any]]:
        """By event."""
        found = self.lake.query.run(
            f"SELECT * FROM {STEPS.name} WHERE site_id = ?", self.lake.organization_id, [self.lake.site_id]
        )
        rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
        assert len({row["event_id"] for row in rows}) == len(rows)
        return {row["event_id"]: row for row in rows}

    def files(self, table: LakeTable) -> list[Path]:
        return sorted((self.root / table.name).glob("org=*/dt=*/*.parquet"))


@pytest.fixture
def days(make_site: SiteMaker, tmp_path: Path) -> Days:
    return Days(make_site(), tmp_path)


def test_a_step_has_what_is_known_of_its_visit(days: Days) -> None:
    days.visit("s1", f"{DAY}T10:00:00Z", f"{DAY}T10:30:00Z", device="MOBILE", browser="Safari", os="iOS", country="DE")
    origin = {"channel": "Email", "source": "nl", "medium": "email", "campaign": "spring", "content": "top"}
    days.write(TOUCHES, f"{DAY}T10:00:00Z", touch_id="t1", session_id="s1", customer_id="c1", **origin)
    days.event("e1", f"{DAY}T10:10:00Z")
    days.event("e2", f"{DAY}T10:30:00Z", kind="TRACK", name="buy", value_micros=5, currency="EUR", url="https://a.b")
    days.write(CONVERSIONS, f"{DAY}T10:30:00Z", conversion_id="v1", customer_id="c1", event_id="e2")
    assert days.make() == Made(1, 0)

    rows = days.rows
    known = {"session_id": "s1", "device": "MOBILE", "browser": "Safari", "os": "iOS", "country": "DE"} | origin
    for event_id in ("e1", "e2"):
        assert {name: rows[event_id][name] for name in known} == known
    assert (rows["e1"]["path"], rows["e1"]["hostname"], rows["e1"]["conversion"]) == ("/cart", "shop.example", False)
    assert rows["e1"]["t"] == from_rfc3339(f"{DAY}T10:10:00Z")
    assert (rows["e2"]["path"], rows["e2"]["conversion"], rows["e2"]["value_micros"]) == ("/", True, 5)


def test_an_event_belongs_to_the_visit_it_falls_in(days: Days) -> None:
    days.visit("s1", "2026-01-09T23:50:00Z", f"{DAY}T00:20:00Z")
    days.visit("s2", f"{DAY}T12:00:00Z", f"{DAY}T12:30:00Z")
    days.visit("s3", f"{DAY}T12:10:00Z", f"{DAY}T12:20:00Z", "c2")
    for event_id, at in (("over", "00:10"), ("between", "05:00"), ("in", "12:15"), ("after", "13:00")):
        days.event(event_id, f"{DAY}T{at}:00Z")
    days.event("server", f"{DAY}T20:00:00Z", from_server=True)
    days.make()
    found = {event_id: row["session_id"] for event_id, row in days.rows.items()}
    assert found == {"over": "s1", "between": None, "in": "s2", "after": None, "server": "s2"}


@pytest.mark.parametrize("delays_ms", [(5, 5), (5, 70_000)], ids=["one request", "two requests"])
def test_events_of_one_instant_belong_to_the_visits_they_were_sent_in(days: Days, delays_ms: tuple[int, int]) -> None:
    at = f"{DAY}T00:00:00Z"
    instant = from_rfc3339(at)
    sent = [(delays_ms[place > 1], place) for place in range(4)]
    visits = [id_in_order("session", instant, *sent[place], f"e{place}") for place in (0, 2)]
    for visit in visits:
        days.visit(visit, at, at)
    for place, (delay_ms, position) in enumerate(sent):
        days.event(f"e{9 - place}", at, received_at=instant + delay_ms, position=position)
    days.make()
    by_turn = sorted(days.rows.values(), key=lambda row: row["turn"])
    assert [row["event_id"] for row in by_turn] == ["e9", "e8", "e7", "e6"]
    assert [row["session_id"] for row in by_turn] == [visits[0], visits[0], visits[1], visits[1]]


def test_the_turn_of_an_event_is_that_of_the_ids_made_of_it(days: Days) -> None:
    starts = (f"{DAY}T10:00:00Z", f"{DAY}T10:00:00.250Z")
    delays = (-1, 0, 59_999, 60_000, 1 << 39)
    each = [*product(starts, (0, 7, 5_000), delays, (True, False))]
    for number, (at, position, delay_ms, from_server) in enumerate(each):
        received = from_rfc3339(at) + delay_ms
        days.event(f"e{number}", at, from_server=from_server, position=position, received_at=received)
    days.make()

    rows = days.rows
    for number, (at, position, delay_ms, from_server) in enumerate(each):
        instant = from_rfc3339(at)
        sent = EventAccepted(
            organization_id="org_1",
            site_id=days.lake.site_id,
            event_id=f"e{number}",
            receipt="r",
            digest="d",
            kind="PAGE",
            name="page_view",
            identities=(),
            occurred_ms=instant,
            received_ms=instant + delay_ms,
            from_server=from_server,
        )
        made = id_in_order("session", instant, delay_of(sent), position, f"e{number}")
        expected = moment_of(made) - moment(instant, 0, 0)
        assert rows[f"e{number}"]["turn"] == expected, (at, position, delay_ms, from_server)


def test_days_are_made_anew_when_steps_get_another_column(days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
    days.event("e1", f"{DAY}T10:00:00Z")
    assert days.make(every=True) == Made(1, 0)
    now = (days.lake.lake, days.lake.organization_id, ())
    assert changed_days(*now, linked=True) == []
    monkeypatch.setattr(planning, "STEPS", replace(STEPS, columns=STEPS.columns | {"other": "string"}))
    assert [planned.day for planned in changed_days(*now, linked=True)] == [DAY]


def test_an_event_of_a_linked_customer_belongs_to_the_persons_visit(days: Days) -> None:
    days.visit("s1", f"{DAY}T10:00:00Z", f"{DAY}T10:30:00Z", "c1")
    days.event("e1", f"{DAY}T11:00:00Z", "user", from_server=True)
    days.write(PEOPLE, f"{DAY}T12:00:00Z", customer_id="user", person_id="c1")
    days.make()
    assert (days.rows["e1"]["session_id"], days.rows["e1"]["customer_id"]) == ("s1", "user")


def test_what_reports_leave_out_is_no_step(days: Days) -> None:
    days.event("bot", f"{DAY}T10:00:00Z", left_out="BOT")
    days.event("known", f"{DAY}T10:00:00Z", kind="IDENTIFY")
    days.event("nobody", f"{DAY}T10:00:00Z", customer_id="")
    days.event("twice", f"{DAY}T10:00:00Z", received_at=1)
    days.event("twice", f"{DAY}T10:00:00Z", received_at=2, name="later")
    days.make()
    assert {event_id: row["name"] for event_id, row in days.rows.items()} == {"twice": "later"}


def test_a_day_is_made_again_only_when_it_changed(days: Days) -> None:
    days.event("e1", f"{DAY}T10:00:00Z")
    days.event("e2", "2026-01-11T10:00:00Z")
    assert days.make() == Made(2, 0)
    assert days.make_after() == Made(0, 0)
    days.event("e3", f"{DAY}T10:00:00Z")
    assert days.make_after() == Made(1, 0)
    assert set(days.rows) == {"e1", "e2", "e3"}
    # A visit may go on after midnight.
    days.visit("s1", f"{DAY}T10:00:00Z", f"{DAY}T10:30:00Z")
    assert days.make_after() == Made(2, 0)
    assert days.make_after(every=True) == Made(0, 0)


def test_nothing_is_looked_at_while_nothing_comes_in_but_at_night(days: Days) -> None:
    days.event("e1", f"{DAY}T10:00:00Z")
    days.make()
    assert complete_until(days.lake.organization_id) == NOW_MS
    days.event("imported", f"{DAY}T10:00:00Z")
    days.now_ms += MINUTE_MS
    assert days.make() == Made(0, 0)
    assert complete_until(days.lake.organization_id) == NOW_MS + MINUTE_MS
    assert days.make(every=True) == Made(1, 0)


def test_a_link_makes_the_days_before_it_again_at_night(days: Days) -> None:
    days.visit("s1", f"{DAY}T10:00:00Z", f"{DAY}T10:30:00Z", "c1")
    days.event("e1", f"{DAY}T11:00:00Z", "user", from_server=True)
    days.event("e2", "2026-01-01T11:00:00Z", "user", from_server=True)
    days.make()
    assert days.rows["e1"]["session_id"] is None
    days.write(PEOPLE, "2026-01-12T12:00:00Z", customer_id="user", person_id="c1")
    assert days.make_after() == Made(0, 0)
    assert days.make_after(every=True) == Made(1, 0)
    assert days.rows["e1"]["session_id"] == "s1"


class StopError(Exception):
    """The machine stops here."""


@pytest.mark.parametrize("place", ["arrow", "append", "after append"])
def test_a_stop_leaves_the_whole_old_or_new_day(days: Days, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    days.event("e1", f"{DAY}T10:00:00Z")
    days.make()
    days.event("e2", f"{DAY}T11:00:00Z")
    owner, name = (days.lake.query, "arrow") if place == "arrow" else (days.lake.lake, "append")
    works = getattr(owner, name)

    def stops(*arguments: Any) -> Any:
        if place == "after append":
            works(*arguments)
        raise StopError

    monkeypatch.setattr(owner, name, stops)
    with pytest.raises(StopError):
        days.make_after()
    monkeypatch.setattr(owner, name, works)

    assert set(days.rows) == ({"e1", "e2"} if place == "after append" else {"e1"})
    assert complete_until(days.lake.organization_id) == NOW_MS
    assert days.make_after() == Made(1, 0)
    assert set(days.rows) == {"e1", "e2"}
    assert complete_until(days.lake.organization_id) == days.now_ms


def test_a_slow_run_that_writes_over_a_newer_day_is_made_good(days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
    organization_id = days.lake.organization_id
    days.event("e1", f"{DAY}T10:00:00Z")
    [old] = changed_days(days.lake.lake, organization_id, (), linked=True)
    works = days.lake.lake.append

    def slow(*arguments: Any) -> str:
        monkeypatch.setattr(days.lake.lake, "append", works)
        days.event("e2", f"{DAY}T11:00:00Z")
        [new] = changed_days(days.lake.lake, organization_id, (), linked=True)
        make_day(organization_id, new)
        return works(*arguments)

    monkeypatch.setattr(days.lake.lake, "append", slow)
    make_day(organization_id, old)
    assert set(days.rows) == {"e1"}
    assert days.make_after() == Made(1, 0)
    assert set(days.rows) == {"e1", "e2"}


def test_a_day_that_lost_its_file_is_made_again(days: Days) -> None:
    days.event("e1", f"{DAY}T10:00:00Z")
    days.make()
    days.files(STEPS)[0].unlink()
    assert days.make_after() == Made(1, 0)
    assert set(days.rows) == {"e1"}


def test_a_day_whose_events_are_gone_has_no_rows(days: Days) -> None:
    days.event("e1", f"{DAY}T10:00:00Z")
    days.make()
    for file in days.files(EVENTS):
        file.unlink()
    assert days.make_after() == Made(1, 0)
    assert days.rows == {}
    assert days.make_after() == Made(0, 0)


def test_a_damaged_source_is_named_until_it_is_put_right(days: Days) -> None:
    organization_id = days.lake.organization_id
    days.event("e1", f"{DAY}T10:00:00Z")
    name = days.event("e2", f"{DAY}T11:00:00Z")
    [file] = [path for path in days.files(EVENTS) if path.stem == name]
    whole = file.read_bytes()
    file.write_bytes(whole[:-40] + bytes(40))
    days.make()
    assert set(days.rows) == {"e1"}
    assert damaged_sources(organization_id, DAY, DAY) == [str(file.relative_to(days.root))]
    file.write_bytes(whole)
    assert days.make_after() == Made(1, 0)
    assert set(days.rows) == {"e1", "e2"}
    assert damaged_sources(organization_id, DAY, DAY) == []


def test_an_organization_that_fails_keeps_no_other_from_its_days(days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
    days.event("e1", f"{DAY}T10:00:00Z")
    broken = f"{days.lake.organization_id[:-1]}{'0' if days.lake.organization_id[-1] != '0' else '1'}"
    listing = days.lake.lake.files

    def files(table: str, organization_id: str, *bounds: str) -> Any:
        if organization_id == broken:
            raise UpstreamError("the lake does not answer", retryable=True)
        return listing(table, organization_id, *bounds)

    monkeypatch.setattr(days.lake.lake, "files", files)
    both: dict[str, tuple[Site, ...]] = {broken: (), days.lake.organization_id: ()}
    assert run_job(STEPS_JOB, both, lambda _: "a", lambda: NOW_MS, every=False, stop=lambda: False) == Made(1, 1)
    assert set(days.rows) == {"e1"}
    # What failed is tried again, though nothing more came in.
    monkeypatch.setattr(days.lake.lake, "files", listing)
    assert run_job(STEPS_JOB, both, lambda _: "a", lambda: NOW_MS, every=False, stop=lambda: False).left == 0


def test_a_run_that_is_out_of_time_leaves_the_rest_to_the_next(days: Days) -> None:
    for day in range(10, 14):
        days.event(f"e{day}", f"2026-01-{day}T10:00:00Z")
    looks = iter([False, False, False, True])
    assert days.make(stop=lambda: next(looks)) == Made(2, 1)
    assert complete_until(days.lake.organization_id) == 0
    assert days.make() == Made(2, 0)


def test_two_runs_at_once_do_not_make_the_same_days(days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
    days.event("e1", f"{DAY}T10:00:00Z")
    works = days.lake.query.arrow
    others: list[Made] = []

    def arrow(*arguments: Any) -> Any:
        others.append(days.make())
        return works(*arguments)

    monkeypatch.setattr(days.lake.query, "arrow", arrow)
    assert days.make() == Made(1, 0)
    assert others == [Made(0, 1)]


def declaring(days: Days, *properties: tuple[str, str]) -> tuple[Site, ...]:
    site = tenancy.get_site(days.lake.organization_id, days.lake.site_id)
    return (replace(site, custom_dimensions=tuple(CustomDimension(*each) for each in properties)),)


def test_a_step_has_the_properties_that_its_site_declares(days: Days) -> None:
    found = '{"plan type":"Pro","seats":5,"paid":true,"items":[1],"more":{"a":1},"none":null,"half":0.5}'
    days.event("e1", f"{DAY}T10:00:00Z", properties=found)
    days.event("e2", f"{DAY}T10:00:00Z", properties="")
    names = ("plan type", "seats", "paid", "items", "more", "none", "half", "absent")
    days.sites = declaring(days, *((f"d{number}", name) for number, name in enumerate(names)))
    days.make()
    values = [days.rows["e1"][f"p{number}"] for number in range(1, 9)]
    assert values == ["Pro", "5", "true", None, None, None, "0.5", None]
    assert days.rows["e1"]["declared"].startswith(",p1=plan type,,p2=seats,")
    assert {days.rows["e2"][f"p{number}"] for number in range(1, 9)} == {None}


def test_days_are_made_again_when_a_site_declares_other_properties(days: Days) -> None:
    days.event("e1", f"{DAY}T10:00:00Z", properties='{"plan":"Pro","color":"red"}')
    days.make()
    days.sites = declaring(days, ("plan", "plan"))
    assert days.make_after() == Made(1, 0)
    assert days.rows["e1"]["p1"] == "Pro"
    days.sites = declaring(days, ("color", "color"), ("plan", "plan"))
    assert days.make_after() == Made(1, 0)
    assert (days.rows["e1"]["p1"], days.rows["e1"]["p2"]) == ("red", "Pro")
    assert days.make_after() == Made(0, 0)


def test_days_are_of_one_organization(days: Days) -> None:
    days.event("e1", f"{DAY}T10:00:00Z")
    days.make()
    assert {path.parent.parent.name for path in days.files(STEPS)} == {f"org={days.lake.organization_id}"}
    assert wiring.lake().organizations(STEPS.name) == [days.lake.organization_id]
