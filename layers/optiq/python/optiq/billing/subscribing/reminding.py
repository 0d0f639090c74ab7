"""Mails about trials: three days before one ends, and when it ended. A second run finds them sent."""

from collections.abc import Callable

from optiq.billing.accounts.contracts import BillingAccount
from optiq.billing.accounts.stored import ACCOUNTS
from optiq.billing.keys import trials_that_end_on
from optiq.billing.mirror.performing import tell
from optiq.billing.mirror.telling import Notice, Tell
from optiq.billing.plans.catalogue import newest
from optiq.billing.subscribing.seeing import entitlements_of
from optiq.kernel.clock import DAY_MS, Clock, system_clock, utc_day

_BEFORE_DAYS = 3
_LATE_DAYS = 2
"""A run that was missed is made up for."""


def remind_of_trials(stop: Callable[[], bool], clock: Clock = system_clock) -> int:
    """Requests the mails that are due; returns how many trials it looked at. Raises UpstreamError."""
    now_ms, seen = clock(), 0
    for day in range(-_LATE_DAYS, _BEFORE_DAYS + 1):
        for account in ACCOUNTS.in_index(trials_that_end_on(utc_day(now_ms + day * DAY_MS))):
            if stop():
                return seen
            _remind(account, now_ms, clock)
            seen += 1
    return seen


def _remind(account: BillingAccount, now_ms: int, clock: Clock) -> None:
    """Nothing where the organization chose a plan meanwhile."""
    ends_ms = account.trial_ends_ms
    stance = entitlements_of(account.organization_id, clock).stance
    if ends_ms is None or now_ms < ends_ms - _BEFORE_DAYS * DAY_MS:
        return
    if stance == "TRIAL":
        _tell(account, "TRIAL_ENDING", ends_ms, clock)
    elif stance == "FREE" and now_ms >= ends_ms:
        _tell(account, "TRIAL_ENDED", ends_ms, clock)


def _tell(account: BillingAccount, notice: Notice, ends_ms: int, clock: Clock) -> None:
    plan = newest(account.trial_plan)
    details = (plan.title if plan else account.trial_plan.title(), utc_day(ends_ms))
    source = f"mail:{notice.lower().replace('_', '-')}:{ends_ms}"
    tell(Tell(source, account.organization_id, notice, details), clock)
