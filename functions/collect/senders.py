"""Servers, known by their ingestion token."""

import base64
import binascii
from urllib.parse import parse_qs

from optiq.collect import api as collect
from optiq.collect.contracts import Delivery, Sender
from optiq.identity import api as identity
from optiq.kernel.errors import ForbiddenError, UnauthenticatedError
from optiq.kernel.http import Event, header


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


def basic_user(event: Event) -> str:
    """The user name of HTTP Basic; Segment leaves the password empty."""
    scheme, _, value = header(event, "authorization").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value, validate=True).decode("ascii").partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def api_secret(event: Event) -> str:
    """The key in the address, as the Measurement Protocol has it."""
    return parse_qs(str(event.get("rawQueryString", ""))).get("api_secret", [""])[0]


def known_organization(event: Event) -> str:
    """Whose request it is, by a secret key outside its body that this process knows; "" where it is not known.

    Nothing is read. A public key names nobody here: anybody can send with it.
    """
    key = basic_user(event) or api_secret(event)
    return identity.known_organization(key, event["requestContext"]["http"]["sourceIp"]) if key else ""
