"""Billing accounts in the table."""

from collections.abc import Sequence

from optiq.billing import keys
from optiq.billing.accounts.contracts import BillingAccount
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock, utc_day
from optiq.store.api import Claim, Store, audited_fields, holder_of

_TAKEN = "this customer of Stripe is another organization's"
_TRIED = "trial: there was one already, for this organization, its domain or its card"
_HIDDEN = frozenset({"email", "trial_domain", "trial_card"})


def _claims(account: BillingAccount) -> Sequence[Claim]:
    found = [Claim(keys.stripe_object(account.customer_id), _TAKEN)] if account.customer_id else []
    if account.trial_plan:
        claimed = {"DOMAIN": account.trial_domain, "CARD": account.trial_card}
        found += [Claim(keys.trial(kind, what), _TRIED) for kind, what in claimed.items() if what]
    return found


def _listed(account: BillingAccount) -> tuple[str, str] | None:
    """By the day on which its trial ends."""
    ends_ms = account.trial_ends_ms
    return None if ends_ms is None else (keys.trials_that_end_on(utc_day(ends_ms)), account.organization_id)


ACCOUNTS = Store(
    BillingAccount,
    "billing account",
    keys.account,
    _listed,
    _claims,
    audited=lambda account: {name: value for name, value in audited_fields(account).items() if name not in _HIDDEN},
)


def account_of(organization_id: str, now_ms: int) -> BillingAccount:
    """The account; a new one, not stored, before the first change."""
    return ACCOUNTS.find(organization_id) or BillingAccount(organization_id, now_ms)


def change_account(
    caller: Caller, before: BillingAccount, after: BillingAccount, clock: Clock = system_clock
) -> BillingAccount:
    """Raises ConflictError when another organization has its customer, domain or card; VersionError as `Store`."""
    return ACCOUNTS.change(caller, before, after, clock=clock)


def organization_of(object_id: str) -> str:
    """The organization of an object at Stripe; "" for none."""
    return holder_of(keys.stripe_object(object_id))
