"""Stands before every management route: turns an API key or a session into whose it is.

It is asked for each request, and nothing of its answer is kept outside: it must see the method and the origin of each.
What the table said of a secret is kept in the process for a minute.
"""

from typing import Any

from optiq.identity import api as identity
from optiq.identity.people import api as people
from optiq.identity.people.contracts import Person
from optiq.kernel.errors import UnauthenticatedError
from optiq.kernel.http import Event

from functions.identity.requests import SESSION_COOKIE, bearer, cookie, is_from_our_page


def handler(event: Event, _context: object) -> dict[str, Any]:
    """Answers an HTTP API Lambda authorizer in its simple form."""
    secret = bearer(event)
    if not secret:
        secret = cookie(event, SESSION_COOKIE)
        if not secret or not is_from_our_page(event, unsaid=False):
            return {"isAuthorized": False}
    try:
        return {"isAuthorized": True, "context": _context_of(secret)}
    except UnauthenticatedError:
        return {"isAuthorized": False}


def _context_of(secret: str) -> dict[str, str]:
    """What the handler behind is told. Raises UnauthenticatedError."""
    if people.is_personal(secret):
        return _of_person(people.admit(secret))
    principal = identity.authenticate_manager(secret)
    return {"organization_id": principal.organization_id, "credential_id": principal.credential_id}


def _of_person(person: Person) -> dict[str, str]:
    said = {
        "organization_id": person.organization_id,
        "credential_id": person.credential_id,
        "user_id": person.user_id,
        "digest": person.digest,
        "signed_in_ms": str(person.signed_in_ms),
    }
    return said if person.scopes is None else said | {"scopes": " ".join(sorted(person.scopes))}
