"""What the operator does once at Stripe, and looks at later."""

from collections.abc import Sequence

from optiq.billing.coupons.api import push_coupons
from optiq.billing.gateways.account import StripeAccount, stripe_account
from optiq.billing.gateways.contract import Stripe
from optiq.billing.gateways.minor_units import micros_of
from optiq.billing.mirror import shelf
from optiq.billing.mirror.repair_place import TablePlace
from optiq.billing.plans.catalogue import offered
from optiq.billing.subscribing.contracts import Finding
from optiq.kernel.clock import Clock, system_clock, to_rfc3339
from optiq.kernel.errors import NotFoundError


def push(stripe: Stripe) -> Sequence[str]:
    """Makes products, prices, coupons and the portal's configuration where they are missing; says what it made.

    Raises UpstreamError.
    """
    return [*stripe.push(offered()), *push_coupons(stripe.coupons)]


def check(stripe: Stripe, clock: Clock = system_clock) -> list[Finding]:
    """Compares what Stripe has with what Optiq expects. What has no API is in docs/billing-setup.md.

    Raises NotFoundError where there is no account; UpstreamError.
    """
    account = stripe_account()
    if account is None:
        raise NotFoundError("nothing is paid for here: this system has no account at Stripe")
    found = [_of_account(account), Finding("customer portal", stripe.portal_fault()), _of_repair()]
    found.append(Finding("meter of events", stripe.meter_fault()))
    found += _of_faults(clock())
    for plan in offered():
        for price in plan.prices:
            key = plan.lookup_key(price)
            sold = stripe.price_of(key)
            if sold is None:
                fault = "missing: run `optiq billing push`"
            elif sold.unit_amount is None or micros_of(sold.unit_amount, sold.currency) != price.amount_micros:
                fault = "costs another amount at Stripe: archive it there, then run `optiq billing push`"
            else:
                fault = ""
            found.append(Finding(f"price {key}", fault))
    return found


def _of_repair() -> Finding:
    last = TablePlace().read()
    if last is None:
        return Finding("mirror: not compared with Stripe yet", "")
    counted = f"{last.compared} objects compared, {last.differed} differed, {last.undelivered} events were not taken"
    where = "" if last.step == "DONE" else f", still at {last.step.lower()}"
    what = f"mirror, {to_rfc3339(last.began_ms)}: {counted}{where}"
    missed = last.differed or last.undelivered
    return Finding(what, "read the receiver's log: deliveries of Stripe were lost" if missed else "")


def _of_faults(now_ms: int) -> list[Finding]:
    """Objects that cannot be followed. What is mended at Stripe is followed with its next event, or the next night."""
    found = []
    for one in shelf.faults(now_ms):
        what = f"{one.kind} {one.object_id} of {one.organization_id or 'no organization'}: {one.reason}"
        fix = "give it one price of a plan at Stripe" if one.kind == "subscription" else "look at it at Stripe"
        found.append(Finding(what, fix))
    return found


def _of_account(account: StripeAccount) -> Finding:
    missing = "" if account.webhook_secrets else "webhook_secrets: add the signing secret of the event destination"
    return Finding(f"account ({'live' if account.live else 'test'} mode)", missing)
