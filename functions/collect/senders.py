"""Servers, known by their ingestion token."""

from optiq.collect import api as collect
from optiq.collect.contracts import Delivery, Sender
from optiq.identity import api as identity
from optiq.kernel.errors import ForbiddenError, UnauthenticatedError


def sender_of(write_key: str, delivery: Delivery) -> Sender:
    """Whose events these are; a request that is refused is kept.

    Raises:
        UnauthenticatedError: the key is unknown, revoked or expired.
        ForbiddenError: it may not send, or not from this address.
    """
    try:
        token = identity.authenticate_sender(write_key)
    except UnauthenticatedError as error:
        collect.refuse(delivery, error)
        raise
    try:
        identity.check_sender(token, delivery.ip)
    except ForbiddenError as error:
        # Not counted as a use of the token.
        collect.refuse(delivery, error, Sender(token.organization_id, token.site_id, trusted_clock=True))
        raise
    return Sender(
        token.organization_id,
        token.site_id,
        trusted_clock=True,
        token_id=token.credential_id,
        may_import="import" in token.scopes,
    )
