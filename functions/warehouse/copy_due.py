"""Every hour: copies the lakes that are due to their destinations. A second firing finds nothing that changed."""

from dataclasses import asdict
from typing import Any

from optiq.warehouse import api as warehouse

_LAST_DAY_MS = 180_000
"""A day takes less than that."""


def handler(_: dict[str, Any], context: Any) -> dict[str, int]:
    return asdict(warehouse.copy_due(stop=lambda: bool(context.get_remaining_time_in_millis() < _LAST_DAY_MS)))
