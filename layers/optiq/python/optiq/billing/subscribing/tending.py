"""What is looked after every hour where somebody pays."""

from collections.abc import Callable
from dataclasses import dataclass

from optiq.billing.coupons.api import push_coupons
from optiq.billing.gateways.account import stripe_account
from optiq.billing.gateways.contract import Stripe
from optiq.billing.mirror.mirroring import Mirror
from optiq.billing.mirror.performing import Performer
from optiq.billing.mirror.repair_place import TablePlace
from optiq.billing.mirror.repairing import repair
from optiq.billing.mirror.shelf import TableShelf
from optiq.billing.own_site.api import report_sign_ups
from optiq.billing.subscribing.reminding import remind_of_trials
from optiq.kernel.clock import Clock, system_clock


@dataclass(frozen=True, slots=True)
class Tended:
    """What a run did.

    Attributes:
        trials: that it looked at. sign_ups: that it sent to our own site.
        coupons: that it changed at Stripe.
        compared, differed, undelivered, unknown: of the last pass (mirror/repairing.py).
    """

    trials: int
    sign_ups: int
    coupons: int
    compared: int
    differed: int
    undelivered: int
    unknown: int


def look_after(stripe: Stripe, stop: Callable[[], bool], clock: Clock = system_clock) -> Tended:
    """Reminds of trials, brings coupons to Stripe, and compares the mirror with Stripe once a day.

    A second run finds little left.

    Raises:
        UpstreamError: the table or Stripe does not answer; the next run goes on.
    """
    trials = remind_of_trials(stop, clock)
    account = stripe_account()
    sign_ups = report_sign_ups(account.own_site, stop, clock) if account and account.own_site else 0
    changed = push_coupons(stripe.coupons, clock)
    mirror = Mirror(stripe, TableShelf(clock), Performer(stripe, clock))
    found = repair(mirror, stripe.lists, TablePlace(), stop, clock)
    return Tended(trials, sign_ups, len(changed), found.compared, found.differed, found.undelivered, found.unknown)
