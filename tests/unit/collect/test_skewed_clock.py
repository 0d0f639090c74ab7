"""A visitor's wrong clock moves all of their events alike, however long each request took."""

from dataclasses import replace

from optiq.collect.contracts import Sender
from optiq.collect.normalise import Statement, happened_at
from optiq.kernel.clock import DAY_MS, HOUR_MS, MINUTE_MS

NOW_MS = 1_767_225_600_000
VISITOR = Sender("org_1", "site_1", trusted_clock=False)
SERVER = Sender("org_1", "site_1", trusted_clock=True, may_import=True)


def said(timestamp_ms: int, sent_ms: int) -> Statement:
    statement = Statement(
        kind="PAGE", name="", event_id="a.1", anonymous_id="a", user_id="", session_hint="",
        timestamp_ms=0, sent_ms=0, url="", referrer="", title="", campaign=None, user_agent="", properties={},
        digest="",
    )  # fmt: skip
    return replace(statement, timestamp_ms=timestamp_ms, sent_ms=sent_ms)


def test_a_slow_request_does_not_reorder_events_of_a_clock_a_day_behind() -> None:
    # Given two page views 300 ms apart, on a clock a day behind ours
    landing, next_page = NOW_MS - DAY_MS, NOW_MS - DAY_MS + 300

    # When the first one's request takes a second, and the next one's 20 ms
    first, _ = happened_at(said(landing, landing + 200), NOW_MS + 1_200, VISITOR)
    second, _ = happened_at(said(next_page, next_page + 200), NOW_MS + 520, VISITOR)

    # Then they stay 300 ms apart
    assert (first, second) == (NOW_MS, NOW_MS + 300)


def test_time_in_the_queue_counts() -> None:
    made = NOW_MS - DAY_MS - 3 * HOUR_MS

    occurred, corrected = happened_at(said(made, NOW_MS - DAY_MS), NOW_MS + 40, VISITOR)

    assert (occurred, corrected) == (NOW_MS - 3 * HOUR_MS, True)


def test_a_clock_near_ours_is_believed() -> None:
    occurred, corrected = happened_at(said(NOW_MS, NOW_MS + 200), NOW_MS + 4 * MINUTE_MS, VISITOR)

    assert (occurred, corrected) == (NOW_MS, False)


def test_a_servers_clock_is_corrected_to_the_millisecond() -> None:
    occurred, _ = happened_at(said(NOW_MS, NOW_MS + 200), NOW_MS + HOUR_MS + 217, SERVER)

    assert occurred == NOW_MS + HOUR_MS + 17
