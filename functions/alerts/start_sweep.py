"""Every quarter of an hour: begins a sweep of all alert rules."""

from typing import Any

from optiq.alerts.sweeping import api as sweeping


def handler(_: dict[str, Any], __: object) -> None:
    sweeping.start_sweep()
