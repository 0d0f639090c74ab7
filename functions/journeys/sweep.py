"""Every night: records which journeys are abandoned. A second firing finds nothing left to record."""

from dataclasses import asdict
from typing import Any

from optiq.journeys import api as journeys


def handler(_: dict[str, Any], __: object) -> dict[str, int]:
    return asdict(journeys.sweep_journeys())
