"""Which workspace used what: events are counted by site, and a site is in one workspace at most."""

from collections import Counter
from collections.abc import Mapping
from typing import Literal

from optiq.billing.usage.contracts import WorkspaceUsage
from optiq.kernel.caller import Caller
from optiq.tenancy import api as tenancy

_STATUSES: tuple[Literal["ACTIVE", "ARCHIVED"], ...] = ("ACTIVE", "ARCHIVED")
Workspaces = Mapping[str, str]
"""The workspace of each site that is in one that the caller may see."""


def workspaces_of(caller: Caller) -> Workspaces:
    """Of all sites of the caller's organization."""
    found: dict[str, str] = {}
    for status in _STATUSES:
        cursor: str | None = None
        while True:
            page = tenancy.list_sites(caller, status=status, cursor=cursor)
            found |= {site.site_id: site.workspace_id for site in page.items if site.workspace_id}
            cursor = page.cursor
            if cursor is None:
                break
    return found


def by_workspace(sites: Mapping[str, int], workspaces: Workspaces) -> tuple[WorkspaceUsage, ...]:
    """The most events first; the sum is that of the sites."""
    events = Counter[str]()
    for site_id, counted in sites.items():
        events[workspaces.get(site_id, "")] += counted
    ordered = sorted(events.items(), key=lambda one: (-one[1], one[0]))
    return tuple(WorkspaceUsage(workspace_id, counted) for workspace_id, counted in ordered)
