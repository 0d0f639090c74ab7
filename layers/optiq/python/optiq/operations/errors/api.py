"""Errors: taken in as Sentry's clients report them, grouped, resolved, and what they cost."""

from dataclasses import replace

from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, Clock, system_clock
from optiq.kernel.lake_tables import PLATFORM
from optiq.kernel.paging import Page
from optiq.kernel.settings import settings
from optiq.operations.errors import costs
from optiq.operations.errors.contracts import KEPT_DAYS, ErrorCost, Issue, State
from optiq.operations.errors.grouping import take_in
from optiq.operations.errors.notifying import title_of
from optiq.operations.errors.projects import OWN, Project, address_of
from optiq.operations.errors.receiving import receive
from optiq.operations.errors.stores import ISSUES, listed_in
from optiq.ports import wiring
from optiq.tenancy import api as tenancy

__all__ = [
    "change_issue",
    "cost_of",
    "get_issue",
    "list_issues",
    "own_report_address",
    "receive",
    "report_address",
    "take_in",
    "title_of",
]


def report_address(caller: Caller, site_id: str) -> str:
    """The address (DSN) that a site's programs report errors to. Raises NotFoundError."""
    site = tenancy.get_site(caller.organization_id, site_id)
    return address_of(wiring.platform_secret(), Project(site.organization_id, site.site_id), settings().public_url)


def own_report_address(url: str = "") -> str:
    """The address (DSN) that Optiq's own programs report errors to; `url` is where they reach this Optiq."""
    return address_of(wiring.platform_secret(), OWN, url or settings().public_url)


def list_issues(
    caller: Caller, site_id: str, *, status: State = "OPEN", limit: int = 50, cursor: str | None = None
) -> Page[Issue]:
    """A page of a site's groups of errors, the last seen first; of Optiq's own for staff, with "" as the site.

    Raises NotFoundError; InvalidError for another list's cursor.
    """
    _require_project(caller, site_id)
    return ISSUES.page(listed_in(caller.organization_id, site_id, status), limit, cursor)


def get_issue(caller: Caller, site_id: str, issue_id: str, *, clock: Clock = system_clock) -> Issue:
    """One group with its last occurrences. Raises NotFoundError."""
    _require_project(caller, site_id)
    found = ISSUES.get(caller, issue_id)
    kept_from_ms = clock() - KEPT_DAYS * DAY_MS
    if found.site_id != site_id or found.last_seen_ms <= kept_from_ms:
        raise ISSUES.unknown()
    return replace(found, recent=tuple(one for one in found.recent if one.occurred_ms > kept_from_ms))


def change_issue(
    caller: Caller,
    site_id: str,
    issue_id: str,
    *,
    status: State,
    expected_version: int | None = None,
    clock: Clock = system_clock,
) -> Issue:
    """Resolves a group, or opens it again. Raises NotFoundError; VersionError when it happened again just then."""
    before = get_issue(caller, site_id, issue_id, clock=clock)
    if status == before.status:
        ISSUES.require_version(before, expected_version)
        return before
    resolved = status == "RESOLVED"
    after = replace(
        before,
        status=status,
        regressed=False,
        resolved_ms=clock() if resolved else None,
        resolved_by=caller.actor if resolved else "",
    )
    return ISSUES.change(caller, before, after, expected_version, clock)


def cost_of(caller: Caller, site_id: str, issue_id: str, *, clock: Clock = system_clock) -> ErrorCost:
    """What a group of errors cost the site. Raises NotFoundError; UpstreamError: the lake does not answer."""
    issue = get_issue(caller, site_id, issue_id, clock=clock)
    return costs.cost_of(tenancy.get_site(caller.organization_id, site_id), issue)


def _require_project(caller: Caller, site_id: str) -> None:
    """Raises NotFoundError unless the site is the caller's; Optiq's own errors are for staff."""
    if site_id or caller.organization_id != PLATFORM:
        tenancy.get_site(caller.organization_id, site_id)
