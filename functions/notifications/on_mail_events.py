"""What SES reports of our mails through EventBridge: bounces for good, and complaints."""

from collections.abc import Mapping
from typing import Any

from optiq.notifications import api as notifications
from optiq.ports.mail_ses import MAIL_ID_TAG


def handler(event: Mapping[str, Any], _context: object) -> None:
    """Takes one event (https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html).

    A bounce that may pass (a full mailbox) is left: SES goes on trying.
    """
    detail = event.get("detail") or {}
    (mail_id,) = (detail.get("mail", {}).get("tags", {}).get(MAIL_ID_TAG) or [""])[:1]
    if not mail_id:
        return
    if detail.get("eventType") == "Bounce" and detail.get("bounce", {}).get("bounceType") == "Permanent":
        reason = f"bounced: {detail['bounce'].get('bounceSubType', 'unknown')}"
        notifications.record_outcome(mail_id, "BOUNCED", reason)
    if detail.get("eventType") == "Complaint":
        reason = detail.get("complaint", {}).get("complaintFeedbackType") or "unwanted"
        notifications.record_outcome(mail_id, "COMPLAINED", f"complaint: {reason}")
