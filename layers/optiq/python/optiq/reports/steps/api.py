"""The days of `steps`, made on schedules."""

from collections.abc import Callable

from optiq.kernel.clock import Clock, system_clock
from optiq.reports.runs import Made, run_for_all
from optiq.reports.steps.building import STEPS_JOB

__all__ = ["make_all_days", "make_recent_days"]


def make_recent_days(*, stop: Callable[[], bool], clock: Clock = system_clock) -> Made:
    """Makes the days that changed, of organizations to which something came in since the last run."""
    return run_for_all(STEPS_JOB, clock, every=False, stop=stop)


def make_all_days(*, stop: Callable[[], bool], clock: Clock = system_clock) -> Made:
    """Makes every day that changed in any way."""
    return run_for_all(STEPS_JOB, clock, every=True, stop=stop)
