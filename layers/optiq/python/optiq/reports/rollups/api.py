"""Rollups, made on schedules: a site's numbers by day in the table."""

from collections.abc import Callable

from optiq.kernel.clock import Clock, system_clock
from optiq.ports import wiring
from optiq.reports.kept import Kept, keep, kept_of
from optiq.reports.rollups.building import ROLLUPS_JOB
from optiq.reports.rollups.planning import fold_before
from optiq.reports.runs import Made, run_for_all
from optiq.tenancy import api as tenancy

__all__ = ["keep_totals_before", "roll_up_all", "roll_up_recent"]


def keep_totals_before(organization_id: str, day: str) -> None:
    """Totals of the days before this one stay as they are, whatever becomes of their events.

    To be called before the first of these events is removed. Raises UpstreamError: the lake does not answer.
    """
    if day > kept_of(organization_id).day:
        sites = tenancy.sites_of(organization_id)
        keep(organization_id, Kept(day, fold_before(wiring.lake(), organization_id, sites, day)))


def roll_up_recent(*, stop: Callable[[], bool], clock: Clock = system_clock) -> Made:
    """Rolls up what changed, of organizations to which something came in since the last run."""
    return run_for_all(ROLLUPS_JOB, clock, every=False, stop=stop)


def roll_up_all(*, stop: Callable[[], bool], clock: Clock = system_clock) -> Made:
    """Rolls up whatever changed in any organization, such as credits and ad metrics without new events."""
    return run_for_all(ROLLUPS_JOB, clock, every=True, stop=stop)
