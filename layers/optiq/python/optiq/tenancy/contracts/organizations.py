"""Organizations, which are the tenants."""

from dataclasses import dataclass
from typing import TypedDict


@dataclass(frozen=True, slots=True)
class Organization:
    """A tenant. `currency` is the one its reports are in; a new site has it and `timezone` unless told otherwise.

    No two have the same `slug`; `version` grows by one with every change. `deletion_due_ms` is when it is deleted, or
    None.
    """

    organization_id: str
    name: str
    currency: str
    slug: str = ""
    timezone: str = "UTC"
    logo_url: str = ""
    created_ms: int = 0
    deletion_due_ms: int | None = None
    version: int = 0


class OrganizationChange(TypedDict, total=False):
    """What to change; what is absent stays."""

    name: str
    slug: str
    currency: str
    timezone: str
    logo_url: str
