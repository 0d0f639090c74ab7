"""Servers, known by their ingestion token."""

from optiq.collect import api as collect
from optiq.collect.contracts import Delivery, Sender
from optiq.identity import api as identity
from optiq.kernel.errors import UnauthenticatedError


def sender_of(write_key: str, delivery: Delivery) -> Sender:
    """Whose events these are. Raises UnauthenticatedError for a key that is not known; the request is kept."""
    try:
        principal = identity.authenticate_sender(write_key)
    except UnauthenticatedError as error:
        collect.refuse(delivery, error)
        raise
    return Sender(principal.organization_id, principal.site_id, trusted_clock=True)
