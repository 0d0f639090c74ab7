"""Tells people of alerts."""

from collections.abc import Mapping
from typing import Any

from optiq.alerts.contracts import AlertNoticed
from optiq.alerts.telling import api as telling
from optiq.events import api as events


def handler(event: Mapping[str, Any], _context: object) -> None:
    """Takes one event of EventBridge. Raises UpstreamError: deliver it again."""
    events.handle(event, "alerts.on_alert_noticed", AlertNoticed, telling.tell)
