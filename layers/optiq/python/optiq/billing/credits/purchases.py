"""Packages that were bought. A purchase has an id of its own, such as that of its payment."""

from optiq.billing.credits import records
from optiq.billing.credits.posting import post_state
from optiq.billing.ledger import commands
from optiq.billing.ledger.contracts import MOST_CREDITS, Entry, Purchase
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.errors import ConflictError, InvalidError
from optiq.kernel.ids import may_be_id


def buy(
    organization_id: str,
    purchase_id: str,
    granted: int,
    *,
    amount: int,
    expires_ms: int | None,
    actor: str = "",
    note: str = "",
    clock: Clock = system_clock,
) -> tuple[Entry, ...]:
    """Grants a package that was paid, once, and what the next purchase is topped up by.

    What an earlier event of the payment gave back is taken back at once.

    Args:
        granted: credits. amount: of the payment, in the smallest unit of its currency.

    Raises:
        InvalidError: a number that cannot be. ConflictError: the purchase has other credits.
        UpstreamError: the same may succeed later.
    """
    if not (1 <= granted <= MOST_CREDITS and amount >= 0 and may_be_id(purchase_id)):
        raise InvalidError("purchase: credits, amount or id cannot be")

    def build() -> commands.Buy | None:
        known = records.find_purchase(organization_id, purchase_id)
        if not known.sequence:
            return commands.Buy(known, granted, amount, expires_ms, actor, note)
        if (known.credits, known.amount) != (granted, amount):
            raise ConflictError(f"purchase: {purchase_id} was granted with {known.credits} credits")
        return None

    return post_state(organization_id, build, clock())


def follow_payment(
    organization_id: str,
    purchase_id: str,
    *,
    amount: int,
    refunded: int,
    disputed: bool = False,
    clock: Clock = system_clock,
) -> tuple[Entry, ...]:
    """Takes credits back, or grants them again, by what the payment is like now; before the purchase, it is noted.

    Args:
        amount, refunded: of the payment, in the smallest unit of its currency; refunded in all.
        disputed: a dispute is open or lost.

    Raises:
        InvalidError: more is refunded than was paid. UpstreamError: the same may succeed later.
    """

    def build() -> commands.Charge | None:
        known = records.find_purchase(organization_id, purchase_id)
        if known.version and (known.amount, known.refunded, known.disputed) == (amount, refunded, disputed):
            return None
        return commands.Charge(known, amount, refunded, disputed)

    return post_state(organization_id, build, clock())


def get_purchase(organization_id: str, purchase_id: str) -> Purchase:
    """One of version 0 before anything is known of it."""
    return records.find_purchase(organization_id, purchase_id)
