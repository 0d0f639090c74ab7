"""Changes a subscription: up at once with what was previewed, down at the period's end; canceled, kept, paused.

Stripe has the subscription. What is changed there is mirrored at once, so that nobody waits for its event.
"""

from optiq.audit import api as audit
from optiq.audit.contracts import Change
from optiq.billing.gateways.contract import Stripe
from optiq.billing.gateways.minor_units import micros_of
from optiq.billing.gateways.models import InvoiceModel, SubscriptionModel
from optiq.billing.mirror import shelf
from optiq.billing.mirror.api import mirror_now
from optiq.billing.mirror.contracts import ENDED, Subscription
from optiq.billing.plans.catalogue import CATALOGUE
from optiq.billing.subscribing.checkout import Chosen, chosen
from optiq.billing.subscribing.contracts import ChangePreview, PreviewLine
from optiq.kernel.caller import Caller
from optiq.kernel.clock import MINUTE_MS, SECOND_MS, Clock, system_clock
from optiq.kernel.errors import ConflictError, InvalidError, NotFoundError, PaymentRequiredError

_VALID_MS = 15 * MINUTE_MS
"""How long a preview may be confirmed."""


def preview_change(
    caller: Caller, stripe: Stripe, *, plan: str, interval: str, clock: Clock = system_clock
) -> ChangePreview:
    """What a change to a plan would cost, and when it would take effect.

    Raises:
        NotFoundError: there is no subscription. InvalidError: the plan is not sold so, or is the present one.
        UpstreamError: Stripe does not answer.
    """
    own, found = _current(caller, stripe)
    wanted = _wanted(own, plan, interval)
    if not _is_up(own, wanted):
        return ChangePreview(
            caller.organization_id,
            wanted.plan.slug,
            wanted.price.interval,
            "PERIOD_END",
            found.items.data[0].current_period_end * SECOND_MS,
            own.currency,
            0,
        )
    at_ms = clock() // SECOND_MS * SECOND_MS
    return _preview(caller, stripe, found, wanted, at_ms)


def change_plan(
    caller: Caller,
    stripe: Stripe,
    *,
    plan: str,
    interval: str,
    at_ms: int | None = None,
    total_micros: int | None = None,
    clock: Clock = system_clock,
) -> Subscription:
    """Changes the plan as it was previewed.

    Args:
        at_ms, total_micros: of the preview, where it takes effect at once.

    Raises:
        NotFoundError, InvalidError, UpstreamError: as preview_change.
        ConflictError: it would cost another amount than was previewed. PaymentRequiredError: the card was not charged.
            Nothing changed then.
    """
    own, found = _current(caller, stripe)
    wanted = _wanted(own, plan, interval)
    if not _is_up(own, wanted):
        stripe.release_schedule(found)
        if found.cancel_at_period_end:
            stripe.set_cancel(found.id, at_period_end=False)
        stripe.schedule_price(_again(stripe, found.id), wanted.lookup_key)
        return _mirrored(caller, stripe, found.id, "change_scheduled", own, plan, clock)
    if at_ms is None or total_micros is None:
        raise InvalidError("at: take `at` and `total_micros` of POST /v1/billing/preview, which say what it costs")
    if not 0 <= clock() - at_ms <= _VALID_MS:
        raise ConflictError("at: the preview is older than 15 minutes; preview the change again")
    now = _preview(caller, stripe, found, wanted, at_ms)
    if now.total_micros != total_micros:
        raise ConflictError("total_micros: the change costs another amount now; preview it again")
    _change_now(stripe, own, found, wanted, at_ms)
    return _mirrored(caller, stripe, found.id, "changed", own, plan, clock)


