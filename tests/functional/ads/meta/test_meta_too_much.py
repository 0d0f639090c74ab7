"""What Meta finds too much, or never ends, is asked for in smaller parts: pages, days, and reports that it prepares."""

import json
from collections.abc import Callable

import pytest
from optiq.kernel.clock import MINUTE_MS

from infra.local.ad_platforms.server import Fault
from infra.local.ad_platforms.world import Heard, Reply
from tests.functional.ads.metas import MONTH, at_its_end, month, reports_of, sums
from tests.functional.ads.synced import Synced

pytestmark = pytest.mark.usefixtures("table")
DAYS = ("2026-09-26", "2026-09-27", "2026-09-28")
TOO_MUCH = Reply(400, {"error": {"code": 100, "error_subcode": 1504018, "message": "Too much data was requested"}})


@pytest.fixture
def synced(synced: Synced) -> Synced:
    synced.rows(*month())
    return synced


def _refuse(synced: Synced, what: Callable[[Heard], bool]) -> list[Heard]:
    """Meta finds too much of what holds; answers what it refused so far."""
    refused: list[Heard] = []

    def refuse(heard: Heard) -> None:
        if what(heard):
            refused.append(heard)
            synced.vendors.faults.append(Fault(heard.path, "reply", TOO_MUCH))

    synced.vendors.before = refuse
    return refused


def _asked_days(heard: Heard) -> tuple[str, str]:
    days = json.loads(heard.query["time_range"])
    return days["since"], days["until"]


def _is_level(heard: Heard, level: str) -> bool:
    return heard.method == "GET" and heard.query.get("level") == level


def test_pages_that_are_too_large_become_smaller(synced: Synced) -> None:
    refused = _refuse(synced, lambda heard: heard.path.endswith("/insights") and heard.query.get("limit") == "500")
    job = at_its_end(synced, synced.job(**MONTH))
    assert (job.status, job.days_changed) == ("SUCCEEDED", 28)
    assert refused
    assert {one.query["limit"] for one in synced.vendors.asked("/60239") if "limit" in one.query} == {"500", "100"}
    assert len(reports_of(synced)) == 2


def test_days_that_are_too_many_are_asked_for_in_halves(synced: Synced) -> None:
    refused = _refuse(synced, lambda heard: _is_level(heard, "ad") and len(set(_asked_days(heard))) == 2)
    job = at_its_end(synced, synced.job(from_day=DAYS[0], to_day=DAYS[-1]))
    assert (job.status, job.days_changed) == ("SUCCEEDED", 3)
    assert {_asked_days(one) for one in refused} == {(DAYS[0], DAYS[-1]), (DAYS[1], DAYS[-1])}
    assert reports_of(synced) == []
    assert sums(synced, DAYS) == {day: dict.fromkeys(("ACCOUNT", "CAMPAIGN", "AD"), float(day[-2:])) for day in DAYS}


def test_a_day_that_is_too_much_is_read_by_a_report(synced: Synced) -> None:
    _refuse(synced, lambda heard: _is_level(heard, "ad"))
    job = at_its_end(synced, synced.job(from_day=DAYS[0], to_day=DAYS[-1]))
    assert (job.status, job.days_changed) == ("SUCCEEDED", 3)
    assert [(one.level, one.days) for one in reports_of(synced)] == [("ad", 3), ("campaign", 3)]


def test_a_report_that_is_too_much_is_begun_in_halves(synced: Synced) -> None:
    def more_than_a_week(heard: Heard) -> bool:
        days = json.loads(heard.body.get("time_range", "{}"))
        return heard.method == "POST" and int(days["until"][-2:]) - int(days["since"][-2:]) >= 7

    _refuse(synced, more_than_a_week)
    job = at_its_end(synced, synced.job(**MONTH))
    assert (job.status, job.days_changed) == ("SUCCEEDED", 28)
    assert sorted(one.days for one in reports_of(synced)) == [7] * 8


def test_no_more_than_ten_reports_run_at_once(synced: Synced) -> None:
    most = [0]

    def one_day_alone(heard: Heard) -> bool:
        running = [one for one in reports_of(synced) if one.statuses[0] != "Job Completed"]
        most[0] = max(most[0], len(running))
        days = json.loads(heard.body.get("time_range", "{}"))
        return heard.method == "POST" and days["since"] != days["until"]

    synced.vendors.world.run_plan = lambda _: ["Job Running", "Job Running", "Job Completed"]
    _refuse(synced, one_day_alone)
    job = at_its_end(synced, synced.job(**MONTH))
    assert (job.status, job.days_changed) == ("SUCCEEDED", 28)
    assert (len(reports_of(synced)), most[0]) == (2 * 28, 10)


@pytest.mark.parametrize(("status", "minutes"), [("Job Not Started", 5), ("Job Running", 30)])
def test_a_report_that_never_ends_is_asked_for_in_halves(synced: Synced, status: str, minutes: int) -> None:
    synced.vendors.world.run_plan = lambda run: [status] if run.days > 14 else ["Job Completed"]
    begun_ms = synced.clock()
    job = at_its_end(synced, synced.job(**MONTH))
    assert (job.status, job.days_changed) == ("SUCCEEDED", 28)
    assert begun_ms + minutes * MINUTE_MS <= synced.clock() <= begun_ms + (minutes + 3) * MINUTE_MS
    assert len(reports_of(synced)) == 2 + 4
