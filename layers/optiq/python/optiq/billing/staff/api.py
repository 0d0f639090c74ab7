"""What staff do: correct an organization's credits by hand, let it owe some, and change its terms.

The audit log has each.
"""

from dataclasses import replace

from optiq.audit.contracts import Change, Fields
from optiq.billing.contracts import Balance
from optiq.billing.credits import api as ledger
from optiq.billing.credits.posting import Together, post_state
from optiq.billing.credits.records import find_head
from optiq.billing.ledger import commands
from optiq.billing.ledger.contracts import MOST_CREDITS, Entry, Source
from optiq.billing.staff.accounts import change_terms, get_account
from optiq.billing.staff.costs import tenant_costs
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import InvalidError
from optiq.kernel.ids import new_id
from optiq.tenancy import api as tenancy

__all__ = ["adjust", "change_terms", "get_account", "set_overdraft", "tenant_costs"]


def adjust(
    caller: Caller,
    *,
    organization_id: str,
    amount: int,
    note: str,
    expires_ms: int | None = None,
    clock: Clock = system_clock,
) -> Entry:
    """Adds credits, or takes some where the amount is less than 0.

    Raises:
        NotFoundError: there is no such organization. InvalidError: a field that cannot be.
        PaymentRequiredError: it has fewer credits. UpstreamError: the same may succeed later.
    """
    if not note.strip():
        raise InvalidError("note: must say why")
    tenancy.get_organization(organization_id)
    now_ms = clock()
    staff = replace(caller, organization_id=organization_id)
    source = Source("adjustment", new_id("adjustment", now_ms))
    after: Fields = {"amount": amount, "note": note.strip()}
    change = Change(organization_id, caller.actor, "credits.adjusted", source.id, {}, after, caller.origin)
    together = Together(changes=(change,))
    if amount < 0:
        return ledger.take(staff, -amount, source=source, note=note.strip(), together=together, clock=lambda: now_ms)
    return ledger.grant(
        staff,
        amount,
        kind="ADJUSTMENT",
        source=source,
        expires_ms=expires_ms,
        note=note.strip(),
        together=together,
        clock=lambda: now_ms,
    )


def set_overdraft(caller: Caller, *, organization_id: str, granted: int, clock: Clock = system_clock) -> Balance:
    """Lets an organization owe so many credits. Raises NotFoundError, InvalidError, UpstreamError."""
    if not 0 <= granted <= MOST_CREDITS:
        raise InvalidError(f"credits: must be from 0 to {MOST_CREDITS}")
    tenancy.get_organization(organization_id)
    before = find_head(organization_id).overdraft
    if before != granted:
        change = Change(
            organization_id,
            caller.actor,
            "credits.overdraft_changed",
            organization_id,
            {"overdraft": before},
            {"overdraft": granted},
            caller.origin,
        )
        post_state(
            organization_id, lambda: commands.SetOverdraft(granted), clock(), together=Together(changes=(change,))
        )
    return ledger.balance_of(replace(caller, organization_id=organization_id), clock=clock)
