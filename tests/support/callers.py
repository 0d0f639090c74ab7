"""Callers as the authorizer passes them on."""

from typing import Any

from optiq.identity.people.contracts import Person
from optiq.kernel.permissions import ORGANIZATION_KEY, permissions_of

from functions.identity.authorizer import passed_on


def by_key_of(organization_id: str, **more: str) -> dict[str, Any]:
    """An organization's API key, or somebody of it who may do the same, as a request has them."""
    return {"lambda": {"organization_id": organization_id, "role": ORGANIZATION_KEY} | more}


def permissions_at(person: Person, now_ms: int) -> frozenset[str]:
    """What a person may do at an instant."""
    return permissions_of(passed_on(person, now_ms))
