"""People are notified when an error comes back that somebody had resolved."""

from urllib.parse import urlencode

from optiq.kernel.settings import settings
from optiq.notifications.contracts import Message, NotificationRequested
from optiq.operations.errors.contracts import Issue
from optiq.tenancy.members import api as members

KIND = "error"
NEEDS = "errors:read"


def regression(issue: Issue) -> NotificationRequested | None:
    """What tells the owners of a site that one of its errors is back; None for Optiq's own errors."""
    if not issue.site_id:
        return None
    query = urlencode({"site": issue.site_id, "error": issue.issue_id})
    calls = f"{issue.caller_name} in {issue.source_file}, line {issue.source_line}"
    where = calls if issue.source_file else issue.route
    return NotificationRequested(
        KIND,
        "WARNING",
        issue.issue_id,
        f"REGRESSED {issue.regressions}",
        Message(
            f"An error is back: {title_of(issue)}",
            ("Somebody had resolved it.", *([f"It happens at {where}."] if where else [])),
            action="See the error",
            url=f"{settings().public_url}/console/errors?{query}",
        ),
        user_ids=tuple(members.owners(issue.organization_id)),
        site_id=issue.site_id,
        needs=NEEDS,
        to_channels=True,
    )


def title_of(issue: Issue) -> str:
    """A line such as `ZeroDivisionError: division by zero`."""
    return ": ".join(filter(None, (issue.error_type, issue.message)))[:200] or "An error without a message"
