"""What an organization is entitled to: a pure function of its plan, overrides, subscription, trial and now."""

from dataclasses import replace

from optiq.billing.plans.catalogue import CATALOGUE, FREE, TRIAL_CREDITS, TRIAL_EVENTS, newest
from optiq.billing.plans.contracts import (
    AccountStance,
    Catalogue,
    Entitlements,
    Overrides,
    Plan,
    Stance,
    SubscriptionFacts,
    Trial,
)
from optiq.kernel.clock import DAY_MS

_PAYING = frozenset({"ACTIVE", "TRIALING"})
_NO_LIMIT = -1


def entitled(
    subscription: SubscriptionFacts | None,
    overrides: Overrides,
    trial: Trial | None,
    now_ms: int,
    *,
    account: AccountStance = "BILLED",
    catalogue: Catalogue = CATALOGUE,
) -> Entitlements:
    """What an organization may do now.

    A subscription that pays comes before a trial, a trial before what is left of a subscription that does not pay.
    """
    if account == "INTERNAL":
        return unlimited("INTERNAL")
    free = _free(catalogue)
    if account == "SUSPENDED":
        return _of(free, "SUSPENDED", overrides, None)
    subscribed = _by_subscription(subscription, overrides, now_ms, catalogue)
    if subscribed and subscribed.stance != "LAPSED":
        return subscribed
    if trial and now_ms < trial.ends_ms and (plan := newest(trial.plan, catalogue)):
        return _of_trial(plan, overrides, trial)
    return subscribed or _of(free, "FREE", overrides, None)


def unlimited(stance: Stance) -> Entitlements:
    """Everything without limits: for whoever runs Optiq for themselves, and for organizations that are never billed."""
    top = max((plan for plan in CATALOGUE.values()), key=lambda plan: (plan.order, plan.version))
    everything = _of(top, stance, Overrides(), None)
    return replace(everything, monthly_events=None, monthly_ad_spend_micros=None, seats=None, overage=False)


def _by_subscription(
    facts: SubscriptionFacts | None, overrides: Overrides, now_ms: int, catalogue: Catalogue
) -> Entitlements | None:
    """None for a subscription that gives nothing."""
    if facts is None or (plan := catalogue.get((facts.plan, facts.plan_version))) is None:
        return None
    if facts.status in _PAYING:
        if not facts.cancel_at_period_end:
            return _of(plan, "ACTIVE", overrides, None)
        if now_ms < facts.period_end_ms:
            return _of(plan, "CANCELING", overrides, facts.period_end_ms)
        return None
    if facts.status == "PAST_DUE":
        until_ms = (facts.past_due_since_ms or now_ms) + plan.dunning_days * DAY_MS
        if now_ms < until_ms:
            return _of(plan, "PAST_DUE", overrides, until_ms)
        return _of(_free(catalogue), "LAPSED", overrides, None)
    return None


def _of(plan: Plan, stance: Stance, overrides: Overrides, until_ms: int | None) -> Entitlements:
    granted, rollover = credits_of(overrides, plan)
    return Entitlements(
        plan=plan.slug,
        plan_version=plan.version,
        stance=stance,
        monthly_events=_limit(overrides.monthly_events, plan.monthly_events),
        monthly_ad_spend_micros=_limit(overrides.monthly_ad_spend_micros, plan.monthly_ad_spend_micros),
        seats=_limit(overrides.seats, plan.seats),
        features=(*plan.features, *(each for each in overrides.features if each not in plan.features)),
        credits_per_month=granted,
        max_rollover=rollover,
        grace_percent=plan.grace_percent,
        grace_days=plan.grace_days,
        overage=bool(plan.overage_per_event),
        until_ms=until_ms,
    )


def _of_trial(plan: Plan, overrides: Overrides, trial: Trial) -> Entitlements:
    """The plan's, within what a trial may use, and nothing beyond it for money."""
    whole = _of(plan, "TRIAL", overrides, trial.ends_ms)
    events = TRIAL_EVENTS if whole.monthly_events is None else min(whole.monthly_events, TRIAL_EVENTS)
    credits_given = min(whole.credits_per_month, TRIAL_CREDITS)
    return replace(whole, monthly_events=events, credits_per_month=credits_given, max_rollover=0, overage=False)


def _free(catalogue: Catalogue) -> Plan:
    free = newest(FREE, catalogue)
    if free is None:
        raise LookupError("the catalogue has no FREE plan")
    return free


def limit_of(overrides: Overrides, plan: Plan) -> int | None:
    """The events a month that an organization has with a plan; None for no limit."""
    return _limit(overrides.monthly_events, plan.monthly_events)


def credits_of(overrides: Overrides, plan: Plan) -> tuple[int, int]:
    """The credits a month that an organization has with a plan, and how many of them roll over at most."""
    return (
        _given(overrides.credits_per_month, plan.credits_per_month),
        _given(overrides.max_rollover, plan.max_rollover),
    )


def _limit(override: int | None, of_plan: int | None) -> int | None:
    if override is None:
        return of_plan
    return None if override == _NO_LIMIT else override


def _given(override: int | None, of_plan: int) -> int:
    return of_plan if override is None else override
