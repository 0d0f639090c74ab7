"""What an organization is entitled to and pays, as it is mirrored."""

from optiq.billing.accounts.contracts import Billing, BillingAccount
from optiq.billing.accounts.stored import account_of
from optiq.billing.gateways.account import stripe_account
from optiq.billing.mirror import shelf
from optiq.billing.mirror.contracts import ENDED, Invoice, Subscription
from optiq.billing.plans.catalogue import CATALOGUE
from optiq.billing.plans.contracts import Entitlements, SubscriptionFacts, Trial
from optiq.billing.plans.entitlements import entitled, unlimited
from optiq.billing.plans.overage import Cap
from optiq.billing.plans.periods import billing_period, calendar_month
from optiq.billing.subscribing.contracts import MonthTerms, ShownMethod
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import NotFoundError
from optiq.kernel.ids import may_be_id

_SUBSCRIBED = frozenset({"ACTIVE", "CANCELING", "PAST_DUE"})


def entitlements_of(organization_id: str, clock: Clock = system_clock) -> Entitlements:
    """What an organization may do now; everything where nobody pays. Reads the table twice at most."""
    if stripe_account() is None:
        return unlimited("SELF_HOSTED")
    now_ms = clock()
    return _entitled(account_of(organization_id, now_ms), shelf.subscription_of(organization_id), now_ms)


def terms_of(organization_id: str, clock: Clock = system_clock) -> MonthTerms:
    """By what an organization's month is counted.

    A subscription's months begin at its anchor, others with the calendar's, in UTC. Reads the table twice at most.
    """
    now_ms = clock()
    if stripe_account() is None:
        return MonthTerms(unlimited("SELF_HOSTED"), calendar_month(now_ms))
    account, subscription = account_of(organization_id, now_ms), shelf.subscription_of(organization_id)
    entitlements = _entitled(account, subscription, now_ms)
    if subscription is None or entitlements.stance not in _SUBSCRIBED:
        return MonthTerms(entitlements, calendar_month(now_ms))
    month = billing_period(subscription.anchor_ms, "month", now_ms)
    plan = CATALOGUE[entitlements.plan, entitlements.plan_version]
    cap = None if account.spend_cap_micros is None else Cap(account.spend_cap_micros, account.stop_at_cap)
    return MonthTerms(entitlements, month, plan.overage_per_event, subscription.currency, cap)


def billing_of(caller: Caller, clock: Clock = system_clock) -> Billing:
    """Where the caller's organization is."""
    organization_id, now_ms = caller.organization_id, clock()
    if stripe_account() is None:
        return Billing(organization_id, "SELF_HOSTED", unlimited("SELF_HOSTED"))
    account, subscription = account_of(organization_id, now_ms), shelf.subscription_of(organization_id)
    entitlements = _entitled(account, subscription, now_ms)
    trial_available = not account.trial_plan and subscription is None
    if subscription is None:
        return Billing(organization_id, "BILLED", entitlements, trial_available=trial_available)
    ended = subscription.status in ENDED
    ends = subscription.cancel_at_period_end and not ended
    return Billing(
        organization_id=organization_id,
        standing="BILLED",
        entitlements=entitlements,
        status=subscription.status,
        interval=subscription.interval,
        currency=subscription.currency,
        amount_micros=subscription.amount_micros,
        period_start_ms=subscription.period_start_ms,
        period_end_ms=None if ended else subscription.period_end_ms,
        cancel_at_period_end=subscription.cancel_at_period_end,
        next_plan="FREE" if ends else subscription.next_plan,
        next_ms=subscription.period_end_ms if ends else subscription.next_at_ms,
        own_terms=bool(subscription.fault) and not ended,
        spend_cap_micros=account.spend_cap_micros,
        stop_at_cap=account.stop_at_cap,
    )


def get_invoice(caller: Caller, invoice_id: str) -> Invoice:
    """An invoice with its lines. Raises NotFoundError."""
    found = shelf.TableShelf().read(Invoice, caller.organization_id, invoice_id) if may_be_id(invoice_id) else None
    if found is None:
        raise NotFoundError("there is no such invoice")
    return found


def list_methods(caller: Caller) -> list[ShownMethod]:
    """Payment methods, the newest first."""
    organization_id = caller.organization_id
    subscription, customer = shelf.subscription_of(organization_id), shelf.customer_of(organization_id)
    default = (subscription.default_method_id if subscription else "") or (
        customer.default_method_id if customer else ""
    )
    found = sorted(shelf.methods_of(organization_id), key=lambda one: one.created_ms, reverse=True)
    return [
        ShownMethod(
            organization_id,
            one.method_id,
            one.kind,
            one.brand,
            one.last4,
            one.expires,
            one.created_ms,
            is_default=one.method_id == default,
        )
        for one in found
    ]


def _entitled(account: BillingAccount, subscription: Subscription | None, now_ms: int) -> Entitlements:
    trial = Trial(account.trial_plan, account.trial_ends_ms) if account.trial_ends_ms is not None else None
    facts = _facts(subscription) if subscription else None
    return entitled(facts, account.overrides, trial, now_ms, account=account.stance)


def _facts(found: Subscription) -> SubscriptionFacts:
    """A period that is not paid was due at its start."""
    return SubscriptionFacts(
        found.plan,
        found.plan_version,
        found.status,
        found.period_end_ms,
        found.cancel_at_period_end,
        found.period_start_ms if found.status == "PAST_DUE" else None,
    )
