"""Behaviour: funnels, retention and paths, of events in `steps`."""

from collections.abc import Callable

from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.reports.behaviour import followed, funnels, people, retentions
from optiq.reports.behaviour.contracts import (
    FunnelAnswer,
    FunnelAsk,
    FunnelPeople,
    FunnelPeopleAsk,
    PathsAnswer,
    PathsAsk,
    RetentionAnswer,
    RetentionAsk,
)
from optiq.reports.behaviour.funnel import BreakdownAt, Order
from optiq.reports.behaviour.retention_sql import Mode
from optiq.reports.runs import Made
from optiq.reports.site_clock import Bucket

__all__ = [
    "BreakdownAt",
    "Bucket",
    "Mode",
    "Order",
    "funnel",
    "funnel_people",
    "paths",
    "retention",
    "store_saved_funnels",
]


def funnel(caller: Caller, site_id: str, ask: FunnelAsk, *, clock: Clock = system_clock) -> FunnelAnswer:
    """
    Raises:
        NotFoundError: there is no such site. UpstreamError: the lake cannot be read.
        InvalidError: a funnel that cannot be; the message begins with the field's name.
    """
    return funnels.ask_funnel(caller, site_id, ask, clock)


def store_saved_funnels(*, stop: Callable[[], bool], clock: Clock = system_clock) -> Made:
    """Stores the attempts of saved funnels as far as they changed, so that their answers need no long way."""
    # It writes Parquet; whoever asks need not load what that takes.
    from optiq.reports.behaviour import storing

    return storing.store_all(stop=stop, clock=clock)


def funnel_people(
    caller: Caller,
    site_id: str,
    ask: FunnelPeopleAsk,
    *,
    limit: int = 50,
    cursor: str | None = None,
    clock: Clock = system_clock,
) -> FunnelPeople:
    """A page of the units behind a step. Raises as `funnel`; InvalidError also for another list's cursor."""
    return people.ask_people(caller, site_id, ask, limit, cursor, clock)


def retention(caller: Caller, site_id: str, ask: RetentionAsk, *, clock: Clock = system_clock) -> RetentionAnswer:
    """Raises as `funnel`."""
    return retentions.ask_retention(caller, site_id, ask, clock)


def paths(caller: Caller, site_id: str, ask: PathsAsk, *, clock: Clock = system_clock) -> PathsAnswer:
    """Raises as `funnel`."""
    return followed.ask_paths(caller, site_id, ask, clock)
