"""Rollups, made on schedules: a site's numbers by day in the table."""

from collections.abc import Callable

from optiq.kernel.clock import Clock, system_clock
from optiq.reports.rollups.building import ROLLUPS_JOB
from optiq.reports.runs import Made, run_for_all

__all__ = ["roll_up_all", "roll_up_recent"]


def roll_up_recent(*, stop: Callable[[], bool], clock: Clock = system_clock) -> Made:
    """Rolls up what changed, of organizations to which something came in since the last run."""
    return run_for_all(ROLLUPS_JOB, clock, every=False, stop=stop)


def roll_up_all(*, stop: Callable[[], bool], clock: Clock = system_clock) -> Made:
    """Rolls up whatever changed in any organization, such as credits and ad metrics without new events."""
    return run_for_all(ROLLUPS_JOB, clock, every=True, stop=stop)
