"""Trials without a card: one for an organization, its mail domain and its card."""

from dataclasses import replace

from optiq.billing.accounts.contracts import BillingAccount
from optiq.billing.accounts.stored import ACCOUNTS, account_of, change_account
from optiq.billing.gateways.account import stripe_account
from optiq.billing.mirror import shelf
from optiq.billing.mirror.contracts import ENDED
from optiq.billing.plans.catalogue import TRIAL_DAYS
from optiq.billing.subscribing.checkout import chosen
from optiq.identity.people import api as people
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, Clock, system_clock
from optiq.kernel.errors import ConflictError, NotFoundError
from optiq.kernel.secrets import derive, platform_secret
from optiq.store.api import Transaction

_PUBLIC_MAILERS = frozenset(
    {
        *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "ymail.com"),
        *("icloud.com", "me.com", "mac.com", "aol.com", "proton.me", "protonmail.com", "pm.me", "gmx.de", "gmx.net"),
        *("gmx.com", "web.de", "t-online.de", "mail.com", "mail.ru", "yandex.ru", "yandex.com", "zoho.com", "qq.com"),
        *("163.com", "126.com", "orange.fr", "free.fr", "laposte.net", "libero.it", "fastmail.com", "hey.com"),
    }
)
"""Domains of mail that everybody may have: there the address counts, and not the domain."""

_GOOGLE = ("gmail.com", "googlemail.com")


def start_trial(caller: Caller, *, plan: str, clock: Clock = system_clock) -> BillingAccount:
    """Begins a trial of a plan, for 14 days.

    Raises:
        NotFoundError: nobody pays here. InvalidError: the plan is not sold.
        ConflictError: there was a trial already, for this organization, for its domain or for its card.
    """
    if stripe_account() is None:
        raise NotFoundError("nothing is paid for here, and nothing is limited")
    wanted = chosen(plan, "month", "USD")
    organization_id, now_ms = caller.organization_id, clock()
    before = account_of(organization_id, now_ms)
    if before.trial_plan or shelf.subscription_of(organization_id):
        raise ConflictError("trial: there was a trial or a subscription already")
    person = people.people_of([caller.user_id]).get(caller.user_id) if caller.user_id else None
    address = person.email if person else ""
    cards = [one.fingerprint for one in shelf.methods_of(organization_id) if one.fingerprint]
    after = replace(
        before,
        trial_plan=wanted.plan.slug,
        trial_ends_ms=now_ms + TRIAL_DAYS * DAY_MS,
        trial_domain=_domain_hash(address),
        trial_card=cards[0] if cards else "",
        email=before.email or address,
    )
    return change_account(caller, before, after, clock)


def voucher_trial(caller: Caller, *, plan: str, days: int, now_ms: int) -> tuple[BillingAccount, Transaction]:
    """A trial that a voucher gives, also after another: one of the same plan that runs lasts so much longer.

    Returns:
        The account, and what writes it, to be committed with the voucher's use.

    Raises:
        ConflictError: nothing is limited here, or the organization pays for a plan.
    """
    if stripe_account() is None:
        raise ConflictError("code: nothing is limited here, so there is no trial")
    subscription = shelf.subscription_of(caller.organization_id)
    if subscription and subscription.status not in ENDED:
        raise ConflictError("code: your organization has a plan already, and a trial would change nothing")
    before = account_of(caller.organization_id, now_ms)
    goes_on = before.trial_plan == plan and (before.trial_ends_ms or 0) > now_ms
    began_ms = before.trial_ends_ms if goes_on and before.trial_ends_ms else now_ms
    after = replace(before, trial_plan=plan, trial_ends_ms=began_ms + days * DAY_MS)
    return ACCOUNTS.changing(caller, before, after, clock=lambda: now_ms)


def _domain_hash(address: str) -> str:
    """Of the domain of who asks, or of the address where the domain is everybody's; "" without an address.

    What follows a plus sign leads to the same mailbox, and at Google dots do not matter.
    """
    name, _, domain = address.lower().rpartition("@")
    if not domain:
        return ""
    if domain not in _PUBLIC_MAILERS:
        return derive(platform_secret(), "trial-domain", domain).hex()[:32]
    name = name.partition("+")[0]
    if domain in _GOOGLE:
        name, domain = name.replace(".", ""), _GOOGLE[0]
    return derive(platform_secret(), "trial-address", f"{name}@{domain}").hex()[:32]
