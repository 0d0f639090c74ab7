"""Task of statemachines/attribution_recompute.asl.json: a day's plan → {"conversions", "changed"}."""

from dataclasses import asdict
from typing import Any

from optiq.attribution import api
from optiq.attribution.contracts import DayPlan


def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    return asdict(api.recompute_day(DayPlan(**event)))
