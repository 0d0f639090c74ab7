"""Sends the mails that contexts request."""

from collections.abc import Mapping
from typing import Any

from optiq.events import api as events
from optiq.mail.contracts import MailRequested
from optiq.notifications import api as notifications


def handler(event: Mapping[str, Any], _context: object) -> None:
    """Takes one event of EventBridge. Raises UpstreamError: deliver it again."""
    events.handle(event, "notifications.on_mail_requested", MailRequested, notifications.send_requested)
