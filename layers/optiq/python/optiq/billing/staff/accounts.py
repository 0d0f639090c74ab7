"""What staff do with an organization's terms: other limits than its plan's, a trial, a stance."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, get_args

from optiq.billing.accounts.contracts import BillingAccount
from optiq.billing.accounts.stored import account_of, change_account
from optiq.billing.credits.plan_credits import change_plan
from optiq.billing.credits.records import find_head
from optiq.billing.ledger.contracts import Source
from optiq.billing.plans.catalogue import newest
from optiq.billing.plans.contracts import AccountStance, Feature, Overrides
from optiq.billing.plans.entitlements import credits_of
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, Clock, system_clock
from optiq.kernel.errors import InvalidError, require_version
from optiq.tenancy import api as tenancy

NO_LIMIT = -1
_LIMITS = ("monthly_events", "monthly_ad_spend_micros", "seats")
_CREDITS = ("credits_per_month", "max_rollover")
_MOST = 10**15
_MOST_TRIAL_DAYS = 365


def get_account(organization_id: str, *, clock: Clock = system_clock) -> BillingAccount:
    """Raises NotFoundError: there is no such organization."""
    tenancy.get_organization(organization_id)
    return account_of(organization_id, clock())


def change_terms(
    caller: Caller,
    *,
    organization_id: str,
    changes: Mapping[str, Any],
    expected_version: int | None = None,
    clock: Clock = system_clock,
) -> BillingAccount:
    """Changes what an organization has beside its plan.

    Args:
        changes: `stance`, `trial_plan` with `trial_ends_ms`, and fields of Overrides; None of one is as the plan says.

    Raises:
        NotFoundError: there is no such organization. InvalidError: a field that cannot be.
        VersionError: it is of another version.
    """
    before = get_account(organization_id, clock=clock)
    require_version(expected_version, before.version)
    own = {name: value for name, value in changes.items() if name in ("stance", "trial_plan", "trial_ends_ms")}
    others = {name: value for name, value in changes.items() if name not in own}
    if "features" in others:
        others["features"] = tuple(others["features"] or ())
    after = replace(before, **own, overrides=replace(before.overrides, **others))
    _check(after, clock())
    changed = change_account(replace(caller, organization_id=organization_id), before, after, clock)
    _change_credits(changed, clock)
    return changed


def _change_credits(account: BillingAccount, clock: Clock) -> None:
    """More credits are granted at once for the part of the month that is left, fewer from the next month on."""
    terms = find_head(account.organization_id).terms
    plan = newest(terms.plan) if terms else None
    if terms is None or plan is None:
        return
    granted, rollover = credits_of(account.overrides, plan)
    if (granted, rollover) != (terms.credits, terms.max_rollover):
        change_plan(
            account.organization_id,
            plan.slug,
            monthly_credits=granted,
            max_rollover=rollover,
            changed_ms=clock(),
            source=Source("terms", str(account.version)),
            clock=clock,
        )


def _check(account: BillingAccount, now_ms: int) -> None:
    if account.stance not in get_args(AccountStance):
        raise InvalidError(f"stance: must be one of {', '.join(get_args(AccountStance))}")
    plan = newest(account.trial_plan) if account.trial_plan else None
    if account.trial_plan and plan is None:
        raise InvalidError("trial_plan: must be one of GET /v1/plans")
    if bool(account.trial_plan) != (account.trial_ends_ms is not None):
        raise InvalidError("trial_ends_at: must be given with trial_plan, and not without")
    if account.trial_ends_ms is not None and account.trial_ends_ms > now_ms + _MOST_TRIAL_DAYS * DAY_MS:
        raise InvalidError(f"trial_ends_at: must be within {_MOST_TRIAL_DAYS} days")
    _check_overrides(account.overrides)


def _check_overrides(overrides: Overrides) -> None:
    for name in (*_LIMITS, *_CREDITS):
        least = NO_LIMIT if name in _LIMITS else 0
        value = getattr(overrides, name)
        if value is not None and not least <= value <= _MOST:
            meaning = ", where -1 is no limit" if least else ""
            raise InvalidError(f"{name}: must be from {least} to {_MOST}{meaning}")
    if unknown := [one for one in overrides.features if one not in get_args(Feature)]:
        raise InvalidError(f"features: must be of {', '.join(get_args(Feature))}, not {unknown[0][:40]}")
