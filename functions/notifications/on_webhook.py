"""Sends the facts of contexts to the programs of organizations."""

from collections.abc import Mapping
from typing import Any

from optiq.events import api as events
from optiq.kernel.manifest import webhooks
from optiq.notifications.integrating import api as integrating


def handler(event: Mapping[str, Any], _context: object) -> None:
    """Takes one event of EventBridge. Raises UpstreamError: deliver it again."""
    (fact,) = {one.fact for one in webhooks().values() if one.fact.__name__ == event["detail-type"]}
    events.handle(
        event,
        "notifications.on_webhook",
        fact,
        lambda published, _, now_ms: integrating.publish(published, fact, now_ms),
    )
