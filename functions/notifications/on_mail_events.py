"""What SES reports of our mails through EventBridge: deliveries, bounces for good, and complaints."""

from collections.abc import Mapping
from typing import Any

from optiq.notifications import api as notifications
from optiq.notifications.contracts import MailStatus
from optiq.ports.mail_ses import MAIL_ID_TAG, ORGANIZATION_TAG


def handler(event: Mapping[str, Any], _context: object) -> None:
    """Takes one event (https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html)."""
    detail = event.get("detail") or {}
    mail_id, outcome = _tag(detail, MAIL_ID_TAG), _outcome(detail)
    if mail_id and outcome:
        notifications.record_outcome(mail_id, *outcome, organization_id=_tag(detail, ORGANIZATION_TAG))


def _outcome(detail: Mapping[str, Any]) -> tuple[MailStatus, str] | None:
    """What became of the mail, and why. A bounce that may pass (a full mailbox) is left: SES goes on trying."""
    kind = detail.get("eventType")
    if kind == "Delivery":
        return "DELIVERED", ""
    if kind == "Bounce" and detail.get("bounce", {}).get("bounceType") == "Permanent":
        return "BOUNCED", f"bounced: {detail['bounce'].get('bounceSubType', 'unknown')}"
    if kind == "Complaint":
        return "COMPLAINED", f"complaint: {detail.get('complaint', {}).get('complaintFeedbackType') or 'unwanted'}"
    return None


def _tag(detail: Mapping[str, Any], name: str) -> str:
    (value,) = (detail.get("mail", {}).get("tags", {}).get(name) or [""])[:1]
    return str(value)
