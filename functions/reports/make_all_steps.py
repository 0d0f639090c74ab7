"""Every night: makes every day of steps, every rollup, and every saved funnel, of which something changed.

A second firing finds nothing to make.
"""

from dataclasses import asdict
from typing import Any

from optiq.reports.behaviour import api as behaviour
from optiq.reports.rollups import api as rollups
from optiq.reports.steps import api as steps

_LAST_DAY_MS = 120_000
"""A day takes less than that."""


def handler(_: dict[str, Any], context: Any) -> dict[str, dict[str, int]]:
    def stop() -> bool:
        return bool(context.get_remaining_time_in_millis() < _LAST_DAY_MS)

    return {
        "steps": asdict(steps.make_all_days(stop=stop)),
        "rollups": asdict(rollups.roll_up_all(stop=stop)),
        "funnels": asdict(behaviour.store_saved_funnels(stop=stop)),
    }
