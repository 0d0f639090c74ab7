"""Checks the credential of each management request, and passes on the caller with their role.

It is asked for each request, and nothing of its answer is kept outside: it must see the method and the origin of each.
The process caches a secret's record for a minute. It knows neither what a role may do nor any route but the operator's,
so a context is deployed without it: the resolver behind a route requires its permission (optiq.kernel.api_resolver).
"""

from typing import Any

from optiq.identity import api as identity
from optiq.identity.people import api as people
from optiq.identity.people.contracts import Person
from optiq.kernel import operator_key
from optiq.kernel.caller import OPERATOR
from optiq.kernel.clock import system_clock
from optiq.kernel.errors import UnauthenticatedError
from optiq.kernel.http import Event
from optiq.kernel.permissions import ORGANIZATION_KEY
from optiq.kernel.routes import is_operators
from optiq.ports import wiring

from functions.identity.requests import SESSION_COOKIE, bearer, cookie, is_from_our_page

_REFUSED = {"isAuthorized": False}
_NO_SCOPE = "none"
"""The scopes of a key without any. A key without `scopes` would do all that its person may, and a gateway may leave out
an empty value."""


def handler(event: Event, _context: object) -> dict[str, Any]:
    """Answers an HTTP API Lambda authorizer in its simple form."""
    for_operator = is_operators(str(event.get("routeKey", "")))
    secret = bearer(event)
    if secret.startswith(operator_key.PREFIX):
        return _of_operator(secret, for_operator=for_operator)
    if for_operator:
        return _REFUSED
    if not secret:
        secret = cookie(event, SESSION_COOKIE)
        if not secret or not is_from_our_page(event, unsaid=False):
            return _REFUSED
    try:
        return {"isAuthorized": True, "context": _caller(secret)}
    except UnauthenticatedError:
        return _REFUSED


def _of_operator(secret: str, *, for_operator: bool) -> dict[str, Any]:
    """A key of no organization opens the operator's routes alone, a key of one organization all others there."""
    try:
        key = operator_key.read(wiring.platform_secret(), secret, system_clock())
    except UnauthenticatedError:
        return _REFUSED
    if for_operator != (not key.organization_id):
        return _REFUSED
    role = "OWNER" if key.organization_id else ""
    context = {"organization_id": key.organization_id, "credential_id": OPERATOR, "role": role}
    if key.user_id:
        context["staff_id"] = key.user_id
    return {"isAuthorized": True, "context": context}


def _caller(secret: str) -> dict[str, str]:
    """The context for the handler: the caller, and what their permissions follow from. Raises UnauthenticatedError."""
    if people.is_personal(secret):
        return passed_on(people.admit(secret), system_clock())
    key = identity.authenticate_manager(secret)
    return {"organization_id": key.organization_id, "credential_id": key.credential_id, "role": ORGANIZATION_KEY}


def passed_on(person: Person, now_ms: int) -> dict[str, str]:
    """What handlers get of a person; `permissions_of` reads it."""
    membership = person.membership if person.membership and person.membership.is_alive(now_ms) else None
    found = {
        "organization_id": person.organization_id,
        "credential_id": person.credential_id,
        "user_id": person.user_id,
        "digest": person.digest,
        "signed_in_ms": str(person.signed_in_ms),
        "role": membership.role if membership else "",
        "extras": " ".join(sorted(membership.extras_at(now_ms))) if membership else "",
    }
    return found if person.scopes is None else found | {"scopes": " ".join(sorted(person.scopes)) or _NO_SCOPE}
