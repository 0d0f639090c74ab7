"""A call of Stripe's API, and what its errors are here. Only this package imports `stripe`."""

from collections.abc import Callable
from typing import Any, TypeVar

import stripe
from pydantic import BaseModel, TypeAdapter

from optiq.billing.gateways.account import StripeAccount
from optiq.billing.gateways.models import StripeObject
from optiq.kernel.errors import ConflictError, PaymentRequiredError, UpstreamError

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)
_NOT_FOUND = 404
_RETRIES = 2
_TIMEOUT_SECONDS = 10
_OBJECT: TypeAdapter[StripeObject] = TypeAdapter(StripeObject)


def connect(account: StripeAccount) -> stripe.StripeClient:
    return stripe.StripeClient(
        account.secret_key,
        base_addresses={"api": account.api},
        max_network_retries=_RETRIES,
        http_client=stripe.RequestsClient(timeout=_TIMEOUT_SECONDS),
    )


def asked(call: Callable[[], T]) -> T:
    """What a call answers.

    Raises:
        PaymentRequiredError: the card was not charged; nothing changed.
        ConflictError: Stripe refuses it: the object is not in a state for it.
        UpstreamError: Stripe does not answer, or wants to be asked more slowly; the same may succeed later.
    """
    try:
        return call()
    except stripe.CardError as error:
        raise PaymentRequiredError(f"the card was not charged, and nothing changed: {error.user_message}") from error
    except (stripe.InvalidRequestError, stripe.IdempotencyError) as error:
        raise ConflictError(f"Stripe refuses this: {error.user_message or error.code}") from error
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        raise UpstreamError("Stripe does not accept our key", retryable=True) from error
    except stripe.StripeError as error:
        raise UpstreamError(f"Stripe does not answer: {type(error).__name__}", retryable=True) from error


def asked_or_none(call: Callable[[], T]) -> T | None:
    """As `asked`; None for an object that there is not."""
    try:
        return asked(call)
    except ConflictError as error:
        cause = error.__cause__
        if isinstance(cause, stripe.InvalidRequestError) and cause.http_status == _NOT_FOUND:
            return None
        raise


def once(call: Callable[[str], T], key: str, find: Callable[[], T | None] = lambda: None) -> T:
    """A call that counts once for its key. A key repeats its first answer, a failure too: that is tried by another.

    Args:
        find: looks for what the failed call may have made all the same, where two of it would be wrong.
    """
    try:
        return asked(lambda: call(key))
    except UpstreamError as error:
        if not isinstance(error.__cause__, stripe.APIError):
            raise
        return find() or asked(lambda: call(f"{key}:2"))


def read(kind: type[M], found: Any) -> M:
    """An object of the package as one of ours."""
    return kind.model_validate(found.to_dict())


def read_any(found: Any) -> StripeObject:
    return _OBJECT.validate_python(found.to_dict())
