"""What payments do to an organization's credits. The ledger makes each count once, in whatever order they come."""

from dataclasses import replace

from optiq.billing.accounts.stored import account_of
from optiq.billing.credits import plan_credits, purchases, records
from optiq.billing.ledger.contracts import Source, Terms
from optiq.billing.mirror.effects import Allot, Bought, FallBack, Lower, Upgrade
from optiq.billing.months import months_after
from optiq.billing.plans.catalogue import CATALOGUE, FREE, newest
from optiq.billing.plans.contracts import Plan
from optiq.billing.plans.entitlements import credits_of
from optiq.kernel.clock import Clock


def credit(effect: Allot | Upgrade | Lower | FallBack | Bought, clock: Clock) -> None:
    """Raises UpstreamError where the same may succeed later."""
    match effect:
        case Allot():
            plan = _own(effect.organization_id, CATALOGUE[effect.plan, effect.plan_version], clock)
            _begin(effect.organization_id, plan, effect.anchor_ms, clock)
            plan_credits.pay_plan(
                effect.organization_id,
                start_ms=effect.from_ms,
                end_ms=effect.until_ms,
                monthly_credits=plan.credits_per_month,
                clock=clock,
            )
        case Upgrade():
            old, new = (_own(effect.organization_id, plan, clock) for plan in (effect.old, effect.new))
            _begin(effect.organization_id, old, effect.anchor_ms, clock)
            source = Source("upgrade", effect.source.removeprefix("upgrade:"))
            _change(effect.organization_id, new, effect.at_ms, source, clock)
        case Lower():
            _lower(effect, clock)
        case FallBack():
            _fall_back(effect, clock)
        case Bought():
            _buy(effect, clock)


def _own(organization_id: str, plan: Plan, clock: Clock) -> Plan:
    """The plan with the credits that the organization has with it."""
    granted, rollover = credits_of(account_of(organization_id, clock()).overrides, plan)
    return replace(plan, credits_per_month=granted, max_rollover=rollover)


def _begin(organization_id: str, plan: Plan, anchor_ms: int, clock: Clock) -> None:
    """The plan's months begin, unless months with this anchor have. Nothing is paid yet."""
    terms = records.find_head(organization_id).terms
    if terms is None or terms.anchor_ms < anchor_ms:
        fresh = Terms(plan.slug, anchor_ms, plan.credits_per_month, plan.max_rollover, paid_until_ms=anchor_ms)
        plan_credits.start_plan(organization_id, fresh, clock=clock)


def _change(organization_id: str, plan: Plan, at_ms: int, source: Source, clock: Clock) -> None:
    plan_credits.change_plan(
        organization_id,
        plan.slug,
        monthly_credits=plan.credits_per_month,
        max_rollover=plan.max_rollover,
        changed_ms=at_ms,
        source=source,
        clock=clock,
    )


def _lower(effect: Lower, clock: Clock) -> None:
    """Only a smaller plan: a larger one is granted by the invoice that paid for it."""
    terms = records.find_head(effect.organization_id).terms
    plan = _own(effect.organization_id, CATALOGUE[effect.plan, effect.plan_version], clock)
    if terms and terms.anchor_ms == effect.anchor_ms and plan.credits_per_month < terms.credits:
        source = Source("lower", effect.source.removeprefix("lower:"))
        _change(effect.organization_id, plan, effect.at_ms, source, clock)


def _fall_back(effect: FallBack, clock: Clock) -> None:
    free, terms = newest(FREE), records.find_head(effect.organization_id).terms
    if free and (terms is None or terms.anchor_ms < effect.at_ms):
        free = _own(effect.organization_id, free, clock)
        fresh = Terms(free.slug, effect.at_ms, free.credits_per_month, free.max_rollover)
        plan_credits.start_plan(effect.organization_id, fresh, clock=clock)


def _buy(effect: Bought, clock: Clock) -> None:
    purchase_id = effect.source.removeprefix("pi:")
    purchases.buy(
        effect.organization_id,
        purchase_id,
        effect.credits_granted,
        amount=effect.amount_micros,
        expires_ms=None if effect.months is None else months_after(effect.bought_ms, effect.months),
        note=effect.package_name,
        clock=clock,
    )
    purchases.follow_payment(
        effect.organization_id,
        purchase_id,
        amount=effect.amount_micros,
        refunded=effect.refunded_micros,
        disputed=effect.disputed,
        clock=clock,
    )
