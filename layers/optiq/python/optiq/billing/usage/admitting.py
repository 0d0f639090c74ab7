"""Refuses what an organization asks for while its plan has no room for more events."""

from optiq.billing.gateways.account import stripe_account
from optiq.billing.subscribing.seeing import terms_of
from optiq.billing.usage.month import seen_of, state_of
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import PlanLimitError

_FULL = "the plan has no room for more events this month: choose a larger one in the console, then try again"


def require_room(organization_id: str, *, clock: Clock = system_clock) -> None:
    """Reads nothing where nobody pays.

    Raises:
        PlanLimitError: the organization's events are held or refused now. UpstreamError: the table does not answer.
    """
    if stripe_account() is None:
        return
    seen = seen_of(organization_id, terms_of(organization_id, clock), clock())
    if state_of(seen) != "OPEN":
        raise PlanLimitError(_FULL)
