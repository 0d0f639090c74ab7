"""Until when a platform is not asked: for one account, or for every account of ours. Every job obeys it."""

from dataclasses import dataclass
from typing import Literal

from optiq.ads import keys
from optiq.ads.keys import Account
from optiq.ads.platforms.registry import kinds
from optiq.ads.platforms.reported import Usage
from optiq.ads.platforms.verdicts import PlatformError
from optiq.ads.sync.days import next_utc_day_ms
from optiq.ads.sync.records import ThrottleRecord
from optiq.kernel.clock import DAY_MS, SECOND_MS
from optiq.kernel.table import Update, update_if

_SLOW_PERCENT = 75
_SLOW_SECONDS = 300
"""So long nothing new is asked once so much of a quota is used. What a step has begun it reads to its end."""


@dataclass(frozen=True, slots=True)
class Throttle:
    until_ms: int
    reason: str


def of_account(account: Account, now_ms: int) -> Throttle | None:
    """What keeps an account's platform from being asked, the longest; None when nothing does."""
    both = [tuple(keys.throttle(*account)), tuple(keys.app_throttle(account[1]))]
    found = [Throttle(int(one.until_ms), one.reason) for one in ThrottleRecord.batch_get(both)]
    return max((one for one in found if one.until_ms > now_ms), key=lambda one: one.until_ms, default=None)


def note_error(account: Account, error: PlatformError, now_ms: int) -> int:
    """Notes what a platform wants that throttles; returns when it may be asked again."""
    verdict = error.verdict
    until_ms = next_utc_day_ms(now_ms) if verdict.until_next_day else now_ms + verdict.wait_seconds * SECOND_MS
    _note(account, verdict.scope, until_ms, str(error), now_ms)
    return until_ms


def note_usage(account: Account, usage: Usage | None, now_ms: int) -> None:
    """Slows down where much of a quota is used, before the platform throttles."""
    if usage is None or (usage.percent < _SLOW_PERCENT and not usage.wait_seconds):
        return
    seconds = usage.wait_seconds or _SLOW_SECONDS
    reason = f"{kinds()[account[1]].title} counts {usage.percent} % of its quota as used"
    _note(account, usage.scope, now_ms + seconds * SECOND_MS, reason, now_ms)


def _note(account: Account, scope: Literal["ACCOUNT", "APP"], until_ms: int, reason: str, now_ms: int) -> None:
    key = keys.throttle(*account) if scope == "ACCOUNT" else keys.app_throttle(account[1])
    until = ThrottleRecord.until_ms
    actions = [
        until.set(until_ms),
        ThrottleRecord.reason.set(reason),
        ThrottleRecord.forget_at.set((now_ms + 2 * DAY_MS) // SECOND_MS),
    ]
    update_if(Update(ThrottleRecord(*key), actions, until.does_not_exist() | (until < until_ms)))
