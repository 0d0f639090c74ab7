"""Every minute: sends the notifications that are due. A second firing finds nothing to send."""

from typing import Any

from optiq.notifications import api as notifications

_LAST_SEND_MS = 60_000
"""A receiver that does not answer takes a quarter of that."""


def handler(_: dict[str, Any], context: Any) -> dict[str, int]:
    due = notifications.send_due(lambda: bool(context.get_remaining_time_in_millis() < _LAST_SEND_MS))
    return {"due": due}
