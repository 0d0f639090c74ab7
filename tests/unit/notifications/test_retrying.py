from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from optiq.kernel.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from optiq.notifications.sending.posting import Answer
from optiq.notifications.sending.retrying import MOST_ATTEMPTS, Next, next_of

NOW_MS = 1_795_000_000_000
FAILED = Answer(500, "")


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_a_success_is_sent(status: int) -> None:
    assert next_of(Answer(status, ""), 1, NOW_MS) == Next("SENT")


def test_gone_disables_at_once() -> None:
    assert next_of(Answer(410, ""), 1, NOW_MS) == Next("DISABLE")


@pytest.mark.parametrize("status", [0, 301, 307, 400, 401, 404, 429, 500, 503])
def test_everything_else_is_tried_again_after_five_seconds(status: int) -> None:
    assert next_of(Answer(status, ""), 1, NOW_MS, jitter=0) == Next("RETRY", NOW_MS + 5 * SECOND_MS)


def test_waits_grow_to_a_day_and_end_after_ten_attempts() -> None:
    waits = [next_of(FAILED, attempt, 0, jitter=0).at_ms for attempt in range(1, MOST_ATTEMPTS)]

    assert waits == [
        5 * SECOND_MS,
        *(minutes * MINUTE_MS for minutes in (5, 30)),
        *(hours * HOUR_MS for hours in (2, 5, 10, 14, 20, 24)),
    ]
    assert next_of(FAILED, MOST_ATTEMPTS, NOW_MS) == Next("FAILED")


def test_chance_makes_a_wait_longer_by_a_fifth_at_most() -> None:
    waits = {next_of(FAILED, 2, 0).at_ms for _ in range(50)}

    assert len(waits) > 10
    assert min(waits) >= 5 * MINUTE_MS
    assert max(waits) <= 6 * MINUTE_MS


@pytest.mark.parametrize(
    ("retry_after", "wait_ms"),
    [
        ("30", 30 * SECOND_MS),
        ("1", 5 * SECOND_MS),
        (format_datetime(datetime.fromtimestamp(NOW_MS / 1000 + 60, UTC), usegmt=True), 60 * SECOND_MS),
        (str(10**9), DAY_MS),
        ("soon", 5 * SECOND_MS),
        ("-5", 5 * SECOND_MS),
    ],
)
def test_a_busy_receiver_says_how_long_to_wait(retry_after: str, wait_ms: int) -> None:
    assert next_of(Answer(429, "", retry_after), 1, NOW_MS, jitter=0) == Next("RETRY", NOW_MS + wait_ms)
