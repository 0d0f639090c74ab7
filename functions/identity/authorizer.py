"""Stands before every management route: whose an API key or a session is, and whether they may do what it asks.

It is asked for each request, and nothing of its answer is kept outside: it must see the method and the origin of each.
The process caches a secret's record for a minute. What the route needs is decided here and nowhere
else; who lacks it is told so, by name, where the answer is written (optiq.kernel.api_resolver).
"""

import json
from pathlib import Path
from typing import Any

from optiq.identity import api as identity
from optiq.identity.people import api as people
from optiq.identity.people.contracts import Person
from optiq.kernel import operator_key
from optiq.kernel.caller import OPERATOR
from optiq.kernel.clock import system_clock
from optiq.kernel.errors import UnauthenticatedError
from optiq.kernel.http import Event
from optiq.kernel.permissions import ORGANIZATION_KEY, ROLES
from optiq.kernel.routes import OPERATOR as OPERATORS_ROUTE
from optiq.ports import wiring

from functions.identity.requests import SESSION_COOKIE, bearer, cookie, is_from_our_page

_NEEDS: dict[str, str] = json.loads(Path(__file__).with_name("route_permissions.json").read_text(encoding="utf-8"))
"""The permission each route needs; "" for those that are about the caller, `operator` for the operator's own. Generated
(`make docs`)."""
_REFUSED = {"isAuthorized": False}


def handler(event: Event, _context: object) -> dict[str, Any]:
    """Answers an HTTP API Lambda authorizer in its simple form."""
    needs = _NEEDS.get(event.get("routeKey", ""))
    if needs is None:
        return _REFUSED
    secret = bearer(event)
    if secret.startswith(operator_key.PREFIX):
        return _of_operator(secret, needs)
    if needs == OPERATORS_ROUTE:
        return _REFUSED
    if not secret:
        secret = cookie(event, SESSION_COOKIE)
        if not secret or not is_from_our_page(event, unsaid=False):
            return _REFUSED
    try:
        found, permissions = _caller(secret)
    except UnauthenticatedError:
        return _REFUSED
    missing = {"missing_permission": needs} if needs and needs not in permissions else {}
    return {"isAuthorized": True, "context": found | {"permissions": " ".join(sorted(permissions))} | missing}


def _of_operator(secret: str, needs: str) -> dict[str, Any]:
    """A key of no organization opens the operator's routes alone, a key of one organization all others there."""
    try:
        key = operator_key.read(wiring.platform_secret(), secret, system_clock())
    except UnauthenticatedError:
        return _REFUSED
    if (needs == OPERATORS_ROUTE) != (not key.organization_id):
        return _REFUSED
    context = {"organization_id": key.organization_id, "credential_id": OPERATOR, "role": "OWNER"}
    return {"isAuthorized": True, "context": context | {"permissions": " ".join(sorted(ROLES["OWNER"]))}}


def _caller(secret: str) -> tuple[dict[str, str], frozenset[str]]:
    """The context for the handler: the caller and their permissions. Raises UnauthenticatedError."""
    if people.is_personal(secret):
        person = people.admit(secret)
        return _of_person(person), person.permissions(system_clock())
    key = identity.authenticate_manager(secret)
    found = {"organization_id": key.organization_id, "credential_id": key.credential_id}
    return found | {"role": ORGANIZATION_KEY}, ROLES[ORGANIZATION_KEY]


def _of_person(person: Person) -> dict[str, str]:
    found = {
        "organization_id": person.organization_id,
        "credential_id": person.credential_id,
        "user_id": person.user_id,
        "digest": person.digest,
        "signed_in_ms": str(person.signed_in_ms),
        "role": person.membership.role if person.membership else "",
    }
    return found if person.scopes is None else found | {"scopes": " ".join(sorted(person.scopes))}
