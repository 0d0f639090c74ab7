"""The way to Stripe, where there is an account. Only then is the package imported."""

from functools import lru_cache
from typing import TYPE_CHECKING

from optiq.billing.gateways.account import StripeAccount, stripe_account
from optiq.kernel.errors import NotFoundError

if TYPE_CHECKING:
    # The receiver of events needs the account alone: Stripe's objects take a third of its cold start.
    from optiq.billing.gateways.contract import Metering, Stripe

__all__ = ["StripeAccount", "gateway", "gateway_of", "metering", "stripe_account"]


@lru_cache(maxsize=1)
def gateway() -> "Stripe":
    """Raises NotFoundError where nobody pays."""
    account = stripe_account()
    if account is None:
        raise NotFoundError("nothing is paid for here: this system has no account at Stripe")
    return gateway_of(account)


@lru_cache(maxsize=1)
def metering() -> "Metering":
    """Raises NotFoundError where nobody pays."""
    from optiq.billing.gateways.stripe_metering import StripeMetering

    account = stripe_account()
    if account is None:
        raise NotFoundError("nothing is paid for here: this system has no account at Stripe")
    return StripeMetering(account)


def gateway_of(account: StripeAccount) -> "Stripe":
    from optiq.billing.gateways.stripe_client import StripeGateway

    return StripeGateway(account)
