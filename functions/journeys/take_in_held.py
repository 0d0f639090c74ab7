"""Every minute: takes in events that were held, once their organization has room for them."""

from typing import Any

from optiq.journeys import api as journeys

_LAST_BATCH_MS = 60_000
"""One batch takes less than that."""


def handler(_: dict[str, Any], context: Any) -> dict[str, int]:
    taken = journeys.take_in_held(stop=lambda: bool(context.get_remaining_time_in_millis() < _LAST_BATCH_MS))
    return {"taken": taken}
