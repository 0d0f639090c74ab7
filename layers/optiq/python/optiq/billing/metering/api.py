"""Metered usage at Stripe: hours are reported, months are closed."""

import logging
from dataclasses import dataclass

from optiq.billing.gateways.account import stripe_account
from optiq.billing.gateways.api import metering
from optiq.billing.gateways.contract import Metering
from optiq.billing.metering.closing import close, is_due
from optiq.billing.metering.reporting import closed_hours, report
from optiq.billing.mirror.months import BillingMonth, months_due
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import ConflictError, UpstreamError

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Metered:
    """How many hours were reported, and months closed; `waiting`: have ended, and are not closed yet."""

    reported: int = 0
    closed: int = 0
    waiting: int = 0


def meter(asked: Metering | None = None, clock: Clock = system_clock) -> Metered:
    """Reports what Stripe does not have yet, and closes months that have ended; one organization holds up no other.

    Raises:
        UpstreamError: some months are late, or could not be looked at. The log names each.
    """
    if stripe_account() is None:
        return Metered()
    stripe = asked or metering()
    done, late = Metered(), 0
    for month in months_due():
        try:
            done, is_late = _meter(month, stripe, clock(), done)
            late += is_late
        except (ConflictError, UpstreamError):
            _LOG.exception("usage of %s was not reported", month.organization_id)
            late += 1
    if late:
        raise UpstreamError(f"{late} months are not closed, or not reported: the log names them", retryable=True)
    return done


def _meter(month: BillingMonth, stripe: Metering, now_ms: int, done: Metered) -> tuple[Metered, bool]:
    if not is_due(month, now_ms):
        sent = report(month, closed_hours(month, now_ms), stripe, now_ms)
        return Metered(done.reported + sent, done.closed, done.waiting), False
    outcome = close(month, stripe, now_ms)
    closed = outcome == "CLOSED"
    return Metered(done.reported, done.closed + closed, done.waiting + (not closed)), outcome == "LATE"
