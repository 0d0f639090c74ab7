"""Hourly: begins deletions that are due."""

from typing import Any

from optiq.deletion import api as deletion


def handler(_: dict[str, Any], __: object) -> dict[str, int]:
    return {"started": deletion.start_due()}
