"""Hourly: removes what has had its time. Each organization is swept once a day."""

from dataclasses import asdict
from typing import Any

from optiq.retention import api as retention

_LAST_TABLE_MS = 60_000
"""An organization's table takes less than that."""


def handler(_: dict[str, Any], context: Any) -> dict[str, Any]:
    return asdict(retention.sweep(stop=lambda: bool(context.get_remaining_time_in_millis() < _LAST_TABLE_MS)))
