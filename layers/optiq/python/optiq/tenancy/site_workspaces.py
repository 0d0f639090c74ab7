"""Which workspace a site is in, as far as who asks may know: a secret one is not there for who is not in it.

The site itself is: what of it may be read and changed is a matter of permissions.
"""

from collections.abc import Sequence
from dataclasses import replace

from optiq.kernel.caller import Caller
from optiq.kernel.errors import ForbiddenError
from optiq.tenancy.contracts import Site, SiteChange
from optiq.tenancy.groups import api as groups
from optiq.tenancy.records import SiteRecord


def as_seen(by: Caller, sites: Sequence[Site]) -> list[Site]:
    """The sites, in no workspace where it is hidden from the caller."""
    hidden = groups.hidden_workspaces(by) if any(site.workspace_id for site in sites) else frozenset()
    return [replace(site, workspace_id=None) if site.workspace_id in hidden else site for site in sites]


def checked_move(by: Caller, site_id: str, changes: SiteChange) -> SiteChange:
    """The changes to make: for who sees a site in no workspace, null is no change.

    Raises:
        NotFoundError: there is no such site or workspace. ConflictError: the workspace is archived.
        ForbiddenError: the site would be taken from a workspace that is hidden from the caller.
    """
    if "workspace_id" not in changes:
        return changes
    wanted = changes["workspace_id"]
    if wanted is not None:
        groups.require_open_workspace(by, wanted)
    site = SiteRecord.read(by.organization_id, site_id).contract()
    if as_seen(by, [site]) == [site]:
        return changes
    if wanted is not None:
        raise ForbiddenError("workspace_id: the site is in a workspace that you may not see")
    stays = changes.copy()
    del stays["workspace_id"]
    return stays
