"""The way to Stripe, where there is an account. Only then is the package imported."""

from functools import lru_cache
from typing import TYPE_CHECKING

from optiq.billing.gateways.account import stripe_account
from optiq.kernel.errors import NotFoundError

if TYPE_CHECKING:
    from optiq.billing.gateways.stripe_client import StripeGateway


@lru_cache(maxsize=1)
def gateway() -> "StripeGateway":
    """Raises NotFoundError where nobody pays."""
    account = stripe_account()
    if account is None:
        raise NotFoundError("nothing is paid for here: this system has no account at Stripe")
    from optiq.billing.gateways.stripe_client import StripeGateway

    return StripeGateway(account)
