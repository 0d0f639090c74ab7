"""Has the lake of an organization copied soon after a person was erased."""

from collections.abc import Mapping
from typing import Any

from optiq.events import api as events
from optiq.privacy.contracts import PersonErased
from optiq.warehouse import api as warehouse


def handler(event: Mapping[str, Any], _context: object) -> None:
    """Takes one event of EventBridge. Raises UpstreamError: deliver it again."""
    events.handle(event, "warehouse.on_person_erased", PersonErased, warehouse.copy_wanted)
