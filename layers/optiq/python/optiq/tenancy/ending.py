"""Organizations, workspaces and sites that are being deleted say so until they are gone."""

from dataclasses import replace
from typing import Literal

from optiq.kernel.caller import Caller
from optiq.store.api import Transaction
from optiq.tenancy import known_sites
from optiq.tenancy.contracts import Organization, Site, Workspace
from optiq.tenancy.stores import ORGANIZATIONS, SITES, WORKSPACES

Deletable = Site | Workspace | Organization
Kind = Literal["SITE", "WORKSPACE", "ORGANIZATION"]


def deletable(caller: Caller, kind: Kind, target_id: str) -> Deletable:
    """What the caller's organization may delete, as it is now. Raises NotFoundError."""
    if kind == "SITE":
        return SITES.get(caller, target_id)
    if kind == "WORKSPACE":
        return WORKSPACES.get(caller, target_id)
    if target_id != caller.organization_id:
        raise ORGANIZATIONS.unknown()
    return ORGANIZATIONS.get(caller)


def mark_site(caller: Caller, site: Site, due_ms: int | None) -> None:
    """Says when a site is deleted, from when on it takes no events; or, with None, that it stays.

    Raises VersionError: it was changed just then.
    """
    action = f"site.{_verb(due_ms)}"
    SITES.changing(caller, site, replace(site, deletion_due_ms=due_ms), action=action)[1].commit()
    known_sites.forget(site)


def marking(caller: Caller, found: Workspace | Organization, due_ms: int | None) -> Transaction:
    """What says when it is deleted; or, with None, that it stays."""
    verb = _verb(due_ms)
    if isinstance(found, Workspace):
        return WORKSPACES.changing(caller, found, replace(found, deletion_due_ms=due_ms), action=f"workspace.{verb}")[1]
    action = f"organization.{verb}"
    return ORGANIZATIONS.changing(caller, found, replace(found, deletion_due_ms=due_ms), action=action)[1]


def _verb(due_ms: int | None) -> str:
    return "deletion_cancelled" if due_ms is None else "deletion_planned"


def sites_of(organization_id: str, workspace_id: str = "") -> list[Site]:
    """All sites of an organization, or those of a workspace of it, of whatever status."""
    found = SITES.all_of(organization_id)
    return [site for site in found if not workspace_id or site.workspace_id == workspace_id]
