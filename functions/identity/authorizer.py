"""Stands before every management route: turns a Bearer API key into the organization it belongs to."""

from typing import Any

from optiq.identity import api as identity
from optiq.kernel.errors import UnauthenticatedError
from optiq.kernel.http import Event, header


def handler(event: Event, _context: object) -> dict[str, Any]:
    """Answers an HTTP API Lambda authorizer in its simple form."""
    scheme, _, secret = header(event, "authorization").partition(" ")
    try:
        if scheme.lower() != "bearer":
            raise UnauthenticatedError("an API key is needed")
        principal = identity.authenticate_manager(secret.strip())
    except UnauthenticatedError:
        return {"isAuthorized": False}
    return {
        "isAuthorized": True,
        "context": {"organization_id": principal.organization_id, "credential_id": principal.credential_id},
    }
