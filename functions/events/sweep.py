"""Every hour: hands on the events that still wait."""

from typing import Any

from optiq.events import api as events


def handler(_: dict[str, Any], __: object) -> dict[str, int]:
    return {"handed_on": events.hand_on_waiting()}
