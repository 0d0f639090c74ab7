"""The retention context: how long which data is kept, and the night's sweep that ends it."""

from collections.abc import Callable

from optiq.kernel.clock import Clock, system_clock
from optiq.retention.classes import CLASSES
from optiq.retention.contracts import Swept
from optiq.retention.mapping import data_map
from optiq.retention.settings import get_retention, set_retention

__all__ = ["CLASSES", "data_map", "get_retention", "set_retention", "sweep"]


def sweep(*, stop: Callable[[], bool], clock: Clock = system_clock) -> Swept:
    """Removes what has had its time, as `sweeping.sweep`. Raises UpstreamError."""
    # Who only reads or sets the days need not load what reads the lake.
    from optiq.retention import sweeping

    return sweeping.sweep(stop=stop, clock=clock)
