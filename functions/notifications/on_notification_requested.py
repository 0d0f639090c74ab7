"""Notifies people of what contexts ask for, each on the channels that they chose."""

from collections.abc import Mapping
from typing import Any

from optiq.events import api as events
from optiq.notifications import api as notifications
from optiq.notifications.contracts import NotificationRequested


def handler(event: Mapping[str, Any], _context: object) -> None:
    """Takes one event of EventBridge. Raises UpstreamError: deliver it again."""
    events.handle(event, "notifications.on_notification_requested", NotificationRequested, notifications.notify)
