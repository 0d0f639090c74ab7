"""People are notified when an error comes back that somebody had resolved."""

from urllib.parse import urlencode

from optiq.kernel.settings import settings
from optiq.notifications.contracts import Message, NotificationRequested
from optiq.operations.errors.contracts import Issue
from optiq.operators.staff import api as staff
from optiq.tenancy.members import api as members

KIND = "error"
NEEDS = "errors:read"


def regression(issue: Issue) -> NotificationRequested:
    """What tells people that an error is back: the owners of its site; of Optiq's own errors, staff."""
    query = urlencode({"site": issue.site_id, "error": issue.issue_id} if issue.site_id else {"error": issue.issue_id})
    page = "errors" if issue.site_id else "system-errors"
    # What an error says may be a stranger's words, as its site's address for errors is public: none is a subject.
    calls = f"{issue.caller_name} in {issue.source_file}, line {issue.source_line}"
    where = calls if issue.source_file else issue.route
    return NotificationRequested(
        KIND,
        "WARNING",
        issue.issue_id,
        f"REGRESSED {issue.regressions}",
        Message(
            "An error is back",
            (title_of(issue), "Somebody had resolved it.", *([f"It happens at {where}."] if where else [])),
            action="See the error",
            url=f"{settings().public_url}/console/{page}?{query}",
        ),
        user_ids=tuple(members.owners(issue.organization_id)) if issue.site_id else (),
        addresses=() if issue.site_id else staff.addresses(),
        site_id=issue.site_id,
        needs=NEEDS if issue.site_id else "",
        to_channels=bool(issue.site_id),
    )


def title_of(issue: Issue) -> str:
    """A line such as `ZeroDivisionError: division by zero`."""
    return ": ".join(filter(None, (issue.error_type, issue.message)))[:200] or "An error without a message"
