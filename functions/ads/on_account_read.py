"""Says which campaigns visits came from, right after the first days of an account were read."""

from collections.abc import Mapping
from typing import Any

from optiq.ads.resolution import api as resolution
from optiq.ads.sync.contracts import AdAccountRead
from optiq.events import api as events


def handler(event: Mapping[str, Any], _context: object) -> None:
    """Takes one event of EventBridge. Raises UpstreamError: deliver it again."""
    events.handle(event, "ads.on_account_read", AdAccountRead, resolution.resolve_after_reading)
