"""When to try again, and when to give up (the schedule that Standard Webhooks recommends)."""

import random
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Literal

from optiq.kernel.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from optiq.notifications.sending.posting import Answer

_WAITS_MS = (
    5 * SECOND_MS,
    5 * MINUTE_MS,
    30 * MINUTE_MS,
    2 * HOUR_MS,
    5 * HOUR_MS,
    10 * HOUR_MS,
    14 * HOUR_MS,
    20 * HOUR_MS,
    24 * HOUR_MS,
)
MOST_ATTEMPTS = len(_WAITS_MS) + 1
DISABLED_AFTER_MS = 5 * DAY_MS
"""An endpoint that has failed for so long is switched off."""
_JITTER = 0.2
_LONGEST_WAIT_MS = DAY_MS

Fate = Literal["SENT", "RETRY", "FAILED", "DISABLE"]


@dataclass(frozen=True, slots=True)
class Next:
    """What becomes of a message. DISABLE: the receiver wants nothing any more. `at_ms` is of RETRY."""

    fate: Fate
    at_ms: int = 0


def next_of(answer: Answer, attempts: int, now_ms: int, jitter: float | None = None) -> Next:
    """
    Args:
        attempts: those made, this one included. jitter: 0 to 1; by chance without one.
    """
    if 200 <= answer.status < 300:
        return Next("SENT")
    if answer.status == 410:
        return Next("DISABLE")
    if attempts >= MOST_ATTEMPTS:
        return Next("FAILED")
    return Next("RETRY", now_ms + max(wait_ms(attempts, jitter), _asked_for_ms(answer, now_ms)))


def wait_ms(attempts: int, jitter: float | None = None) -> int:
    """How long to wait after so many attempts: that of the schedule, and up to a fifth more."""
    share = random.random() if jitter is None else jitter  # noqa: S311 - it spreads retries, and keeps nothing secret
    return round(_WAITS_MS[min(attempts, len(_WAITS_MS)) - 1] * (1 + _JITTER * share))


def _asked_for_ms(answer: Answer, now_ms: int) -> int:
    """How long a receiver that is busy asks to wait: seconds, or a date."""
    if answer.status not in (429, 503) or not answer.retry_after:
        return 0
    if answer.retry_after.strip().isdigit():
        return min(int(answer.retry_after) * SECOND_MS, _LONGEST_WAIT_MS)
    try:
        until_ms = round(parsedate_to_datetime(answer.retry_after).timestamp() * 1000)
    except ValueError:
        return 0
    return min(max(0, until_ms - now_ms), _LONGEST_WAIT_MS)
