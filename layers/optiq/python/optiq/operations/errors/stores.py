"""Groups of errors in the table."""

from optiq.kernel.keys import Key, site_partition
from optiq.operations.errors.contracts import Issue, State
from optiq.store.api import Store


def _key(organization_id: str, issue_id: str) -> Key:
    return Key(f"ORG#{organization_id}#ISSUES", f"ISSUE#{issue_id}")


def listed_in(organization_id: str, site_id: str, status: State) -> str:
    """The index partition of a project's groups."""
    begin = site_partition(organization_id, site_id) if site_id else f"ORG#{organization_id}"
    return f"{begin}#ISSUES#{status}"


def _listed(issue: Issue) -> tuple[str, str]:
    position = f"{issue.last_seen_ms:015d}#{issue.issue_id}"
    return listed_in(issue.organization_id, issue.site_id, issue.status), position


ISSUES = Store(Issue, "error", _key, _listed)
