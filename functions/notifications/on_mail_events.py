"""What SES reports of our mails through EventBridge: deliveries, bounces for good, complaints, refusals, readings."""

from collections.abc import Mapping
from typing import Any

from optiq.notifications import api as notifications
from optiq.notifications.contracts import State
from optiq.ports.mail_ses import MAIL_ID_TAG, ORGANIZATION_TAG


def handler(event: Mapping[str, Any], _context: object) -> None:
    """Takes one event (https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html)."""
    detail = event.get("detail") or {}
    mail_id, organization_id = _tag(detail, MAIL_ID_TAG), _tag(detail, ORGANIZATION_TAG)
    if not mail_id:
        return
    if outcome := _outcome(detail):
        notifications.record_outcome(mail_id, *outcome, organization_id=organization_id)
    elif detail.get("eventType") in ("Open", "Click"):
        clicked = detail["eventType"] == "Click"
        notifications.record_reading(mail_id, clicked=clicked, organization_id=organization_id)


def _outcome(detail: Mapping[str, Any]) -> tuple[State, str] | None:
    """What became of the mail, and why. A bounce that may pass (a full mailbox) is left: SES goes on trying."""
    kind = detail.get("eventType")
    if kind == "Delivery":
        return "DELIVERED", ""
    if kind == "Bounce" and detail.get("bounce", {}).get("bounceType") == "Permanent":
        return "BOUNCED", f"bounced: {detail['bounce'].get('bounceSubType', 'unknown')}"
    if kind == "Complaint":
        return "COMPLAINED", f"complaint: {detail.get('complaint', {}).get('complaintFeedbackType') or 'unwanted'}"
    if kind == "Reject":
        return "FAILED", f"refused by the carrier: {detail.get('reject', {}).get('reason', 'unknown')}"
    return None


def _tag(detail: Mapping[str, Any], name: str) -> str:
    (value,) = (detail.get("mail", {}).get("tags", {}).get(name) or [""])[:1]
    return str(value)
