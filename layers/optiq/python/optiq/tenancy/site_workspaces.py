"""The workspace that a site is in, as far as the caller may know: a secret one is hidden from those not in it.

The site itself is not hidden: permissions say what of it may be read and changed.
"""

from collections.abc import Collection
from dataclasses import replace

from optiq.kernel.caller import Caller
from optiq.kernel.errors import ForbiddenError
from optiq.tenancy.contracts import Site, SiteChange
from optiq.tenancy.groups import api as groups


def shown(site: Site, hidden: Collection[str]) -> Site:
    """The site, in no workspace where that is among the hidden ones."""
    return replace(site, workspace_id=None) if site.workspace_id in hidden else site


def as_seen(caller: Caller, site: Site) -> Site:
    """The site, in no workspace where that is hidden from the caller."""
    return shown(site, groups.hidden_workspaces(caller)) if site.workspace_id else site


def checked_move(caller: Caller, site: Site, changes: SiteChange) -> SiteChange:
    """The changes to make: from a caller who sees the site in no workspace, null is no change.

    Raises:
        NotFoundError: there is no such workspace. ConflictError: it is archived.
        ForbiddenError: the site would leave a workspace that is hidden from the caller.
    """
    if "workspace_id" not in changes:
        return changes
    wanted = changes["workspace_id"]
    if wanted is not None:
        groups.require_open_workspace(caller, wanted)
    if as_seen(caller, site) == site:
        return changes
    if wanted is not None:
        raise ForbiddenError("workspace_id: the site is in a workspace that you may not see")
    stays = changes.copy()
    del stays["workspace_id"]
    return stays