def _change_now(stripe: Stripe, own: Subscription, found: SubscriptionModel, wanted: Chosen, at_ms: int) -> None:
    """A schedule owns its subscription, so it ends first; where the card is declined, it is set again."""
    stripe.release_schedule(found)
    try:
        stripe.change_price(found, wanted.lookup_key, at_ms // SECOND_MS)
    except PaymentRequiredError:
        if own.next_plan:
            later = chosen(own.next_plan, own.next_interval, own.currency)
            stripe.schedule_price(_again(stripe, found.id), later.lookup_key)
        raise


def cancel(caller: Caller, stripe: Stripe, *, clock: Clock = system_clock) -> Subscription:
    """Ends the subscription with its period; all of the plan stays until then. Raises NotFoundError, UpstreamError."""
    own, found = _current(caller, stripe)
    stripe.release_schedule(found)
    stripe.set_cancel(found.id, at_period_end=True)
    return _mirrored(caller, stripe, found.id, "canceled", own, "FREE", clock)


def keep(caller: Caller, stripe: Stripe, *, clock: Clock = system_clock) -> Subscription:
    """Takes back what was to happen at the period's end; a paused subscription goes on, with a payment.

    Raises:
        NotFoundError: there is no subscription. UpstreamError: Stripe does not answer.
        PaymentRequiredError: the card was not charged; it stays paused.
    """
    own, found = _current(caller, stripe)
    if found.status == "paused":
        stripe.resume(found.id)
        if _again(stripe, found.id).status == "paused":
            _mirrored(caller, stripe, found.id, "resume_failed", own, own.plan, clock)
            raise PaymentRequiredError(
                "the card was not charged: the subscription stays paused; change the card and try again"
            )
    else:
        stripe.release_schedule(found)
        if found.cancel_at_period_end:
            stripe.set_cancel(found.id, at_period_end=False)
    return _mirrored(caller, stripe, found.id, "kept", own, own.plan, clock)


def pause(caller: Caller, stripe: Stripe, *, clock: Clock = system_clock) -> Subscription:
    """Pauses the subscription at once: the organization is on the Free plan, and pays nothing, until it is resumed.

    Raises:
        NotFoundError: there is no subscription. UpstreamError: Stripe does not answer.
    """
    own, found = _current(caller, stripe)
    stripe.release_schedule(found)
    stripe.pause(found.id)
    return _mirrored(caller, stripe, found.id, "paused", own, "FREE", clock)


def _current(caller: Caller, stripe: Stripe) -> tuple[Subscription, SubscriptionModel]:
    """The subscription as it is mirrored, and as Stripe has it now."""
    own = shelf.subscription_of(caller.organization_id)
    if own is None or own.status in ENDED:
        raise NotFoundError("there is no subscription: begin one with POST /v1/billing/checkout")
    return own, _again(stripe, own.subscription_id)


def _again(stripe: Stripe, subscription_id: str) -> SubscriptionModel:
    found = stripe.fetch("subscription", subscription_id)
    if not isinstance(found, SubscriptionModel):
        raise NotFoundError("there is no subscription")
    return found


def _wanted(own: Subscription, plan: str, interval: str) -> Chosen:
    if own.fault:
        raise ConflictError("plan: your subscription has terms of its own; whoever runs this system changes them")
    wanted = chosen(plan, interval, own.currency)
    if (wanted.plan.slug, wanted.price.interval) == (own.plan, own.interval) and not own.next_plan:
        raise InvalidError("plan: is the present one")
    return wanted


def _is_up(own: Subscription, wanted: Chosen) -> bool:
    """Whether a change takes effect at once: to a larger plan, or to years of the same."""
    order = CATALOGUE[own.plan, own.plan_version].order
    if wanted.plan.order != order:
        return wanted.plan.order > order
    return own.interval == "month" and wanted.price.interval == "year"


def _preview(caller: Caller, stripe: Stripe, found: SubscriptionModel, wanted: Chosen, at_ms: int) -> ChangePreview:
    invoice: InvoiceModel = stripe.preview(found, wanted.lookup_key, at_ms // SECOND_MS)
    lines = tuple(
        PreviewLine(line.description or "", micros_of(line.amount, invoice.currency), line.proration)
        for line in invoice.lines.data
    )
    return ChangePreview(
        caller.organization_id,
        wanted.plan.slug,
        wanted.price.interval,
        "NOW",
        at_ms,
        invoice.currency.upper(),
        micros_of(invoice.total, invoice.currency),
        lines,
    )


def _mirrored(
    caller: Caller, stripe: Stripe, subscription_id: str, verb: str, before: Subscription, plan: str, clock: Clock
) -> Subscription:
    """The subscription as it is now, entered in the audit log."""
    mirror_now("subscription", subscription_id, stripe, clock)
    entry = Change(
        caller.organization_id,
        caller.actor,
        f"subscription.{verb}",
        subscription_id,
        {"plan": before.plan, "interval": before.interval},
        {"plan": plan},
        caller.origin,
    )
    audit.commit((), (entry,), clock)
    found = shelf.subscription_of(caller.organization_id)
    if found is None:
        raise NotFoundError("there is no subscription")
    return found
