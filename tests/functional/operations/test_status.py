"""The status page: minutes that are counted by what the system sees of itself, and incidents."""

import json
from pathlib import Path

import pytest
from optiq.billing.staff import api as billing
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, MINUTE_MS, from_rfc3339, iso_day, system_clock
from optiq.kernel.errors import InvalidError
from optiq.kernel.lake_tables import PLATFORM
from optiq.operations.status import api as status
from optiq.operations.status import visits
from optiq.operations.status.contracts import Component, Heartbeat, StatusDay
from optiq.operations.status.minutes import marked, uptime
from optiq.operations.status.page import percent_text
from optiq.operations.status.stores import DAYS, HEARTBEATS, heartbeat
from optiq.ports import wiring
from optiq.ports.bucket_folder import FolderBucket

from functions.operations import status as page
from tests.functional.pipeline import Pipeline
from tests.functional.senders import post_beacon

NOVEMBER = from_rfc3339("2026-11-01T00:00:00.000Z")
STAFF = Caller.system(PLATFORM)
EVERY: tuple[Component, ...] = ("API", "CONSOLE", "EVENTS", "CREDITS")
"""All but what accounts decide that other tests connected."""


class System:
    """The system as a beat asks it. Attributes: down: paths that do not answer. now_ms: what the clock says."""

    def __init__(self) -> None:
        self.down: set[str] = set()
        self.now_ms = system_clock() - 10 * MINUTE_MS
        self._pipeline = Pipeline()

    def ask(self, method: str, path: str, body: bytes) -> int:
        if path in self.down:
            return 0
        return int(post_beacon(body)["statusCode"]) if method == "POST" else 200

    def beat(self, minutes: float = 1.0) -> tuple[Component, ...]:
        self.now_ms += int(minutes * MINUTE_MS)
        worked = status.beat(self.ask, lambda: self.now_ms)
        return tuple(one for one in worked if one in EVERY)

    def work(self) -> None:
        self._pipeline.drain()


@pytest.fixture
def system(table: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> System:
    """Each test begins with a heartbeat that never beat."""
    monkeypatch.setattr(wiring, "status_files", lambda: FolderBucket(tmp_path))
    before = heartbeat()
    if before.version:
        begun = Heartbeat(PLATFORM, site_organization_id=before.site_organization_id, site_id=before.site_id)
        HEARTBEATS.changing(STAFF, before, begun)[1].unaudited().commit()
    for day in DAYS.all_of():
        DAYS.changing(STAFF, day, StatusDay(PLATFORM, day.day))[1].unaudited().commit()
    return System()


def test_a_stream_that_stood_37_minutes_of_a_month_was_up_99_914_percent() -> None:
    days: dict[str, StatusDay] = {}
    stood = range(20_000, 20_037)
    for minute in range(30 * 24 * 60):
        at_ms = NOVEMBER + minute * MINUTE_MS
        day = iso_day(at_ms // DAY_MS)
        days[day] = marked(days.get(day, StatusDay(PLATFORM, day)), at_ms, () if minute in stood else ("EVENTS",))

    month = uptime(days, "EVENTS", NOVEMBER, NOVEMBER + 30 * DAY_MS)
    assert (month.minutes, month.bad) == (43_200, 37)
    assert percent_text(month) == "99.914 %"


def test_a_minute_that_nobody_counted_is_bad() -> None:
    first = marked(StatusDay(PLATFORM, "2026-11-01"), NOVEMBER, ("API",))
    days = {"2026-11-01": marked(first, NOVEMBER + 3 * MINUTE_MS, ("API",))}

    assert uptime(days, "API", NOVEMBER, NOVEMBER + 4 * MINUTE_MS).bad == 2
    assert uptime(days, "API", NOVEMBER + DAY_MS, NOVEMBER + DAY_MS + 5 * MINUTE_MS).bad == 5
    assert uptime(days, "API", NOVEMBER, NOVEMBER).percent == 100


def test_nobody_is_billed_for_the_systems_own_visits(system: System) -> None:
    system.beat()

    organization_id = heartbeat().site_organization_id
    assert billing.get_account(organization_id).stance == "INTERNAL"


def test_a_visit_of_the_systems_own_becomes_credit_within_a_minute(system: System) -> None:
    assert system.beat() == EVERY
    system.work()
    assert system.beat() == EVERY
    # Nothing is processed, until it is again.
    assert set(EVERY) - set(system.beat()) == {"EVENTS", "CREDITS"}
    system.work()
    assert system.beat() == EVERY


def test_what_does_not_answer_is_on_the_page_and_in_its_data(system: System) -> None:
    system.beat()
    system.work()
    system.down = {"/health"}
    assert "API" not in system.beat()

    data = json.loads(_asked("status.json")["body"])
    works = {one["component"]: one["works"] for one in data["components"]}
    assert (works["API"], works["CONSOLE"]) == (False, True)
    assert [one["uptime_30_days_percent"] for one in data["components"] if one["component"] == "API"] == [50.0]
    html = _asked()["body"]
    assert "Out of order: API" in html
    assert "<script" not in html


def test_a_day_of_silence_counts_against_every_component(system: System) -> None:
    system.beat()
    system.work()
    system.beat(minutes=1439)

    api = next(one for one in status.status_now(lambda: system.now_ms).components if one.component == "API")
    assert (api.month.minutes, api.month.bad) == (1_440, 1_438)


def test_nothing_of_an_organization_is_on_the_page(system: System) -> None:
    system.beat()
    beat = heartbeat()

    everything = _asked()["body"] + _asked("status.json")["body"] + _asked("settings.json")["body"]
    assert beat.site_id not in everything
    assert beat.site_organization_id not in everything
    assert "org_" not in everything


def test_the_site_of_the_visits_is_created_once(system: System) -> None:
    system.beat()
    first = heartbeat()
    system.beat()

    assert heartbeat().site_id == first.site_id
    assert visits.with_site(first).site_id == first.site_id


def test_an_incident_is_told_until_it_is_over(system: System) -> None:
    told = status.create_incident(STAFF, title="Late <credits>", text="We look for the cause.", components=["CREDITS"])
    status.update_incident(STAFF, told.incident_id, status="RESOLVED", text="All is credited.")
    system.beat()

    (shown,) = [one for one in json.loads(_asked("status.json")["body"])["incidents"] if _is(one, told.incident_id)]
    assert [one["status"] for one in shown["updates"]] == ["INVESTIGATING", "RESOLVED"]
    assert shown["resolved_at"]
    html = _asked()["body"]
    assert "Late &lt;credits&gt;" in html
    later = status.status_now(lambda: system.now_ms + 31 * DAY_MS).incidents
    assert told.incident_id not in {one.incident_id for one in later}
    with pytest.raises(InvalidError, match="text: must have"):
        status.update_incident(STAFF, told.incident_id, status="MONITORING", text=" ")


def _is(one: dict[str, object], incident_id: str) -> bool:
    return one["incident_id"] == incident_id


def _asked(name: str | None = None) -> dict[str, str]:
    answer = page.handler({"pathParameters": {"name": name} if name else {}}, None)
    assert answer["statusCode"] == 200
    return answer
