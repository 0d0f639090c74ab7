"""What is deleted, and what else says so meanwhile: its sites, which take no events."""

from optiq.billing.subscribing import api as subscribing
from optiq.deletion.contracts import Deletion, Kind
from optiq.kernel.caller import Caller
from optiq.kernel.errors import ConflictError, NotFoundError
from optiq.store.api import Transaction
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import Organization, Site, Workspace

Deletable = Site | Workspace | Organization
_PAYING = ("ACTIVE", "PAST_DUE")


def find(caller: Caller, kind: Kind, target_id: str) -> Deletable:
    """Raises NotFoundError."""
    if kind == "ACCOUNT":
        raise NotFoundError("an account is deleted by its user")
    return tenancy.deletable(caller, kind, target_id)


def marking(caller: Caller, found: Deletable, due_ms: int | None) -> Transaction:
    """What says of a workspace or an organization when it is deleted; sites are marked by themselves (`mark_sites`)."""
    return Transaction() if isinstance(found, Site) else tenancy.marking(caller, found, due_ms)


def require_unpaid(organization_id: str) -> None:
    """Raises ConflictError: a subscription would go on to be paid for nothing."""
    if subscribing.entitlements_of(organization_id).stance in _PAYING:
        raise ConflictError("the organization has a subscription: cancel it first, under Billing")


def site_ids(kind: Kind, organization_id: str, target_id: str) -> tuple[str, ...]:
    """The sites that go: the one, or those of a workspace or an organization."""
    if kind == "SITE":
        return (target_id,)
    if kind == "ACCOUNT":
        return ()
    of_workspace = target_id if kind == "WORKSPACE" else ""
    return tuple(site.site_id for site in tenancy.sites_of(organization_id, of_workspace))


def mark_sites(deletion: Deletion, due_ms: int | None) -> None:
    """Says of each site that goes when it is deleted, or that it stays.

    It may be repeated: the hourly sweep does, so that a stop in between leaves no site open. Raises VersionError.
    """
    caller = Caller.system(deletion.organization_id)
    going = {*site_ids(deletion.kind, deletion.organization_id, deletion.target_id), *deletion.sites}
    for site in tenancy.sites_of(deletion.organization_id):
        if site.site_id in going and site.deletion_due_ms != due_ms:
            tenancy.mark_site(caller, site, due_ms)
