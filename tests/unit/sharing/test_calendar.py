"""When a scheduled mail is due: by the wall clock of its timezone, also where clocks change."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from optiq.kernel.clock import from_rfc3339, to_rfc3339
from optiq.sharing.mails.calendar import due_day, next_due
from optiq.sharing.mails.contracts import MailSchedule


def schedule(**more: Any) -> MailSchedule:
    values: dict[str, Any] = {"every": "DAY", "timezone": "Europe/Berlin", "hour": 8} | more
    return MailSchedule(
        "org", "site", "mailing", "Monday", "VIEW", "view", recipients=(), owner_id="", created_ms=0, **values
    )


@pytest.mark.parametrize(
    ("rhythm", "after", "due"),
    [
        ({}, "2026-01-10T06:59:59.999Z", "2026-01-10T07:00:00.000Z"),
        ({}, "2026-01-10T07:00:00Z", "2026-01-11T07:00:00.000Z"),
        ({"hour": 0}, "2026-01-10T07:00:00Z", "2026-01-10T23:00:00.000Z"),
        # The clocks go forward: there is no 02:00, and 03:00 is the same instant.
        ({"hour": 2}, "2026-03-28T12:00:00Z", "2026-03-29T01:00:00.000Z"),
        ({"hour": 2}, "2026-03-29T01:00:00Z", "2026-03-30T00:00:00.000Z"),
        # The clocks go back: 02:00 comes twice, and counts once.
        ({"hour": 2}, "2026-10-24T12:00:00Z", "2026-10-25T00:00:00.000Z"),
        ({"hour": 2}, "2026-10-25T00:00:00Z", "2026-10-26T01:00:00.000Z"),
        # Midnight is skipped in Santiago, on 6 September 2026.
        ({"hour": 0, "timezone": "America/Santiago"}, "2026-09-05T12:00:00Z", "2026-09-06T04:00:00.000Z"),
        ({"every": "WEEK", "weekday": 1}, "2026-01-10T12:00:00Z", "2026-01-12T07:00:00.000Z"),
        ({"every": "WEEK", "weekday": 7}, "2026-01-12T12:00:00Z", "2026-01-18T07:00:00.000Z"),
        (
            {"every": "WEEK", "weekday": 1, "timezone": "Pacific/Auckland"},
            "2026-01-11T12:00:00Z",
            "2026-01-11T19:00:00.000Z",
        ),
        ({"every": "MONTH", "month_day": 31}, "2026-01-31T12:00:00Z", "2026-02-28T07:00:00.000Z"),
        ({"every": "MONTH", "month_day": 31}, "2026-02-28T12:00:00Z", "2026-03-31T06:00:00.000Z"),
        ({"every": "MONTH"}, "2026-12-02T12:00:00Z", "2027-01-01T07:00:00.000Z"),
    ],
)
def test_a_mail_is_due_by_the_wall_clock(rhythm: dict[str, Any], after: str, due: str) -> None:
    assert to_rfc3339(next_due(schedule(**rhythm), from_rfc3339(after))) == due


@pytest.mark.parametrize(
    "timezone", ["Europe/Berlin", "America/Santiago", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"]
)
@pytest.mark.parametrize("hour", [0, 2, 23])
def test_a_year_has_one_mail_for_each_day(timezone: str, hour: int) -> None:
    daily, instant_ms, days = schedule(timezone=timezone, hour=hour), from_rfc3339("2026-01-01T12:00:00Z"), []
    for _ in range(365):
        instant_ms = next_due(daily, instant_ms)
        days.append(date.fromisoformat(due_day(daily, instant_ms)))

    assert [later - earlier for earlier, later in pairwise(days)] == [timedelta(days=1)] * 364
