"""Keeps the lake in order while the system runs, sooner than the schedules do.

A batch of live events is a file for each table and day, and is handled within a tenth of a second: that keeps what is
stored fresh, and makes thirty files a second. They are merged seconds later, long before the hourly run. What came in
is made steps, and rolled up, half a minute later.
"""

import logging
import threading
import time
from collections.abc import Callable

from optiq.kernel.clock import system_clock

_LOG = logging.getLogger(__name__)
PAUSE_SECONDS = 5.0
STEPS_PAUSE_SECONDS = 30.0
ROLLUPS_PAUSE_SECONDS = 20.0
FUNNELS_PAUSE_SECONDS = 600.0
_SHARE = 5
"""Of a processor each takes a fifth at most, however many organizations there are; unless it would pause for longer
than this."""
_LONGEST_PAUSE_SECONDS = 60.0


def keep_lake_compact(stop: threading.Event) -> None:
    """Runs until told to stop; trouble is logged, and met again at the next run."""
    from optiq.operations import api as operations

    _keep(stop, PAUSE_SECONDS, lambda: operations.compact_recent_days(system_clock()), "small files were not merged")


def keep_steps_recent(stop: threading.Event) -> None:
    """As above."""
    from optiq.reports.steps import api as steps

    _keep(stop, STEPS_PAUSE_SECONDS, lambda: steps.make_recent_days(stop=stop.is_set), "steps were not made")


def keep_rollups_recent(stop: threading.Event) -> None:
    """As above. It looks at everything: on one machine a listing of files costs nothing."""
    from optiq.reports.rollups import api as rollups

    _keep(stop, ROLLUPS_PAUSE_SECONDS, lambda: rollups.roll_up_all(stop=stop.is_set), "rollups were not made")


def keep_funnels_stored(stop: threading.Event) -> None:
    """As above. An answer works out by itself what came in since."""
    from optiq.reports.behaviour import api as behaviour

    _keep(
        stop,
        FUNNELS_PAUSE_SECONDS,
        lambda: behaviour.store_saved_funnels(stop=stop.is_set),
        "saved funnels were not stored",
    )


def _keep(stop: threading.Event, pause_seconds: float, act: Callable[[], object], failure: str) -> None:
    pause = pause_seconds
    while not stop.wait(pause):
        started = time.monotonic()
        try:
            act()
        except Exception:  # noqa: BLE001 - a dead thread would let the files pile up unseen
            _LOG.exception("the lake's %s", failure)
        pause = max(pause_seconds, min(_LONGEST_PAUSE_SECONDS, (time.monotonic() - started) * (_SHARE - 1)))
