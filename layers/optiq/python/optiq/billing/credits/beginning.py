"""The free plan's credits: an organization has them from its beginning, by the calendar's months in UTC.

They are entered with the first posting. Until then a balance counts them all the same.
"""

from optiq.billing.accounts.stored import account_of
from optiq.billing.gateways.account import stripe_account
from optiq.billing.ledger import commands, posting
from optiq.billing.ledger.contracts import Head, Posted, Terms
from optiq.billing.plans.catalogue import FREE, newest
from optiq.billing.plans.entitlements import credits_of

_CALENDAR = 0
"""Months that are counted from then are the calendar's."""


def begun(organization_id: str, head: Head, now_ms: int) -> Posted | None:
    """The ledger with the months of the free plan; None where it has a plan, or where nobody pays."""
    free = newest(FREE)
    if head.terms is not None or stripe_account() is None or free is None:
        return None
    granted, rollover = credits_of(account_of(organization_id, now_ms).overrides, free)
    return posting.post(head, commands.StartPlan(Terms(free.slug, _CALENDAR, granted, rollover)), now_ms)
