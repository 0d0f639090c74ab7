"""Every quarter of an hour: begins a sweep of all alert rules."""

from typing import Any

from optiq.alerts.planning import api as planning


def handler(_: dict[str, Any], __: object) -> None:
    planning.start_sweep()
